package ai.postdev.mlx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.mlx.file.ModelFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real quantised model: kept as a GPU keeps it, it answers as its floats do; damaged or given up, nothing is left. */
class KeptWeightsTest {
    @Test
    void keptWeightsAnswerAsFloatsDo() throws IOException {
        float[] kept = logits(LoadOptions.WeightPolicy.KEEP_QUANTISED);
        float[] floats = logits(LoadOptions.WeightPolicy.BY_DEVICE);
        assertTrue(Models.cosine(kept, floats) > 0.999999, "cosine " + Models.cosine(kept, floats));
        assertEquals(Models.argmax(floats, 0, floats.length), Models.argmax(kept, 0, kept.length));
    }

    private static float[] logits(LoadOptions.WeightPolicy policy) throws IOException {
        List<Long> progress = new ArrayList<>();
        LoadOptions options = new LoadOptions(128, policy, progress::add);
        try (MlxEngine engine = Models.engine();
                MlxModel model = engine.load(Models.smol(), options);
                MlxSession session = model.session(128)) {
            assertEquals(128, model.maxContext());
            assertTrue(model.chatTemplate().orElseThrow().contains("<|im_start|>"));
            assertEquals(progress.stream().sorted().toList(), progress);
            boolean small = policy == LoadOptions.WeightPolicy.KEEP_QUANTISED;
            assertTrue(model.weightBytes() < 600_000_000 / (small ? 3 : 1), "bytes " + model.weightBytes());
            int[] prompt = model.tokenizer().encode("The capital", true);
            float[] row =
                    engine.step(Step.logits(session, Step.Logits.LAST, prompt)).logits();
            assertTrue(session.bytes() <= model.sessionBytes(prompt.length));
            return row;
        }
    }

    @Test
    void aModelWithoutATensorLeavesNothing(@TempDir Path folder) throws IOException {
        try (MlxEngine engine = Models.engine()) {
            long before = engine.memory().active();
            for (String part : List.of("config.json", "tokenizer.json", "model-00001-of-00002.safetensors")) {
                Files.copy(Models.tiny("llama").resolve(part), folder.resolve(part));
            }
            MlxException e = assertThrows(MlxException.class, () -> engine.load(folder, LoadOptions.standard()));
            assertTrue(e.getMessage().contains("missing"), e.getMessage());
            String config = Files.readString(folder.resolve("config.json"));
            Files.copy(
                    Models.tiny("llama").resolve("model-00002-of-00002.safetensors"),
                    folder.resolve("model-00002-of-00002.safetensors"));
            engine.load(folder, LoadOptions.standard()).close();
            Files.writeString(
                    folder.resolve("config.json"),
                    config.replace("\"intermediate_size\": 24", "\"intermediate_size\": 32"));
            e = assertThrows(MlxException.class, () -> engine.load(folder, LoadOptions.standard()));
            assertTrue(e.getMessage().contains("the configuration asks for"), e.getMessage());
            Files.writeString(
                    folder.resolve("config.json"),
                    config.replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1"));
            e = assertThrows(MlxException.class, () -> engine.load(folder, LoadOptions.standard()));
            assertTrue(e.getMessage().contains("belong to no part"), e.getMessage());
            assertThrows(
                    ModelFileException.class, () -> engine.load(folder.resolve("config.json"), LoadOptions.standard()));
            assertThrows(IOException.class, () -> engine.load(folder.resolve("none"), LoadOptions.standard()));
            assertEquals(before, engine.memory().active());
            assertEquals(0, MlxEngine.liveHandles());
        }
    }

    @Test
    void anInterruptedLoadIsGivenUp() {
        try (MlxEngine engine = Models.engine()) {
            Thread.currentThread().interrupt();
            assertThrows(
                    MlxCancelledException.class, () -> engine.load(Models.tiny("llama.gguf"), LoadOptions.standard()));
            assertTrue(Thread.interrupted());
            assertEquals(0, MlxEngine.liveHandles());
        }
    }
}
