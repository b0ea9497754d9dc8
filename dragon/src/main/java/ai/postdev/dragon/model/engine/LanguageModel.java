package ai.postdev.dragon.model.engine;

/** A model in memory. Safe on any thread; {@link #close} after all generations have ended. */
public interface LanguageModel extends AutoCloseable {
    /** What was loaded. */
    ModelFacts facts();

    /** Tokens that {@code text} takes, without marks of begin and end. */
    int tokens(String text) throws EngineFault;

    /**
     * Begins a generation, which takes one of the model's sequences until it is closed.
     *
     * @throws EngineFault if the prompt is empty, does not fit the context, or asks for what the engine cannot do
     */
    Generation open(GenerationRequest request) throws EngineFault;

    /** Bytes that {@link #trim} gives back at most, as last known; does not wait. */
    default long trimmable() {
        return 0;
    }

    /**
     * Gives back memory that is kept for prompts that may come again, and what is free but held for reuse. Answers that are being
     * made go on. Waits for the step that is under way.
     *
     * @param bytes that are wanted; more may come back, or less if there is no more
     * @return bytes that came back
     * @throws EngineFault if the model is closed, or the engine failed
     */
    default long trim(long bytes) throws EngineFault {
        return 0;
    }

    @Override
    void close();
}
