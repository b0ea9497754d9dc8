package ai.postdev.dragon.model.engine;

/**
 * An answer in the making, pulled step by step: who does not pull waits for nothing and holds one sequence. One thread
 * at a time, except {@link #cancel}.
 */
public interface Generation extends AutoCloseable {
    /** What a step brought. */
    sealed interface Step {}

    /** More of the answer; never empty. */
    record Piece(String text) implements Step {}

    /** The end of it; no step comes after. */
    record End(Finish finish, Usage usage) implements Step {}

    /** Why it ended. */
    enum Finish {
        /** The model was done, or came to a stop text. */
        STOP,
        /** The most tokens that were asked for, or that the context has room for. */
        LENGTH,
        /** It was cancelled. */
        CANCELLED
    }

    /**
     * What it took.
     *
     * @param promptTokens of the prompt
     * @param answerTokens of the answer
     * @param prefillNanos until the first piece
     * @param decodeNanos from then on
     * @param cachedTokens of the prompt that an earlier request had read already
     */
    record Usage(int promptTokens, int answerTokens, long prefillNanos, long decodeNanos, int cachedTokens) {}

    /**
     * The next step; waits for it.
     *
     * @throws EngineFault if the engine failed; nothing comes after
     */
    Step next() throws EngineFault;

    /** Has the next step be the end, as soon as the engine can stop. Any thread. */
    void cancel();

    /** Frees its sequence. */
    @Override
    void close();
}
