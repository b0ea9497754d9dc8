package ai.postdev.mlx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every family with tiny random weights, as a GGUF file and as a folder, against logits of an independent forward pass:
 * src/test/golden/families.py makes both.
 */
class FamiliesTest {
    private static final int[] TOKENS = {1, 7, 33, 2, 60, 5, 5, 12, 40, 63, 21, 8, 19, 3};

    @ParameterizedTest
    @CsvSource({
        "llama, llama.gguf",
        "llama, llama",
        "llama3, llama3.gguf",
        "llama3, llama3",
        "mistral, mistral",
        "qwen2, qwen2.gguf",
        "qwen2, qwen2",
        "qwen3, qwen3.gguf",
        "qwen3, qwen3",
        "gemma3, gemma3.gguf",
        "gemma3, gemma3",
        "phi3, phi3.gguf",
        "phi3, phi3"
    })
    void everyFamilyAnswersAsItsReference(String family, String file) throws IOException {
        float[] golden = MemorySegment.ofArray(Files.readAllBytes(Models.tiny(family + ".logits")))
                .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        try (MlxEngine engine = Models.engine();
                MlxModel model = engine.load(Models.tiny(file), LoadOptions.standard());
                MlxSession session = model.session(64);
                MlxSession single = model.session(64)) {
            assertEquals(64, model.tokenizer().size());
            float[] found =
                    engine.step(Step.logits(session, Step.Logits.ALL, TOKENS)).logits();
            double distance = Models.distance(golden, found);
            assertTrue(distance < 2e-4, family + " is off by " + distance);
            for (int i = 0; i < TOKENS.length; i++) {
                float[] row = engine.step(Step.logits(single, Step.Logits.LAST, TOKENS[i]))
                        .logits();
                float[] expected = java.util.Arrays.copyOfRange(golden, i * 64, (i + 1) * 64);
                double off = Models.distance(expected, row);
                assertTrue(off < 2e-4, family + " fed one by one is off by " + off + " at " + i);
            }
        }
    }
}
