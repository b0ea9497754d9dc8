package ai.postdev.dragon.lake.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.lake.vector.VectorIndexContractTest.Mixture;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An index that keeps vectors less exactly to save memory, and in full again. */
class PrecisionStepsTest {
    private static final int DIMENSIONS = 96;
    private static final int COUNT = 6_000;
    private static final int K = 10;

    /** Builds run when the test says so. */
    private final Queue<Runnable> builds = new ArrayDeque<>();

    private PartitionedVectorIndex index(boolean wide) {
        return new PartitionedVectorIndex(
                DIMENSIONS, VectorKernels.choose(wide), new PartitionSettings(1_000, 0.99, 0, 10), builds::add);
    }

    private void build() {
        while (!builds.isEmpty()) {
            builds.poll().run();
        }
    }

    private static double recall(VectorIndex index, float[][] vectors, Random random) {
        int hits = 0;
        for (int q = 0; q < 100; q++) {
            float[] query = vectors[random.nextInt(vectors.length)];
            int[] truth = VectorIndexContractTest.bruteForce(vectors, query, K, VectorIndex.ALL);
            int[] found = index.reader().nearest(query, K, VectorIndex.ALL).ordinals();
            hits += (int) IntStream.of(truth)
                    .filter(t -> IntStream.of(found).anyMatch(f -> f == t))
                    .count();
        }
        return hits / (100.0 * K);
    }

    private static void lower(VectorIndex index, Precision to) {
        while (index.lower(to)) {
            assertTrue(index.live() > 0);
        }
    }

    @Test
    void eachStepTakesLessMemoryAndFindsNearlyAsMuch() {
        Random random = Seeded.random("eachStepTakesLessMemoryAndFindsNearlyAsMuch");
        for (boolean partitioned : new boolean[] {true, false}) {
            for (boolean wide : new boolean[] {true, false}) {
                PartitionedVectorIndex index = index(wide);
                float[][] vectors = VectorIndexContractTest.fill(index, new Mixture(random, DIMENSIONS), COUNT);
                if (partitioned) {
                    build();
                } else {
                    builds.clear();
                    index = index(wide);
                    vectors = Arrays.copyOf(vectors, 900);
                    for (float[] vector : vectors) {
                        index.add(vector);
                    }
                }
                String what = "partitioned " + partitioned + ", wide " + wide + ", ";
                assertEquals(Map.of(Precision.FLOAT, vectors.length), index.kept());
                long full = index.memoryBytes();
                long givable = index.givableBytes();
                assertTrue(recall(index, vectors, random) > 0.95, what + "floats");
                lower(index, Precision.BYTE);
                assertEquals(Map.of(Precision.BYTE, vectors.length), index.kept());
                long bytes = index.memoryBytes();
                double byBytes = recall(index, vectors, random);
                assertTrue(byBytes >= 0.92, what + "bytes: " + byBytes);
                lower(index, Precision.NIBBLE);
                assertEquals(Map.of(Precision.NIBBLE, vectors.length), index.kept());
                assertEquals(full - givable, index.memoryBytes(), what + "all that can be given was");
                assertEquals(0, index.givableBytes());
                assertTrue(index.memoryBytes() < bytes && bytes < full);
                double byNibbles = recall(index, vectors, random);
                assertTrue(byNibbles >= 0.6, what + "nibbles: " + byNibbles);
            }
        }
    }

    @Test
    void whatIsRaisedIsExactAgain() {
        Random random = Seeded.random("whatIsRaisedIsExactAgain");
        PartitionedVectorIndex index = index(true);
        float[][] vectors = VectorIndexContractTest.fill(index, new Mixture(random, DIMENSIONS), COUNT);
        build();
        long full = index.memoryBytes();
        lower(index, Precision.NIBBLE);
        assertEquals(full - index.memoryBytes(), index.missingBytes());
        for (int ordinal = 0; ordinal < COUNT; ordinal += 3) {
            index.remove(ordinal);
        }
        int added = index.add(vectors[0]);
        assertTrue(
                Math.abs(index.reader().vector(added)[5] - vectors[0][5]) > 0,
                "what is added while memory is short is kept so too");
        Map<Integer, float[]> journal = new HashMap<>(Map.of(added, vectors[0]));
        for (int ordinal = 0; ordinal < COUNT; ordinal++) {
            journal.put(ordinal, vectors[ordinal]);
        }
        int rounds = 0;
        for (int[] some = index.lowered(); some.length > 0; some = index.lowered()) {
            Map<Integer, float[]> exact = new HashMap<>();
            for (int ordinal : some) {
                exact.put(ordinal, journal.get(ordinal));
            }
            index.raise(exact);
            rounds++;
            assertTrue(rounds < COUNT, "it ends");
        }
        assertTrue(rounds > 1, "some at a time");
        assertEquals(0, index.missingBytes());
        for (int ordinal = 0; ordinal < COUNT; ordinal++) {
            float[] now = index.reader().vectorOrNull(ordinal);
            if (ordinal % 3 == 0) {
                assertNull(now);
            } else {
                assertTrue(Arrays.equals(vectors[ordinal], now), "vector " + ordinal);
            }
        }
        int again = index.add(vectors[1]);
        assertTrue(Arrays.equals(vectors[1], index.reader().vector(again)), "added in full again");
    }

    @Test
    void whileVectorsArePartitionedNoneIsMoved() {
        PartitionedVectorIndex index = index(true);
        float[][] vectors = VectorIndexContractTest.fill(
                index, new Mixture(Seeded.random("whileVectorsArePartitionedNoneIsMoved"), DIMENSIONS), COUNT);
        assertEquals(1, builds.size());
        assertFalse(index.lower(Precision.NIBBLE));
        assertEquals(Map.of(Precision.FLOAT, COUNT), index.kept());
        build();
        assertTrue(index.lower(Precision.NIBBLE));
        index.add(vectors[0]);
        assertTrue(index.kept().containsKey(Precision.BYTE), "a step at a time: " + index.kept());
    }
}
