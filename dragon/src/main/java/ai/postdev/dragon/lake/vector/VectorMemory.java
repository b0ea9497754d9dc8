package ai.postdev.dragon.lake.vector;

/** The memory that embeddings lie in, as far as they have to ask for it. Called by the engine's thread. */
public interface VectorMemory {
    /** As much as there is. */
    VectorMemory UNBOUNDED = new VectorMemory() {
        @Override
        public boolean allows(long bytes) {
            return true;
        }

        @Override
        public void holds(long bytes) {}
    };

    /** Whether so many bytes more may be taken; if not, others are asked to give back, and it may be so later. */
    boolean allows(long bytes);

    /** So many bytes are held now. */
    void holds(long bytes);
}
