package ai.postdev.dragon.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.protocol.LakeProtocol.ChunkText;
import ai.postdev.dragon.lake.Seeded;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A batch on several threads against one text after another. */
class EmbedWorkersTest {
    private static final int CHUNKS = 40;
    private static final float NEAR = 1e-5f;

    private static final EmbedderSettings SETTINGS = EmbedderSettings.from(
            ConfigFactory.parseMap(Map.of("postdevai.models.embedder.threads", 3))
                    .withFallback(ConfigFactory.load()),
            Path.of("target", "djl"));

    private static ChunkText chunk(String text) {
        return new ChunkText(ContentHash.of(text), Language.TEXT, text);
    }

    /** Of all lengths, so that one padded to another, or computed with it, would show. */
    private static List<ChunkText> chunks(Random random) {
        List<ChunkText> chunks = new ArrayList<>();
        for (int i = 0; i < CHUNKS; i++) {
            StringBuilder text = new StringBuilder("chunk " + i);
            for (int words = random.nextInt(90); words > 0; words--) {
                text.append(random.nextBoolean() ? " return" : " value").append(random.nextInt(1_000));
            }
            chunks.add(chunk(text.toString()));
        }
        return chunks;
    }

    @Test
    void eachChunkHasTheVectorThatItHasAlone() throws IOException {
        List<ChunkText> chunks = chunks(Seeded.random("eachChunkHasTheVectorThatItHasAlone"));
        try (Embedder embedder = MiniLmEmbedder.load(SETTINGS);
                EmbedWorkers workers = new EmbedWorkers(SETTINGS, new QueryGate())) {
            EmbedWorkers.Batch batch =
                    workers.embed(embedder, chunks).toCompletableFuture().join();
            assertEquals(CHUNKS, batch.size());
            assertEquals(0, batch.failed());
            for (int i = 0; i < CHUNKS; i++) {
                assertEquals(chunks.get(i).hash(), batch.bodies().get(i).hash(), "in the order of the chunks");
                assertArrayEquals(
                        embedder.embed(chunks.get(i).text()),
                        batch.bodies().get(i).vector(),
                        NEAR);
            }
        }
    }

    /** Numbers a text by its length, and cannot do one. */
    private record Odd(String cannot) implements Embedder {
        @Override
        public String model() {
            return "odd";
        }

        @Override
        public String engine() {
            return "none";
        }

        @Override
        public int dimensions() {
            return 1;
        }

        @Override
        public Embedded embedded(String text) {
            if (text.equals(cannot)) {
                throw new EmbedFailed("no way to embed it", null);
            }
            return new Embedded(new float[] {text.length()}, 1, false);
        }

        @Override
        public long memoryBytes() {
            return 0;
        }

        @Override
        public void close() {}
    }

    @Test
    void whatCannotBeEmbeddedTakesNothingElseAlong() {
        List<ChunkText> chunks =
                IntStream.range(0, 10).mapToObj(i -> chunk("x".repeat(i + 1))).toList();
        try (EmbedWorkers workers = new EmbedWorkers(SETTINGS, new QueryGate())) {
            EmbedWorkers.Batch batch =
                    workers.embed(new Odd("xxxx"), chunks).toCompletableFuture().join();
            assertEquals(1, batch.failed());
            assertEquals("no way to embed it", batch.failure().orElseThrow());
            assertEquals(
                    List.of(1, 2, 3, 5, 6, 7, 8, 9, 10),
                    batch.bodies().stream().map(body -> (int) body.vector()[0]).toList());
            assertEquals(new HashSet<>(chunks.stream().map(ChunkText::hash).toList()), batch.hashes());
            assertTrue(batch.seconds() > 0);
        }
    }
}
