package ai.postdev.dragon.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.lake.Seeded;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MiniLmEmbedderTest {
    private static Embedder embedder;

    static EmbedderSettings settings() {
        // one folder for the whole build: the library that is unpacked there stays loaded
        return EmbedderSettings.from(ConfigFactory.load(), Path.of("target", "djl"));
    }

    @BeforeAll
    static void load() throws IOException {
        embedder = MiniLmEmbedder.load(settings());
    }

    @AfterAll
    static void close() {
        embedder.close();
    }

    private static double cosine(String one, String other) {
        float[] a = embedder.embed(one);
        float[] b = embedder.embed(other);
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @Test
    void textsThatMeanAlikeLieNearer() {
        double near = cosine("read a file line by line", "Files.readAllLines(path)");
        double far = cosine("read a file line by line", "compute the SHA-256 of a password");
        assertTrue(near > far + 0.3, near + " against " + far);
    }

    @Test
    void anEmbeddingHas384NumbersAndUnitLength() {
        for (String text : List.of(
                "", " ", "x", "int add(int a, int b) { return a + b; }", "\u0000", "日本語", "a".repeat(100_000))) {
            float[] vector = embedder.embed(text);
            double squares = 0;
            for (float x : vector) {
                squares += x * x;
            }
            assertEquals(MiniLmEmbedder.DIMENSIONS, vector.length);
            assertEquals(1, squares, 1e-4);
        }
    }

    @Test
    void textUpTo256TokensIsLookedAtAndNoMore() {
        String words = "alpha beta gamma delta ";
        String two = words.repeat(50);
        assertTrue(distance(two, two + " zebra") > 1e-4, "200 words are inside the window");
        String many = words.repeat(70);
        assertEquals(0, distance(many, many + " zebra"), 1e-6, "280 words are beyond it");
    }

    private static double distance(String one, String other) {
        float[] a = embedder.embed(one);
        float[] b = embedder.embed(other);
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs(a[i] - b[i]);
        }
        return sum;
    }

    @Test
    void threadsGetTheSameVectorsAsOneThread() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
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
        for (int round = 0; round < 100; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(400); i > 0; i--) {
                text.append((char) random.nextInt(0x10000)); // lone surrogates and controls too
            }
            assertEquals(MiniLmEmbedder.DIMENSIONS, embedder.embed(text.toString()).length);
        }
    }

    @Test
    void aClosedEmbedderRefuses() throws IOException {
        Embedder other = MiniLmEmbedder.load(settings());
        other.close();
        other.close();
        assertThrows(Embedder.EmbedFailed.class, () -> other.embed("x"));
        assertEquals(MiniLmEmbedder.DIMENSIONS, embedder.embed("the first one works on").length);
    }
}
