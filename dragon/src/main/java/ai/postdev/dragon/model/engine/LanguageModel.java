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

    @Override
    void close();
}
