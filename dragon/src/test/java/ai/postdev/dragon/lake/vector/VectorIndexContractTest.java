package ai.postdev.dragon.lake.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.lake.Seeded;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every vector index keeps to, the exact one and the partitioned ones. */
abstract class VectorIndexContractTest {
    private static final int COUNT = 5_000;
    private static final int K = 10;

    /** An empty index that partitions, if it does, above 1,000 vectors. */
    abstract VectorIndex index(int dimensions);

    /** The share of true neighbours that it must find. */
    abstract double recallMin();

    @Test
    void theNearestAreWhatBruteForceFinds() {
        Random random = Seeded.random("theNearestAreWhatBruteForceFinds");
        for (int dimensions : new int[] {19, 64, 100}) {
            Mixture mixture = new Mixture(random, dimensions);
            VectorIndex index = index(dimensions);
            float[][] vectors = fill(index, mixture, COUNT);
            assertRecall(index.reader(), vectors, mixture, VectorIndex.ALL, recallMin());
        }
    }

    @Test
    void aFilterThatAcceptsOneInAHundredStillFindsTheNearest() {
        Random random = Seeded.random("aFilterThatAcceptsOneInAHundredStillFindsTheNearest");
        Mixture mixture = new Mixture(random, 64);
        VectorIndex index = index(64);
        float[][] vectors = fill(index, mixture, COUNT);
        Set<Integer> accepted = new HashSet<>();
        while (accepted.size() < COUNT / 100) {
            accepted.add(random.nextInt(COUNT));
        }
        assertRecall(index.reader(), vectors, mixture, accepted::contains, recallMin());
        int half = random.nextInt(2);
        assertRecall(index.reader(), vectors, mixture, ordinal -> (ordinal & 1) == half, recallMin());
        assertEquals(0, index.reader().nearest(vectors[0], K, _ -> false).ordinals().length);
    }

    /** Whatever share a filter accepts, and whether what it accepts lies anywhere or all in one corner. */
    @Test
    void aFilterKeepsTheRecallWhateverItAccepts() {
        Random random = Seeded.random("aFilterKeepsTheRecallWhateverItAccepts");
        Mixture mixture = new Mixture(random, 48);
        VectorIndex index = index(48);
        float[][] vectors = fill(index, mixture, COUNT);
        VectorIndex.Reader reader = index.reader();
        for (double share : new double[] {0.5, 0.1, 0.01, 0.001, 0}) {
            float[] corner = mixture.next();
            int[] byNearness = bruteForce(vectors, corner, COUNT, VectorIndex.ALL);
            BitSet anywhere = new BitSet();
            BitSet together = new BitSet();
            for (int i = 0; i < share * COUNT; i++) {
                anywhere.set(random.nextInt(COUNT));
                together.set(byNearness[i]);
            }
            for (BitSet allowed : List.of(anywhere, together)) {
                String what = share + (allowed == together ? " together" : " anywhere");
                assertRecall(query -> reader.nearest(query, K, allowed::get), vectors, mixture, allowed::get, what);
                assertRecall(query -> reader.nearestOf(query, K, allowed), vectors, mixture, allowed::get, what);
            }
        }
    }

    /** One way to search. */
    private interface Search {
        VectorIndex.Found nearest(float[] query);
    }

    private void assertRecall(Search search, float[][] vectors, Mixture mixture, IntPredicate accept, String what) {
        assertRecall(search, vectors, mixture, accept, recallMin(), what);
    }

    private static void assertRecall(
            VectorIndex.Reader reader, float[][] vectors, Mixture mixture, IntPredicate accept, double least) {
        assertRecall(query -> reader.nearest(query, K, accept), vectors, mixture, accept, least, "");
    }

    private static void assertRecall(
            Search search, float[][] vectors, Mixture mixture, IntPredicate accept, double least, String what) {
        int hits = 0;
        int wanted = 0;
        for (int q = 0; q < 100; q++) {
            float[] query = mixture.next();
            VectorIndex.Found found = search.nearest(query);
            int[] truth = bruteForce(vectors, query, K, accept);
            wanted += truth.length;
            for (int i = 0; i < found.ordinals().length; i++) {
                int ordinal = found.ordinals()[i];
                assertTrue(accept.test(ordinal));
                assertEquals(dot(vectors[ordinal], query), found.scores()[i], 1e-5, "an exact score");
                assertTrue(i == 0 || found.scores()[i] <= found.scores()[i - 1], "best first");
                hits += IntStream.of(truth).anyMatch(t -> t == ordinal) ? 1 : 0;
            }
        }
        assertTrue(
                hits >= least * wanted, what + ": " + hits + " of " + wanted + " found, at least " + least + " wanted");
    }

