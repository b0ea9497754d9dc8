package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;

/** Is handed what a replay finds, origin by origin, each in order. Called on the replaying thread. */
public interface ReplayVisitor {
    /** The next operation. */
    void operation(Operation operation);

    /**
     * In the place of the next operation stands the mark of an event that the rules of retention dropped.
     *
     * @param digest the first eight bytes of the SHA-256 of that operation
     */
    void dropped(Origin of, long sequence, long digest);

    /** In the place of the next operation a repair left a mark: it was lost to damage. */
    void lost(Origin origin, long sequence, String why);
}
