package ai.postdev.dragon.lake.vector;

import ai.postdev.actors.op.ContentHash;

/** Knows which contents documents hold. Asked on the vector store's thread; takes a few hash look-ups. */
@FunctionalInterface
public interface Supersession {
    /** The answer of {@link #supersededAt} for content that a document holds. */
    long HELD = Long.MAX_VALUE;

    /** For engines without documents: everything is held. */
    Supersession NONE = _ -> HELD;

    /**
     * When the last document of any workspace let go of a content: a number that grows with time, {@link #HELD} while one
     * holds it, 0 if nothing is known of it.
     */
    long supersededAt(ContentHash content);
}
