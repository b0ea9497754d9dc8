package ai.postdev.dragon.model.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.model.Embedder;
import ai.postdev.dragon.model.TestModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MlxEmbedderTest extends EmbedderContract {
    @Override
    InferenceEngine engine() {
        MlxInferenceTest.requireMlx();
        return new MlxInference();
    }

    @Override
    Optional<Path> weights() throws IOException {
        return Optional.of(TestModels.miniLm());
    }

    /** The built-in weights are in int8, these in floats: near to each other, not the same. */
    @Test
    void itMeansWhatTheBuiltInOneMeans() throws Exception {
        try (Embedder onnx = new OnnxInference().embedder(request(Optional.empty()))) {
            for (String text : List.of(
                    "where do we retry failed requests", "int add(int a, int b) { return a + b; }", "日本語", "a")) {
                double cosine = cosine(onnx.embed(text), embedder().embed(text));
                assertTrue(cosine > 0.95, text + " has the cosine " + cosine);
            }
        }
    }
}
