package ai.postdev.dragon.model.engine;

import java.nio.file.Path;
import java.util.Optional;

class OnnxInferenceTest extends EmbedderContract {
    @Override
    InferenceEngine engine() {
        return new OnnxInference();
    }

    @Override
    Optional<Path> weights() {
        return Optional.empty();
    }
}
