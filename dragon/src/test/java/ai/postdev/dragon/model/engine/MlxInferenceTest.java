package ai.postdev.dragon.model.engine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.postdev.dragon.model.TestModels;
import ai.postdev.mlx.MlxLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

class MlxInferenceTest extends InferenceEngineContract {
    /** The test is skipped, and says so aloud, where MLX cannot be had. */
    static void requireMlx() {
        Optional<String> reason = MlxLibrary.unavailable();
        reason.ifPresent(text -> System.err.println("SKIPPED, NO MLX: " + text));
        assumeTrue(reason.isEmpty(), reason.orElse(""));
    }

    @Override
    InferenceEngine engine() {
        requireMlx();
        return new MlxInference();
    }

    @Override
    Path file() throws IOException {
        return TestModels.smollm2();
    }
}
