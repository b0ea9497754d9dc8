package ai.postdev.dragon.model.engine;

import java.nio.file.Path;
import java.util.Optional;

/** Something that can run language models. Stateless; any thread. */
public interface InferenceEngine {
    /** Its name in settings, answers and metrics, e.g. {@code llama.cpp}. */
    String name();

    /** Why this engine cannot run {@code file} on this machine; empty: it can, as far as its name and the platform tell. */
    Optional<String> refusal(Path file);

    /**
     * Reads a model into memory; takes from a fraction of a second to minutes, on the calling thread.
     *
     * @throws EngineFault if the file is no model that it can run, or there is no memory for it
     */
    LanguageModel load(LoadRequest request) throws EngineFault;
}