    @Test
    void whatWasAddedIsFoundByTheNextReader() {
        Random random = Seeded.random("whatWasAddedIsFoundByTheNextReader");
        Mixture mixture = new Mixture(random, 64);
        VectorIndex index = index(64);
        for (int i = 0; i < 3_000; i++) {
            float[] vector = mixture.next();
            int ordinal = index.add(vector);
            assertEquals(i, ordinal);
            if (i % 7 == 0) {
                assertEquals(
                        ordinal,
                        index.reader().nearest(vector, 1, VectorIndex.ALL).ordinals()[0]);
            }
        }
    }

    @Test
    void aReaderDoesNotFindWhatCameAfterIt() {
        Random random = Seeded.random("aReaderDoesNotFindWhatCameAfterIt");
        Mixture mixture = new Mixture(random, 64);
        VectorIndex index = index(64);
        float[][] vectors = fill(index, mixture, COUNT / 2);
        VectorIndex.Reader early = index.reader();
        float[] later = mixture.next();
        int ordinal = index.add(later);
        for (int copy = 0; copy < 40; copy++) {
            index.add(later); // these would fill all places of the answer
        }
        fill(index, mixture, COUNT / 2);
        for (int found : early.nearest(later, K, VectorIndex.ALL).ordinals()) {
            assertTrue(found < COUNT / 2);
        }
        assertFalse(early.holds(ordinal));
        assertThrows(NoSuchElementException.class, () -> early.vector(ordinal));
        assertEquals(COUNT / 2, early.size());
        assertRecall(early, vectors, mixture, VectorIndex.ALL, recallMin());
        BitSet all = new BitSet();
        all.set(0, COUNT);
        for (int found : early.nearestOf(later, K, all).ordinals()) {
            assertTrue(found < COUNT / 2);
        }
        all.clear(0, COUNT - 100);
        assertEquals(0, early.nearestOf(later, K, all).ordinals().length);
        assertEquals(ordinal, index.reader().nearest(later, 1, VectorIndex.ALL).ordinals()[0]);
    }

    @Test
    void whatWasRemovedIsFoundByNoReader() {
        Random random = Seeded.random("whatWasRemovedIsFoundByNoReader");
        Mixture mixture = new Mixture(random, 64);
        VectorIndex index = index(64);
        float[][] vectors = fill(index, mixture, COUNT);
        VectorIndex.Reader early = index.reader();
        boolean[] gone = new boolean[COUNT];
        for (int i = 0; i < COUNT; i++) {
            if (random.nextInt(3) > 0) {
                gone[i] = true;
                assertTrue(index.remove(i));
                assertFalse(index.remove(i), "removed twice");
            }
        }
        assertFalse(index.remove(-1));
        assertFalse(index.remove(COUNT));
        int left = (int) IntStream.range(0, COUNT).filter(i -> !gone[i]).count();
        assertEquals(left, index.live());
        for (VectorIndex.Reader reader : List.of(early, index.reader())) {
            for (int i = 0; i < 300; i++) {
                for (int found : reader.nearest(vectors[i], K, VectorIndex.ALL).ordinals()) {
                    assertFalse(gone[found]);
                }
                assertEquals(!gone[i], reader.holds(i));
            }
            BitSet few = new BitSet();
            few.set(0, 300);
            for (int found : reader.nearestOf(vectors[0], 300, few).ordinals()) {
                assertFalse(gone[found]);
            }
        }
        assertRecall(early, without(vectors, gone), mixture, ordinal -> !gone[ordinal], recallMin());
        assertEquals(
                left,
                index.reader().nearest(vectors[0], COUNT, VectorIndex.ALL).ordinals().length,
                "all, if so many are asked for");
    }

    private static float[][] without(float[][] vectors, boolean[] gone) {
        float[][] left = vectors.clone();
        for (int i = 0; i < gone.length; i++) {
            left[i] = gone[i] ? null : left[i];
        }
        return left;
    }

