package ai.postdev.dragon.lake.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.lake.Seeded;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class RecallSampleTest {
    private static final int K = 10;

    private final ArrayDeque<Runnable> background = new ArrayDeque<>();
    private final QueryBuffers buffers = new QueryBuffers(16, 16);
    private long now = 1_000;

    private RecallSample sample(int every, int millis) {
        return new RecallSample(new PartitionSettings(1_000, 0.99, every, millis), background::add, () -> now, _ -> {});
    }

    private static VectorIndex.Found found(float... scores) {
        return new VectorIndex.Found(new int[scores.length], scores);
    }

    @Test
    void oneOfSoManyIsCheckedAndOnlyOneAtATime() {
        RecallSample sample = sample(8, 1_000);
        int due = 0;
        for (int i = 0; i < 800; i++) {
            if (sample.isDue(buffers)) {
                due++;
                sample.check(new float[16], 2, new float[] {1, 1}, (_, _) -> found(1, 1));
                for (int other = 0; other < 8; other++) {
                    assertFalse(sample.isDue(buffers), "one is waiting");
                }
                background.remove().run();
            }
        }
        assertEquals(800 / 8, due);
        assertEquals(new SampledRecall(2 * due, 2 * due), sample.recall());
    }

    @Test
    void checksTakeNoMoreOfASecondThanAllowed() {
        RecallSample sample = sample(1, 20);
        long spent = 0;
        long began = now;
        long second = TimeUnit.SECONDS.toNanos(1);
        while (now - began < 100 * second) {
            now += second / 1_000;
            if (sample.isDue(buffers)) {
                long before = now;
                sample.check(new float[16], 1, new float[] {1}, (_, _) -> {
                    now += second / 200;
                    return found(1);
                });
                background.remove().run();
                spent += now - before;
            }
        }
        assertTrue(spent <= 100 * second / 50 + second / 200, spent + " ns");
        assertTrue(spent >= 100 * second / 60, spent + " ns");
    }

    @Test
    void aFailedCheckDoesNotEndTheSampling() {
        RecallSample sample = sample(1, 1_000);
        assertTrue(sample.isDue(buffers));
        sample.check(new float[16], 1, new float[] {1}, (_, _) -> {
            throw new IllegalStateException("as if memory had run out");
        });
        try {
            background.remove().run();
        } catch (IllegalStateException e) {
            assertEquals(SampledRecall.NONE, sample.recall());
        }
        assertTrue(sample.isDue(buffers));
    }

    @Test
    void theNewestCountMost() {
        RecallSample sample = sample(1, 1_000);
        for (int i = 0; i < 12_000; i++) {
            assertTrue(sample.isDue(buffers));
            float score = i < 6_000 ? 1 : 0.5f;
            sample.check(new float[16], 1, new float[] {score, score}, (_, _) -> found(1, 1, 1, 0.9f));
            background.remove().run();
        }
        SampledRecall recall = sample.recall();
        assertTrue(recall.found() < recall.wanted() / 4, recall.toString());
        assertTrue(recall.wanted() <= 20_004);
    }

    /** What the sample says is what brute force says. */
    @Test
    void theFigureIsTheRecallOfTheSearches() {
        Random random = Seeded.random("theFigureIsTheRecallOfTheSearches");
        VectorIndexContractTest.Mixture mixture = new VectorIndexContractTest.Mixture(random, 32);
        PartitionedVectorIndex index = new PartitionedVectorIndex(
                32, VectorKernels.best(), new PartitionSettings(1_000, 0.99, 1, 1_000), Runnable::run);
        float[][] vectors = VectorIndexContractTest.fill(index, mixture, 6_000);
        for (double probes : new double[] {1, 3, 1_000}) {
            index.effort(index.effort().withProbes(probes));
            SampledRecall before = index.recall();
            long found = 0;
            for (int q = 0; q < 200; q++) {
                float[] query = mixture.next();
                VectorIndex.Found answer = index.reader().nearest(query, K, VectorIndex.ALL);
                for (int ordinal : VectorIndexContractTest.bruteForce(vectors, query, K, VectorIndex.ALL)) {
                    for (int each : answer.ordinals()) {
                        found += each == ordinal ? 1 : 0;
                    }
                }
            }
            SampledRecall after = index.recall();
            assertEquals(200 * K, after.wanted() - before.wanted());
            assertEquals(found, after.found() - before.found(), 2); // near-ties
            index.reader().nearest(mixture.next(), K, ordinal -> ordinal % 2 == 0);
            assertEquals(after, index.recall(), "a search with a filter finds other neighbours");
            assertTrue(probes > 1 || found < 195 * K, "some are missed, else this shows nothing");
        }
    }
}
