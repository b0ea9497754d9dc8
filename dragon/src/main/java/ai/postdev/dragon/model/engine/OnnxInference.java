package ai.postdev.dragon.model.engine;

import ai.postdev.dragon.model.Embedder;
import ai.postdev.dragon.model.MiniLmEmbedder;
import java.io.IOException;
import java.util.Set;

/** ONNX Runtime with DJL's tokenizers: the embedder that comes with PostDevAI, on the CPU of any machine. */
public final class OnnxInference implements InferenceEngine {
    /** Its name. */
    public static final String NAME = "onnx";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.EMBED);
    }

    @Override
    public Embedder embedder(EmbedderRequest request) throws EngineFault {
        if (request.weights().isPresent()) {
            throw new EngineFault(
                    EngineFault.Kind.BAD_MODEL,
                    "ONNX Runtime here runs the model that is built in, not "
                            + request.weights().get() + "; pull the embedder as safetensors, which MLX runs");
        }
        try {
            return MiniLmEmbedder.load(request.tokensMax(), request.cache());
        } catch (IOException e) {
            throw new EngineFault(EngineFault.Kind.FAILED, e.getMessage(), e);
        }
    }
}