    @Test
    void removedMemoryServesTheNextVectors() {
        Random random = Seeded.random("removedMemoryServesTheNextVectors");
        Mixture mixture = new Mixture(random, 64);
        VectorIndex index = index(64);
        fill(index, mixture, COUNT);
        long held = index.memoryBytes();
        int oldest = 0;
        for (int i = 0; i < 2 * COUNT; i++) {
            index.remove(oldest++);
            index.add(mixture.next());
        }
        assertEquals(COUNT, index.live());
        assertTrue(index.memoryBytes() <= held * 1.15, held + " bytes became " + index.memoryBytes());
    }

    @Test
    void equalScoresComeInTheOrderOfTheirOrdinals() {
        VectorIndex index = index(8);
        float[] one = {1, 0, 0, 0, 0, 0, 0, 0};
        for (int i = 0; i < 50; i++) {
            index.add(one);
        }
        index.remove(1);
        index.add(one);
        assertArrayEquals(
                new int[] {0, 2, 3, 4},
                index.reader().nearest(one, 4, VectorIndex.ALL).ordinals());
    }

    @Test
    void manyIdenticalVectorsAndZerosDoNoHarm() {
        VectorIndex index = index(16);
        float[] one = new float[16];
        one[3] = 1;
        for (int i = 0; i < 3_000; i++) {
            index.add(i % 3 == 0 ? new float[16] : one);
        }
        VectorIndex.Found found = index.reader().nearest(one, K, VectorIndex.ALL);
        assertEquals(K, found.ordinals().length);
        for (float score : found.scores()) {
            assertEquals(1, score);
        }
    }

    @Test
    void manyQueriesAtOnceAreAnsweredAsOneByOne() {
        Random random = Seeded.random("manyQueriesAtOnceAreAnsweredAsOneByOne");
        Mixture mixture = new Mixture(random, 64);
        VectorIndex index = index(64);
        fill(index, mixture, 2_000);
        List<float[]> queries =
                IntStream.range(0, 20).mapToObj(_ -> mixture.next()).toList();
        List<VectorIndex.Found> all = index.reader().nearest(queries, K, VectorIndex.ALL);
        for (int i = 0; i < queries.size(); i++) {
            VectorIndex.Found one = index.reader().nearest(queries.get(i), K, VectorIndex.ALL);
            assertArrayEquals(one.ordinals(), all.get(i).ordinals());
            assertArrayEquals(one.scores(), all.get(i).scores());
        }
    }

    @Test
    void aVectorOrAQueryOfOtherDimensionsIsRefused() {
        VectorIndex index = index(8);
        index.add(new float[8]);
        assertThrows(IllegalArgumentException.class, () -> index.add(new float[9]));
        assertThrows(IllegalArgumentException.class, () -> index.reader().nearest(new float[7], 1, VectorIndex.ALL));
    }

    @Test
    void anEmptyIndexFindsNothing() {
        assertEquals(
                0, index(8).reader().nearest(new float[8], 5, VectorIndex.ALL).ordinals().length);
    }

    static float[][] fill(VectorIndex index, Mixture mixture, int count) {
        float[][] vectors = new float[count][];
        for (int i = 0; i < count; i++) {
            vectors[i] = mixture.next();
            index.add(vectors[i]);
        }
        return vectors;
    }

    /** The best of vectors; null ones are passed over. */
    static int[] bruteForce(float[][] vectors, float[] query, int k, IntPredicate accept) {
        return IntStream.range(0, vectors.length)
                .filter(i -> vectors[i] != null && accept.test(i))
                .boxed()
                .sorted((a, b) -> Double.compare(dot(vectors[b], query), dot(vectors[a], query)))
                .limit(k)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            sum += (double) a[d] * b[d];
        }
        return sum;
    }

    /** Unit vectors around some centres, as embeddings are; the same source makes vectors and queries. */
    static final class Mixture {
        private final Random random;
        private final float[][] centres;
        private static final float NOISE = 0.7f;

        Mixture(Random random, int dimensions) {
            this.random = random;
            this.centres = new float[40][dimensions];
            for (float[] centre : centres) {
                for (int d = 0; d < dimensions; d++) {
                    centre[d] = (float) random.nextGaussian();
                }
            }
        }

        float[] next() {
            float[] centre = centres[random.nextInt(centres.length)];
            float[] vector = Arrays.copyOf(centre, centre.length);
            for (int d = 0; d < vector.length; d++) {
                vector[d] += NOISE * (float) random.nextGaussian();
            }
            return VectorEngine.unit(vector);
        }
    }
}
