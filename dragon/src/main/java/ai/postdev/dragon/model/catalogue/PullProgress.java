package ai.postdev.dragon.model.catalogue;

/** Is told how far a pull is, on the thread that pulls; must not block. */
@FunctionalInterface
public interface PullProgress {
    /** What a pull is doing. */
    enum Phase {
        /** Asks what there is. */
        RESOLVING,
        /** Fetches bytes. */
        DOWNLOADING,
        /** Takes the model's files out of what was fetched. */
        UNPACKING,
        /** Computes hashes. */
        CHECKING,
        /** Puts the files in their place. */
        KEEPING
    }

    /** Nobody is told. */
    PullProgress NONE = (_, _, _) -> {};

    /**
     * A pull has come so far.
     *
     * @param done bytes of this phase
     * @param total bytes of this phase; 0 where that is not known
     */
    void moved(Phase phase, long done, long total);
}
