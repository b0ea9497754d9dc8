package ai.postdev.dragon.lake.code;

import java.util.List;
import java.util.function.Supplier;

/**
 * The index of symbols and chunks of what documents hold. It grows only, so that older views go on with it; when too much in
 * it belongs to contents that nobody holds any more, a new one takes its place. One thread writes; any may read
 * {@link #index}.
 */
final class HeldSymbols {
    /** Symbols of contents that nobody holds are swept from the index when they are more than these and than half. */
    private static final int STALE_MIN = 10_000;

    private volatile SyntaxIndex index = new SyntaxIndex();
    private long stale;

    /** What is there now. */
    SyntaxIndex index() {
        return index;
    }

    /** A document holds this content, which is parsed, and none did. */
    void held(Blob blob) {
        if (blob.indexedIn == index) {
            stale -= blob.parsed().syntax().symbols().size();
        } else {
            add(blob);
        }
    }

    /** No document holds this content any more. */
    void released(Blob blob) {
        if (blob.indexedIn == index) {
            stale += blob.parsed().syntax().symbols().size();
        }
    }

    /** A content is parsed, which may have been replaced meanwhile: views from before still show it. */
    void parsed(Blob blob) {
        add(blob);
        stale += blob.current > 0 ? 0 : blob.parsed().syntax().symbols().size();
    }

    private void add(Blob blob) {
        blob.indexedIn = index;
        index.add(blob);
    }

    /** Makes a new index of what is held now, if that is worth it; older views keep the old one. */
    void sweep(Supplier<List<Blob>> all) {
        if (stale > STALE_MIN && stale > index.symbols() / 2) {
            index = new SyntaxIndex();
            stale = 0;
            all.get().stream()
                    .filter(blob -> blob.current > 0 && blob.parsed() != null)
                    .forEach(this::add);
        }
    }
}
