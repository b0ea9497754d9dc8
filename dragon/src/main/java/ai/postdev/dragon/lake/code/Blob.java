package ai.postdev.dragon.lake.code;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.dragon.lake.syntax.Syntax;
import java.util.Arrays;
import java.util.List;

/**
 * One content read in one language, shared by every document that has or had it. The same content under names of
 * different languages is read once in each. The engine's owner writes, any thread reads.
 */
final class Blob {
    private static final PathHistory[] NONE = new PathHistory[0];

    /** The syntax of the text and the hashes of its chunks, in their order. */
    record Parsed(Syntax syntax, List<ContentHash> chunkHashes) {
        Parsed {
            chunkHashes = List.copyOf(chunkHashes);
        }
    }

    private final ContentHash hash;
    private final Language language;
    private final long size;
    private final int number;

    /** Where its text is in memory; written by {@link TextSlabs} only. */
    private volatile long place = TextSlabs.NOWHERE;

    private volatile Parsed parsed;
    private volatile PathHistory[] holders = NONE;
    private volatile Blob other;

    /** Whether nobody holds it; only {@link TextSlabs} looks at it. */
    boolean idle;
    /** How many paths hold it now; only the owner's thread looks at it. */
    int current;
    /** Whether it waits for the parser or is with it; only the owner's thread looks at it. */
    boolean queued;
    /** The index that its syntax was added to; only the owner's thread looks at it. */
    SyntaxIndex indexedIn;
    /** Whether it is listed as waiting for the index of grams; only {@link BlobIndex} looks at these three. */
    boolean listed;
    /** Whether it is queued for that index or with it. */
    boolean indexing;
    /** Whether that index cannot take it. */
    boolean unindexed;

    Blob(ContentHash hash, Language language, long size, int number) {
        this.hash = hash;
        this.language = language;
        this.size = size;
        this.number = number;
    }

    /** Contents are numbered from 0 in the order in which they came. */
    int number() {
        return number;
    }

    ContentHash hash() {
        return hash;
    }

    /** The language of the documents that have it. */
    Language language() {
        return language;
    }

    /** The same content in another language; null if there is none, or no more. */
    Blob other() {
        return other;
    }

    void other(Blob newOther) {
        other = newOther;
    }

    long size() {
        return size;
    }

    long place() {
        return place;
    }

    void place(long newPlace) {
        place = newPlace;
    }

    Parsed parsed() {
        return parsed;
    }

    void parsed(Parsed newParsed) {
        parsed = newParsed;
    }

    /** Every path that has or had this content. */
    PathHistory[] holders() {
        return holders;
    }

    void addHolder(PathHistory path) {
        for (PathHistory holder : holders) {
            if (holder == path) {
                return;
            }
        }
        PathHistory[] more = Arrays.copyOf(holders, holders.length + 1);
        more[holders.length] = path;
        holders = more;
    }
}
