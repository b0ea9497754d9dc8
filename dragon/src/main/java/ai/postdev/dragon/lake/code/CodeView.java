package ai.postdev.dragon.lake.code;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.syntax.Syntax;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The code of a project as of one moment: which documents there are, their texts and what is defined in them. Immutable
 * and safe on any thread. What is derived from a text (its syntax) is found after the text is stored and shows up in
 * every view that has the text, as soon as it is known.
 *
 * <p>Methods that read a text may read the disk, so none of this is for an actor's default dispatcher.
 */
public interface CodeView {
    /** The newest sequence that this view reflects, over all its workspaces; 0 if there is none. */
    long sequence();

    /** The workspaces that ever had a document, in order. */
    List<WorkspaceId> workspaces();

    /** The newest sequence that touched a workspace as of this view; 0 if none did. */
    long sequence(WorkspaceId workspace);

    /** The document at a path. */
    Optional<Document> document(WorkspaceId workspace, String path);

    /** The documents of a workspace in the order of their paths. */
    List<Document> documents(WorkspaceId workspace);

    /** Every document, in the order of workspace and path. */
    List<Document> documents();

    /** The documents with this name of a file, the last part of a path, in the order of workspace and path. */
    List<Document> documentsNamed(String name);

    /** The documents with this content, in the order of workspace and path. */
    List<Document> documents(ContentHash hash);

    /** Every version of a file up to this view, oldest first; empty for a path never seen. */
    List<DocumentVersion> history(WorkspaceId workspace, String path);

    /** This view as it was when {@code sequence} had just been applied. */
    CodeView at(long sequence);

    /** This view as it was at a time, inclusive to the millisecond. */
    CodeView atTime(Instant time);

    /** The UTF-8 text with this hash, of the present or the past; not to be changed. */
    Optional<byte[]> text(ContentHash hash);

    /**
     * Hands out the texts of documents, one after the other in that order, and passes over what is not stored.
     *
     * @return whether {@code visitor} wanted no more before the last one
     */
    boolean texts(List<Document> documents, TextVisitor visitor);

    /** What is defined in the text with this hash; empty while not yet parsed. */
    Optional<Syntax> syntax(ContentHash hash);

    /** The hashes of the chunks of {@link #syntax}, in the same order. */
    List<ContentHash> chunkHashes(ContentHash hash);

    /** Bytes of text that are in memory now, of the present and the past. */
    long textBytesInMemory();

    /** Bytes of the index for exact search. */
    long indexBytes();

    /** How the documents of a workspace stand; cheap. */
    Counts counts(WorkspaceId workspace);

    /** Definitions with exactly this name. */
    List<SymbolHit> symbolsNamed(String name, int limit);

    /** Definitions with this name, whatever the case. */
    List<SymbolHit> symbolsNamedIgnoringCase(String name, int limit);

    /** Definitions whose name starts with this, whatever the case, in the order of the names. */
    List<SymbolHit> symbolsStartingWith(String prefix, int limit);

    /**
     * Definitions that have this word as one part of their name, whatever the case: {@code retry} finds
     * {@code shouldRetryNow} and {@code MAX_RETRY}.
     */
    List<SymbolHit> symbolsWithWord(String word, int limit);

    /**
     * Whether names and chunks are found by an index. A view of the past that lacks one passes over every document for
     * each name or chunk.
     */
    boolean isIndexed();

    /** The places of this view where a chunk with this hash stands now. */
    List<ChunkHit> chunks(ContentHash chunkHash);

    /**
     * Hands out the chunks of the documents of this view, those of the newest and most-touched documents first, until
     * {@code visitor} answers false.
     */
    void chunks(Predicate<ChunkHit> visitor);

    /** The documents of this view, those touched most and last first. */
    void documentsByTouch(Consumer<Document> visitor);

    /**
     * Looks through the texts.
     *
     * @param executor runs the scans; the calling thread takes part, so a full pool slows it down but never stops it
     * @throws InvalidPatternException if the pattern cannot be searched for
     */
    GrepAnswer grep(GrepQuery query, Executor executor) throws InvalidPatternException;

    /**
     * How many documents there are and how far the parser has come.
     *
     * @param bytes of the stored texts
     * @param parsed documents whose syntax is known
     * @param symbols in those
     * @param chunks in those
     */
    record Counts(long documents, long bytes, long parsed, long symbols, long chunks) {}
}
