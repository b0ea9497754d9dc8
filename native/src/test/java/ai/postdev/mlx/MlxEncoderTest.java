package ai.postdev.mlx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** MiniLM's vectors are those of ONNX Runtime, which computes the same weights in 32-bit floats. */
class MlxEncoderTest {
    private static final List<String> TEXTS = List.of(
            "where do we retry failed requests",
            "The quick brown fox jumps over the lazy dog.",
            "a",
            "public static void main(String[] args) { System.out.println(\"hello\"); }",
            "Wo ist der Bahnhof? 東京 😀",
            "one text that is a good deal longer than the others, so that a batch has to be filled up for the short ones");

    @Test
    void vectorsAreThoseOfOnnx() throws IOException, OrtException {
        try (MlxEngine engine = Models.engine();
                MlxEncoder encoder = engine.loadEncoder(Models.miniLm(), LoadOptions.standard());
                Onnx onnx = new Onnx()) {
            assertEquals(384, encoder.dimensions());
            List<float[]> batch = encoder.embed(TEXTS, MlxEncoder.Pooling.MEAN, true);
            for (int i = 0; i < TEXTS.size(); i++) {
                int[] tokens = encoder.tokenizer().encode(TEXTS.get(i), true);
                double cosine = Models.cosine(onnx.embed(tokens), batch.get(i));
                assertTrue(cosine >= 0.9999, TEXTS.get(i) + " has the cosine " + cosine);
                float[] alone = encoder.embed(List.of(TEXTS.get(i)), MlxEncoder.Pooling.MEAN, true)
                        .getFirst();
                assertArrayEquals(batch.get(i), alone, 1e-5f, "alone as in a batch");
                assertEquals(1, Models.cosine(alone, alone), 1e-6);
            }
            assertEquals(List.of(), encoder.embed(List.of(), MlxEncoder.Pooling.MEAN, true));
            String longText = "word ".repeat(2000);
            assertEquals(
                    384,
                    encoder.embed(List.of(longText), MlxEncoder.Pooling.FIRST, false)
                            .getFirst()
                            .length);
            assertTrue(assertThrows(
                            MlxException.class,
                            () -> encoder.embedTokens(List.of(new int[600]), MlxEncoder.Pooling.MEAN, true))
                    .getMessage()
                    .contains("600 tokens"));
            assertThrows(
                    MlxException.class,
                    () -> encoder.embedTokens(List.of(new int[] {99_999}), MlxEncoder.Pooling.MEAN, true));
        }
        assertEquals(0, MlxEngine.liveHandles());
    }

    private static final class Onnx implements AutoCloseable {
        private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
        private final OrtSession session;

        Onnx() throws IOException, OrtException {
            try (InputStream model = MlxEncoderTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
                session = environment.createSession(model.readAllBytes());
            }
        }

        float[] embed(int[] tokens) throws OrtException {
            long[][] ids = {Arrays.stream(tokens).asLongStream().toArray()};
            long[][] ones = {new long[tokens.length]};
            Arrays.fill(ones[0], 1);
            long[][] zeros = {new long[tokens.length]};
            try (OnnxTensor a = OnnxTensor.createTensor(environment, ids);
                    OnnxTensor b = OnnxTensor.createTensor(environment, ones);
                    OnnxTensor c = OnnxTensor.createTensor(environment, zeros);
                    OrtSession.Result result =
                            session.run(Map.of("input_ids", a, "attention_mask", b, "token_type_ids", c))) {
                float[][] rows = ((float[][][]) result.get(0).getValue())[0];
                float[] mean = new float[rows[0].length];
                for (float[] row : rows) {
                    for (int i = 0; i < mean.length; i++) {
                        mean[i] += row[i] / rows.length;
                    }
                }
                return mean;
            }
        }

        @Override
        public void close() throws OrtException {
            session.close();
        }
    }
}
