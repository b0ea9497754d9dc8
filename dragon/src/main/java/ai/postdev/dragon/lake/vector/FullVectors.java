package ai.postdev.dragon.lake.vector;

import java.util.List;
import java.util.Optional;

/** Where embeddings stand in full, whatever memory keeps of them. Reads may wait for the disk: not for an actor's thread. */
public interface FullVectors {
    /** Takes what was read. */
    interface Sink {
        /**
         * One embedding.
         *
         * @param at its place's number in the list that was asked for
         * @param vector as it was made; need not be of unit length
         */
        void vector(int at, float[] vector);
    }

    /**
     * Reads embeddings one after the other. One that is not there any more is passed over.
     *
     * @param untilNanos by {@link System#nanoTime()}; from then on no further one is read
     * @return why nothing more can be read; empty if all were read, or time ran out
     */
    Optional<String> read(List<VectorView.Place> places, long untilNanos, Sink to);
}
