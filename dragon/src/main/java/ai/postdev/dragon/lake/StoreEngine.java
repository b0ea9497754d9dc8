package ai.postdev.dragon.lake;

import ai.postdev.actors.op.Operation;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * The plain index behind a store: a view folded from operations. Single-threaded for writing: one actor owns it. What
 * {@link #view()} returns is safe on any thread and never changes: it shows the operations applied before the call and
 * none after.
 *
 * @param <V> the immutable view that readers use
 */
public interface StoreEngine<V> extends AutoCloseable {
    /**
     * Folds one operation in; a body that this store does not keep is passed over. Applying an operation twice is
     * harmless.
     */
    void apply(Operation operation);

    /**
     * Does what folding operations in takes that depends on nothing but them. Any thread, while the writer is at work.
     *
     * @return folds them in, in order; the writer runs it
     */
    default Runnable prepare(List<Operation> operations) {
        return () -> operations.forEach(this::apply);
    }

    /**
     * Takes back what it has let go of to save memory. An engine that lets go of nothing has nothing to do.
     *
     * @param operations folded in before, read again from the journal
     * @param wanted how many such operations whoever looked has missed, these among them
     */
    default void restore(List<Operation> operations, long wanted) {}

    /**
     * Gives memory back, some at a time, until at most so many bytes are held. An engine that cannot has nothing to do.
     *
     * @return whether to call again: more is held, and more can be given back
     */
    default boolean shrink(long bytes) {
        return false;
    }

    /**
     * Keeps in full again what it keeps less exactly to save memory.
     *
     * @param operations folded in before, read again from the journal
     */
    default void refine(List<Operation> operations) {}

    /** The present state. Cheap: no copy of data. */
    V view();

    /** A state at a moment. */
    @FunctionalInterface
    interface Frozen {
        /** Writes everything needed to continue without the operations applied before that moment. Any thread, once. */
        void write(DataOutput out) throws IOException;
    }

    /**
     * The present state, to be written on any thread while operations are folded in and after {@link #close}. Cheap: what
     * grows only is not copied but bounded.
     */
    Frozen freeze();

    /** Writes the present state. */
    default void writeSnapshot(DataOutput out) throws IOException {
        freeze().write(out);
    }

    /**
     * Replaces the state with a snapshot; called before the first {@link #apply}.
     *
     * @throws IOException if the bytes are no snapshot of this format; the caller then replays the whole journal
     */
    void readSnapshot(DataInput in) throws IOException;

    @Override
    void close();
}
