package ai.postdev.dragon.model.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.model.Embedder;
import ai.postdev.dragon.model.engine.InferenceEngine.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What every engine that embeds must do, on MiniLM. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EmbedderContract {
    static final int DIMENSIONS = 384;
    private static final int TOKENS = 256;

    @TempDir
    static Path dir;

    private Embedder embedder;

    abstract InferenceEngine engine();

    /** The first file of its weights; empty: built in. */
    abstract Optional<Path> weights() throws IOException;

    static EmbedderRequest request(Optional<Path> weights) {
        return new EmbedderRequest("all-minilm-l6-v2-q", weights, TOKENS, 1, Path.of("target", "djl"));
    }

    @BeforeAll
    void load() throws Exception {
        embedder = engine().embedder(request(weights()));
    }

    @AfterAll
    void close() {
        if (embedder != null) {
            embedder.close();
        }
    }

    Embedder embedder() {
        return embedder;
    }

    static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private double cosine(String one, String other) {
        return cosine(embedder.embed(one), embedder.embed(other));
    }

    @Test
    void itSaysWhatItIsAndTakes() {
        assertTrue(engine().capabilities().contains(Capability.EMBED));
        assertEquals(engine().name(), embedder.engine());
        assertEquals("all-minilm-l6-v2-q", embedder.model());
        assertEquals(DIMENSIONS, embedder.dimensions());
        assertTrue(
                embedder.memoryBytes() > 20 << 20 && embedder.memoryBytes() < 400 << 20, "" + embedder.memoryBytes());
    }

    @Test
    void textsThatMeanAlikeLieNearer() {
        double near = cosine("read a file line by line", "Files.readAllLines(path)");
        double far = cosine("read a file line by line", "compute the SHA-256 of a password");
        assertTrue(near > far + 0.3, near + " against " + far);
    }

    @Test
    void anEmbeddingHasItsNumbersAndUnitLength() {
        for (String text : List.of(
                "", " ", "x", "int add(int a, int b) { return a + b; }", "\u0000", "日本語", "a".repeat(100_000))) {
            float[] vector = embedder.embed(text);
            assertEquals(DIMENSIONS, vector.length);
            assertEquals(1, cosine(vector, vector), 1e-4);
        }
    }

    @Test
    void textUpTo256TokensIsLookedAtAndNoMore() {
        String words = "alpha beta gamma delta ";
        String two = words.repeat(50);
        assertTrue(cosine(two, two + " zebra") < 1 - 1e-6, "200 words are inside the window");
        String many = words.repeat(70);
        assertArrayEquals(embedder.embed(many), embedder.embed(many + " zebra"), 1e-6f, "280 words are beyond it");
        Embedder.Embedded cut = embedder.embedded(many);
        assertEquals(TOKENS, cut.tokens());
        assertTrue(cut.cut());
        assertFalse(embedder.embedded(two).cut());
        assertEquals(202, embedder.embedded(two).tokens());
    }

    @Test
    void threadsGetTheSameVectorsAsOneThread() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            texts.add("void method" + i + "() { call(" + i + "); }");
        }
        List<float[]> alone = texts.stream().map(embedder::embed).toList();
        List<CompletableFuture<float[]>> together = texts.stream()
                .map(text -> CompletableFuture.supplyAsync(() -> embedder.embed(text)))
                .toList();
        for (int i = 0; i < texts.size(); i++) {
            assertArrayEquals(alone.get(i), together.get(i).join(), 1e-6f);
        }
    }

    @Test
    void anyTextIsEmbeddedOrRefusedByName() {
        Random random = Seeded.random("anyTextIsEmbeddedOrRefusedByName");
        for (int round = 0; round < 40; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(200); i > 0; i--) {
                text.append((char) random.nextInt(0x10000)); // lone surrogates and controls too
            }
            assertEquals(DIMENSIONS, embedder.embed(text.toString()).length);
        }
    }

    @Test
    void aClosedEmbedderRefusesAndAnotherWorksOn() throws Exception {
        Embedder other = engine().embedder(request(weights()));
        other.close();
        other.close();
        assertThrows(Embedder.EmbedFailed.class, () -> other.embed("x"));
        assertEquals(DIMENSIONS, embedder.embed("the first one works on").length);
    }

    @Test
    void whatIsNoModelIsRefused() throws IOException {
        Path text = Files.writeString(dir.resolve("model.safetensors"), "this is no model at all");
        EngineFault none = assertThrows(EngineFault.class, () -> engine().embedder(request(Optional.of(text))));
        assertEquals(EngineFault.Kind.BAD_MODEL, none.kind());
        assertTrue(none.getMessage().contains("model.safetensors"), none.getMessage());
        assertThrows(
                EngineFault.class, () -> engine().embedder(request(Optional.of(dir.resolve("absent.safetensors")))));
    }

    @Test
    void whatItCannotItRefuses() {
        if (!engine().capabilities().contains(Capability.GENERATE)) {
            EngineFault fault = assertThrows(
                    EngineFault.class, () -> engine().load(new LoadRequest(dir.resolve("any.gguf"), 8, 1, 1)));
            assertEquals(EngineFault.Kind.BAD_REQUEST, fault.kind());
        }
        assertEquals(
                EngineFault.Kind.BAD_REQUEST,
                assertThrows(EngineFault.class, () -> new LlamaEngine().embedder(request(Optional.empty())))
                        .kind());
    }
}
