package ai.postdev.mlx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.mlx.MlxEncoder.Pooling;
import ai.postdev.mlx.file.ModelFileException;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An encoder of nomic's family with tiny random weights, against vectors of an independent forward pass:
 * src/test/golden/nomic.py makes both.
 */
class NomicTest {
    private static final int DIMENSIONS = 16;
    private static final List<int[]> TEXTS = List.of(
            new int[] {1, 7, 33, 2},
            new int[] {60},
            new int[] {5, 5, 12, 40, 63, 21, 8, 19, 3, 44, 9, 2},
            new int[] {2, 33, 7, 1},
            IntStream.range(3, 43).toArray());

    @TempDir
    Path dir;

    @Test
    void itsVectorsAreThoseOfTheReference() throws IOException {
        float[] golden = MemorySegment.ofArray(Files.readAllBytes(Models.tiny("nomic.vectors")))
                .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        try (MlxEngine engine = Models.engine();
                MlxEncoder encoder = engine.loadEncoder(Models.tiny("nomic"), LoadOptions.standard())) {
            assertEquals(DIMENSIONS, encoder.dimensions());
            assertEquals(64, encoder.maxTokens());
            for (Pooling pooling : Pooling.values()) {
                List<float[]> batch = encoder.embedTokens(TEXTS, pooling, false);
                for (int text = 0; text < TEXTS.size(); text++) {
                    int from = (text * Pooling.values().length + pooling.ordinal()) * DIMENSIONS;
                    float[] expected = Arrays.copyOfRange(golden, from, from + DIMENSIONS);
                    double off = Models.distance(expected, batch.get(text));
                    assertTrue(off < 1e-4, "text " + text + " by " + pooling + " is off by " + off);
                    float[] alone = encoder.embedTokens(List.of(TEXTS.get(text)), pooling, false)
                            .getFirst();
                    assertArrayEquals(batch.get(text), alone, 1e-5f, "alone as in a batch");
                }
            }
        }
    }

    /** What would be computed differently is refused by name, not computed wrongly. */
    @ParameterizedTest
    @CsvSource({
        "rotary_emb_fraction, 0.5",
        "rotary_emb_fraction, null",
        "rotary_emb_interleaved, true",
        "rotary_emb_scale_base, 512",
        "prenorm, true",
        "use_rms_norm, true",
        "causal, true",
        "moe_every_n_layers, 2",
        "activation_function, '\"gelu\"'"
    })
    void whatIsNotReadHereIsRefused(String key, String value) throws IOException {
        changed(Map.of(key, value));
        try (MlxEngine engine = Models.engine()) {
            String message = assertThrows(
                            ModelFileException.class, () -> engine.loadEncoder(dir, LoadOptions.standard()))
                    .getMessage();
            assertTrue(message.contains(key), message);
        }
    }

    /** Beyond them its rotations are others, which are not computed here. */
    @Test
    void whereRotationsAreStretchedTextsEndAtThePositionsItWasTrainedWith() throws IOException {
        changed(Map.of("rotary_scaling_factor", "2", "max_trained_positions", "32"));
        try (MlxEngine engine = Models.engine();
                MlxEncoder encoder = engine.loadEncoder(dir, LoadOptions.standard())) {
            assertEquals(32, encoder.maxTokens());
        }
    }

    /** The model with other values in its configuration. */
    private void changed(Map<String, String> values) throws IOException {
        Path model = Models.tiny("nomic");
        for (String name : List.of("model.safetensors", "tokenizer.json")) {
            Files.copy(model.resolve(name), dir.resolve(name));
        }
        JsonObject config = JsonParser.parseString(Files.readString(model.resolve("config.json")))
                .getAsJsonObject();
        values.forEach((key, value) -> config.add(key, JsonParser.parseString(value)));
        Files.writeString(dir.resolve("config.json"), config.toString());
    }
}
