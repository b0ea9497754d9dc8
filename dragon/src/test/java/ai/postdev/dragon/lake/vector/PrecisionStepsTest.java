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
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** An index that keeps vectors less exactly to save memory, and in full again. */
@Execution(ExecutionMode.CONCURRENT)
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
        return recall(index, vectors, random, K);
    }

    /** The share of the true nearest that are among so many found. */
    private static double recall(VectorIndex index, float[][] vectors, Random random, int among) {
        int hits = 0;
        for (int q = 0; q < 100; q++) {
            float[] query = vectors[random.nextInt(vectors.length)];
            int[] truth = VectorIndexContractTest.bruteForce(vectors, query, K, VectorIndex.ALL);
            int[] found = index.reader().nearest(query, among, VectorIndex.ALL).ordinals();
            hits += (int) IntStream.of(truth)
                    .filter(t -> IntStream.of(found).anyMatch(f -> f == t))
                    .count();
        }
        return hits / (100.0 * K);
    }

    /** Down as far as it goes; what has to be built for that is built. */
    private void lower(VectorIndex index, Precision to) {
        do {
            build();
        } while (index.lower(to) || !builds.isEmpty());
    }

    private static double cosine(float[] a, float[] b) {
        return VectorIndexContractTest.dot(VectorEngine.unit(a), VectorEngine.unit(b));
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
                assertTrue(recall(index, vectors, random) > 0.95, what + "floats");
                lower(index, Precision.BYTE);
                assertEquals(Map.of(Precision.BYTE, vectors.length), index.kept());
                long bytes = index.memoryBytes();
                double byBytes = recall(index, vectors, random);
                assertTrue(byBytes >= 0.92, what + "bytes: " + byBytes);
                lower(index, Precision.NIBBLE);
                assertEquals(Map.of(Precision.NIBBLE, vectors.length), index.kept());
                long nibbles = index.memoryBytes();
                assertTrue(nibbles < bytes && bytes < full);
                double byNibbles = recall(index, vectors, random);
                assertTrue(byNibbles >= 0.6, what + "nibbles: " + byNibbles);
                long givable = index.givableBytes();
                lower(index, Precision.BIT);
                assertEquals(0, index.givableBytes());
                if (!partitioned) {
                    assertEquals(0, givable, "few vectors are looked at one by one, by their rows");
                    assertEquals(Map.of(Precision.NIBBLE, vectors.length), index.kept());
                    continue;
                }
                assertEquals(Map.of(Precision.BIT, vectors.length), index.kept());
                assertTrue(index.memoryBytes() <= nibbles - givable, what + "no row is left");
                double byBits = recall(index, vectors, random);
                assertTrue(byBits >= 0.25, what + "bits: " + byBits);
                double among = recall(index, vectors, random, 20 * K);
                assertTrue(among >= 0.9, what + "the true ones are among more: " + among);
                double cosine = 0;
                for (int i = 0; i < vectors.length; i++) {
                    cosine += cosine(vectors[i], index.reader().vector(i)) / vectors.length;
                }
                assertTrue(cosine > 0.8, what + "a vector is still known in part: " + cosine);
            }
        }
    }

    @Test
    void whatIsRaisedIsExactAgain() {
        Random random = Seeded.random("whatIsRaisedIsExactAgain");
        for (Precision lowest : new Precision[] {Precision.NIBBLE, Precision.BIT}) {
            raise(random, lowest);
        }
    }

    private void raise(Random random, Precision lowest) {
        PartitionedVectorIndex index = index(true);
        float[][] vectors = VectorIndexContractTest.fill(index, new Mixture(random, DIMENSIONS), COUNT);
        build();
        long full = index.memoryBytes();
        lower(index, lowest);
        if (lowest == Precision.NIBBLE) {
            assertEquals(full - index.memoryBytes(), index.missingBytes());
        }
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
        assertEquals(
                lowest == Precision.BIT ? 1 : 0,
                builds.size(),
                "codes that were made to do without rows are made anew");
        build();
        assertTrue(index.memoryBytes() < 1.02 * full, index.memoryBytes() + " of " + full);
        for (int ordinal = 0; ordinal < COUNT; ordinal += 3) {
            vectors[ordinal] = null;
        }
        int hits = 0;
        for (int q = 0; q < 100; q++) {
            float[] query = vectors[1 + 3 * random.nextInt(COUNT / 3 - 1)];
            hits += index.reader().nearest(query, 1, VectorIndex.ALL).scores()[0] > 0.9999 ? 1 : 0;
        }
        assertTrue(hits >= 98, hits + " of 100 found");
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

    /** All vectors are replaced in twenty rounds while there is memory for nothing but their codes. */
    @Test
    void vectorsComeAndGoWhileThereAreNoRows() {
        Random random = Seeded.random("vectorsComeAndGoWhileThereAreNoRows");
        Mixture mixture = new Mixture(random, DIMENSIONS);
        PartitionedVectorIndex index = index(true);
        float[][] vectors = VectorIndexContractTest.fill(index, mixture, COUNT);
        lower(index, Precision.BIT);
        long held = index.memoryBytes();
        double before = recall(index, vectors, random, 20 * K);
        float[][] all = Arrays.copyOf(vectors, 2 * COUNT);
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < COUNT / 20; i++) {
                int gone = round * (COUNT / 20) + i;
                assertTrue(index.remove(gone));
                all[gone] = null;
                all[COUNT + gone] = mixture.next();
                assertEquals(COUNT + gone, index.add(all[COUNT + gone]));
            }
            build();
            assertEquals(Map.of(Precision.BIT, COUNT), index.kept());
        }
        int hits = 0;
        for (int q = 0; q < 100; q++) {
            float[] query = all[COUNT + random.nextInt(COUNT)];
            int[] truth = VectorIndexContractTest.bruteForce(all, query, K, VectorIndex.ALL);
            int[] found = index.reader().nearest(query, 20 * K, VectorIndex.ALL).ordinals();
            hits += (int) IntStream.of(truth)
                    .filter(t -> IntStream.of(found).anyMatch(f -> f == t))
                    .count();
        }
        double after = hits / (100.0 * K);
        assertTrue(after >= before - 0.02, "recall " + before + " became " + after);
        // A name each for the ordinals that are gone, and what free blocks a split of memory into lists leaves.
        long names = 2L * COUNT * Integer.BYTES;
        assertTrue(index.memoryBytes() - names <= 1.05 * held, held + " became " + index.memoryBytes());
    }

    /** Where one axis carries most, vectors are rotated before they are coded, and what is read is rotated back. */
    @Test
    void aRotationIsTakenBack() {
        Random random = Seeded.random("aRotationIsTakenBack");
        for (int length : new int[] {8, 96, 104, 384}) {
            float[] vector = new float[length];
            for (int d = 0; d < length; d++) {
                vector[d] = (float) random.nextGaussian();
            }
            float[] turned = vector.clone();
            Rotation rotation = new Rotation(length, 7);
            rotation.apply(turned);
            assertTrue(cosine(vector, turned) < 0.999);
            rotation.undo(turned);
            for (int d = 0; d < length; d++) {
                assertEquals(vector[d], turned[d], 1e-4);
            }
        }
        PartitionedVectorIndex index = index(true);
        float[][] vectors = new float[COUNT][];
        Mixture mixture = new Mixture(random, DIMENSIONS);
        for (int i = 0; i < COUNT; i++) {
            float[] vector = mixture.next();
            vector[3] = 1.5f + vector[3];
            vectors[i] = VectorEngine.unit(vector);
            index.add(vectors[i]);
        }
        lower(index, Precision.BIT);
        for (int i = 0; i < COUNT; i += 17) {
            assertTrue(cosine(vectors[i], index.reader().vector(i)) > 0.7, "vector " + i);
        }
    }
}
