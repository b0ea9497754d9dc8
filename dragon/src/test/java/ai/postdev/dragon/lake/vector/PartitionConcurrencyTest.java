package ai.postdev.dragon.lake.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.lake.Seeded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Readers search while the writer adds and removes and partitions are built behind it: memory is given back and used
 * again under them. Every answer is checked against what must stand there.
 */
class PartitionConcurrencyTest {
    private static final int DIMENSIONS = 32;
    /** Different vectors; they are added again and again. */
    private static final int VECTORS = 20_000;

    private static final int ADDED_PER_SEARCH = 20;
    private static final int KEPT = 6_000;
    private static final int SEARCHES = 20_000;
    private static final int READERS = 2;
    private static final int STOPS_EACH = 20;
    private static final int ACCEPTED_BEFORE_STOP = 60;
    private static final int OVERTAKING = 500;
    /** The first vectors stay to the end, so that readers know what must be found. */
    private static final int STAY = 2_000;

    /** Vectors added between two changes of precision. */
    private static final int SAME_PRECISION = 300;

    /** Steps down between precisions, at least. */
    private static final int STEPS = 11;

    /** What four bits for each of so few numbers may be off by; another vector's product is off by more, mostly. */
    private static final float COARSE = 0.15f;

    /** The same of one bit. */
    private static final float COARSEST = 0.7f;

    private static final float EXACT = 1e-4f;
    /** One of so many vectors may be missed among the nearest five, in floats and at 4 bits; and at 1 bit. */
    private static final int MISSED = 50;

    private static final int MISSED_COARSEST = 4;

    @Test
    void answersAreTrueWhileVectorsComeAndGo() throws Exception {
        run(Seeded.random("answersAreTrueWhileVectorsComeAndGo").nextLong(), EXACT, Precision.FLOAT);
    }

    @Test
    void answersAreTrueWhileMemoryIsGivenBackAndTakenAgain() throws Exception {
        run(Seeded.random("answersAreTrueWhileMemoryIsGivenBackAndTakenAgain").nextLong(), COARSE, Precision.NIBBLE);
    }

    @Test
    void answersAreTrueWhileRowsGoAndComeBack() throws Exception {
        run(Seeded.random("answersAreTrueWhileRowsGoAndComeBack").nextLong(), COARSEST, Precision.BIT);
    }

    private static void run(long seed, float tolerance, Precision lowest) throws Exception {
        float[][] vectors = new float[VECTORS][];
        for (int ordinal = 0; ordinal < VECTORS; ordinal++) {
            vectors[ordinal] = vector(seed, ordinal);
        }
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong asked = new AtomicLong();
        AtomicLong missed = new AtomicLong();
        try (ExecutorService builder = Executors.newSingleThreadExecutor();
                ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
            PartitionedVectorIndex index = new PartitionedVectorIndex(
                    DIMENSIONS, VectorKernels.best(), new PartitionSettings(1_000, 0.99), builder);
            List<Future<?>> running = new ArrayList<>();
            for (int r = 0; r < READERS; r++) {
                int reader = r;
                running.add(readers.submit(
                        () -> read(index, vectors, new Random(seed + reader), tolerance, done, asked, missed)));
            }
            int steps;
            try {
                steps = write(index, vectors, new Random(seed), lowest, asked);
            } finally {
                done.set(true); // also when the writer failed: closing waits for the readers
            }
            assertTrue(lowest == Precision.FLOAT || steps >= STEPS, steps + " steps between precisions");
            for (Future<?> each : running) {
                each.get(60, TimeUnit.SECONDS);
            }
            builder.shutdown();
            assertTrue(builder.awaitTermination(60, TimeUnit.SECONDS), "the builder ends");
            assertTrue(index.partitioned());
            assertTrue(asked.get() >= SEARCHES, asked + " searches ran beside the writer");
            int share = lowest == Precision.BIT ? MISSED_COARSEST : MISSED;
            assertTrue(missed.get() <= asked.get() / share, missed + " of " + asked + " vectors were not found");
            for (int ordinal = 0; ordinal < STAY; ordinal++) {
                assertTrue(index.reader().holds(ordinal), "vector " + ordinal + " stayed");
            }
        }
    }

