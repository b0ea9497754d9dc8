package ai.postdev.dragon.memory;

/**
 * What models may take of a node's memory, on the one ledger that the stores are on as well. Any thread.
 *
 * <p>Models are promised a part of what the process leaves ({@link MemoryBudget#modelsPercent}); up to it the stores make way,
 * in the background. Beyond it models may have what the stores leave unused.
 */
public interface ModelRoom {
    /**
     * Takes so many bytes if they are free now.
     *
     * @param outside in another process, so that what this process is measured to take does not have them
     */
    boolean take(long bytes, boolean outside);

    /** The stores make way until so many bytes are free, but only up to what models are promised, and not at once. */
    void want(long bytes);

    /**
     * Gives bytes back.
     *
     * @throws IllegalArgumentException if models have not as many
     */
    void give(long bytes, boolean outside);

    /** Bytes that can be taken now. */
    long free();

    /** The most that models can hold together if the stores give way as far as they must and can. */
    long possible();

    /** How memory is used, for those who have to be told why something does not fit. */
    Figures figures();

    /**
     * Bytes of a node's memory.
     *
     * @param budget that the node may take, with its workers
     * @param base that the program itself takes
     * @param stores that the stores hold
     * @param models that models hold
     * @param promised that models may hold whatever the stores want
     */
    record Figures(long budget, long base, long stores, long models, long promised) {}
}
