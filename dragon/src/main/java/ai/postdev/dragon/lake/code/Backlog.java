package ai.postdev.dragon.lake.code;

import java.util.List;
import java.util.function.Consumer;

/**
 * The documents that an index has yet to be told of, at one moment: those of a first reading, which are searchable before they are
 * indexed, and after a start those that it missed. Some may have been overtaken by a later change; the code's view decides what
 * exists. Immutable; safe on any thread.
 */
public final class Backlog {
    /** Nothing is left to be told. */
    public static final Backlog NONE = new Backlog(new Document[0], 0, 0);

    // Shared with later backlogs, which only write beyond the end of this one.
    private final Document[] documents;
    private final int from;
    private final int to;

    Backlog(Document[] documents, int from, int to) {
        this.documents = documents;
        this.from = from;
        this.to = to;
    }

    /** A backlog of these documents. */
    public static Backlog of(List<Document> documents) {
        return new Backlog(documents.toArray(Document[]::new), 0, documents.size());
    }

    /** How many documents. */
    public int count() {
        return to - from;
    }

    /** Hands out each, in the order in which the index will be told of them. */
    public void forEach(Consumer<Document> visitor) {
        for (int i = from; i < to; i++) {
            visitor.accept(documents[i]);
        }
    }
}
