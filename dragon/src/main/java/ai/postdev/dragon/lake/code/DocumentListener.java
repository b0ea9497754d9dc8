package ai.postdev.dragon.lake.code;

import ai.postdev.dragon.lake.syntax.Syntax;

/**
 * An index beside the code store that is fed by it, such as the index of ranked text. Called by the store's actor only,
 * one call at a time, in the order of the operations; what was told is visible to the index's readers when
 * {@link #refresh} returns, which is before the write is acknowledged.
 */
public interface DocumentListener extends AutoCloseable {
    /**
     * The newest sequence that the listener kept from an earlier run, 0 if it starts empty: when the store starts it is
     * told what changed since, in slices between other work.
     */
    default long sequence() {
        return 0;
    }

    /**
     * A path now holds this document; an earlier one at the same workspace and path is replaced.
     *
     * @param utf8 the document's text; never changed
     */
    void documentPut(Document document, byte[] utf8);

    /**
     * As {@link #documentPut}, of a path that has never held anything before: there is nothing to replace, which spares
     * an index looking for it.
     */
    default void documentFirstPut(Document document, byte[] utf8) {
        documentPut(document, utf8);
    }

    /** A path holds nothing any more. {@code document} is what it held last. */
    void documentRemoved(Document document);

    /** The syntax of a current document became known; told once for each document that has this content. */
    void syntaxFound(Document document, Syntax syntax);

    /** What the listener has yet to be told; told itself after each {@link #refresh}. */
    default void behind(Backlog backlog) {}

    /**
     * Makes everything told so far visible.
     *
     * @param sequence of the last operation told
     */
    void refresh(long sequence);

    /**
     * A first reading is over and everything is told: work that was put off for it may be done now, on threads of the listener's own.
     *
     * @return whether it is under way: then this is called again a little later, to show what has come of it
     */
    default boolean quiet() {
        return false;
    }

    @Override
    void close();
}