    private static int write(
            PartitionedVectorIndex index, float[][] vectors, Random random, Precision lowest, AtomicLong asked) {
        int taken = 0;
        boolean reached = false;
        List<Integer> live = new ArrayList<>();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        int wanted = lowest == Precision.FLOAT ? 0 : STEPS; // builds take as long as the machine's load lets them
        for (int ordinal = 0; asked.get() < SEARCHES || !reached || taken < wanted; ordinal++) {
            // Not faster than readers and builder, which would then see little of it.
            while (ordinal > KEPT && (!index.partitioned() || ordinal > 3 * KEPT + ADDED_PER_SEARCH * asked.get())) {
                assertTrue(System.nanoTime() - deadline < 0, "readers and builder go on: " + asked + " searches");
                Thread.onSpinWait();
            }
            assertEquals(ordinal, index.add(vectors[ordinal % VECTORS]));
            if (ordinal >= STAY) {
                live.add(ordinal);
            }
            if (live.size() > KEPT) {
                int at = random.nextInt(live.size());
                int gone = live.get(at);
                live.set(at, live.getLast());
                live.removeLast();
                assertTrue(index.remove(gone));
            }
            if (lowest != Precision.FLOAT && ordinal % SAME_PRECISION == 0) {
                taken += step(index, vectors, lowest) ? 1 : 0;
            }
            reached = reached || index.kept().containsKey(lowest);
        }
        assertTrue(reached, "some were kept at " + lowest.id());
        return taken;
    }

    /** Down while there is a lower precision, then up again. */
    private static boolean step(PartitionedVectorIndex index, float[][] vectors, Precision lowest) {
        if (index.lower(lowest)) {
            return true;
        }
        Map<Integer, float[]> exact = new HashMap<>();
        for (int ordinal : index.lowered()) {
            exact.put(ordinal, vectors[ordinal % VECTORS]);
        }
        index.raise(exact);
        return false;
    }

    private static Void read(
            PartitionedVectorIndex index,
            float[][] vectors,
            Random random,
            float tolerance,
            AtomicBoolean done,
            AtomicLong asked,
            AtomicLong missed) {
        while (!done.get()) {
            VectorIndex.Reader view = index.reader();
            if (view.size() < STAY || !index.partitioned()) {
                continue;
            }
            int wanted = random.nextInt(STAY);
            float[] query = vectors[wanted];
            // Some searches stand still in their middle, so that the writer overtakes them.
            int stop = random.nextInt(STOPS_EACH) == 0 ? random.nextInt(ACCEPTED_BEFORE_STOP) : -1;
            int[] accepted = {0};
            VectorIndex.Found found = view.nearest(query, 5, _ -> {
                if (accepted[0]++ == stop) {
                    overtaken(index);
                }
                return true;
            });
            asked.incrementAndGet();
            assertEquals(1, dot(query, view.vector(wanted)), tolerance, "what stays is what was added");
            boolean seen = false;
            for (int i = 0; i < found.ordinals().length; i++) {
                int ordinal = found.ordinals()[i];
                assertTrue(ordinal >= 0 && ordinal < view.size(), "ordinal " + ordinal + " of " + view.size());
                assertEquals(
                        dot(query, vectors[ordinal % VECTORS]),
                        found.scores()[i],
                        tolerance,
                        "the score of " + ordinal);
                seen |= ordinal % VECTORS == wanted;
            }
            if (!seen) {
                missed.incrementAndGet();
            }
        }
        return null;
    }

    private static void overtaken(PartitionedVectorIndex index) {
        int before = index.size();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2);
        while (index.size() < before + OVERTAKING && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait();
        }
    }

    private static float[] vector(long seed, int ordinal) {
        Random random = new Random(seed ^ ordinal * 0x9E3779B97F4A7C15L);
        // Forty places around which vectors lie, so that lists grow unevenly and split.
        Random centre = new Random(seed ^ Math.floorMod(random.nextInt(), 40));
        float[] vector = new float[DIMENSIONS];
        double square = 0;
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) (centre.nextGaussian() + 0.6 * random.nextGaussian());
            square += vector[i] * vector[i];
        }
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] /= (float) Math.sqrt(square);
        }
        return vector;
    }

    private static float dot(float[] left, float[] right) {
        float sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }
}
