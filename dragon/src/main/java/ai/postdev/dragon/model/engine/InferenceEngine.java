package ai.postdev.dragon.model.engine;

import ai.postdev.dragon.model.Embedder;
import java.util.Set;

/** Something that can run models. Stateless; any thread. */
public interface InferenceEngine {
    /** What models do in an engine. */
    enum Capability {
        /** They write text: {@link #load}. */
        GENERATE,
        /** They turn texts into vectors: {@link #embedder}. */
        EMBED
    }

    /** Its name in settings, answers and metrics, e.g. {@code llama.cpp}. */
    String name();

    /** What it can do; what it cannot is refused. */
    Set<Capability> capabilities();

    /**
     * Reads a model that writes text into memory; takes from a fraction of a second to minutes, on the calling thread.
     *
     * @throws EngineFault if the file is no model that it can run, there is no memory for it, or it lacks
     *     {@link Capability#GENERATE}
     */
    default LanguageModel load(LoadRequest request) throws EngineFault {
        throw lacks("writes no text");
    }

    /**
     * Reads a model that embeds into memory; takes up to some seconds, on the calling thread.
     *
     * @throws EngineFault if the files are no model that it can run, there is no memory for it, or it lacks
     *     {@link Capability#EMBED}
     */
    default Embedder embedder(EmbedderRequest request) throws EngineFault {
        throw lacks("embeds nothing");
    }

    private EngineFault lacks(String what) {
        return new EngineFault(EngineFault.Kind.BAD_REQUEST, name() + " " + what + " here; it can " + capabilities());
    }
}
