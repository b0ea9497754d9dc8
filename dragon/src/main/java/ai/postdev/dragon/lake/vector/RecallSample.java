package ai.postdev.dragon.lake.vector;

import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Checks a small share of the searches that are answered against exact ones, in the background, so that the recall in
 * force is known and not only the one measured at the build. At most one check waits or runs, and checks take at most so
 * much of each second. Any thread.
 */
final class RecallSample {
    /** Beyond so many neighbours the counts are halved: the figure follows what changes. */
    private static final long KEPT = 20_000;
    /** A sum of products in another order differs by so much. */
    private static final float SAME = 1e-5f;

    private final int every;
    private final long secondsPerSecond;
    private final Executor executor;
    private final LongSupplier nanos;
    private final Consumer<SampledRecall> told;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile long notBefore;
    private volatile SampledRecall recall = SampledRecall.NONE;

    /** Looks at every vector for the nearest of a query. */
    interface Exact {
        VectorIndex.Found nearest(float[] query, int k);
    }

    /**
     * Nothing checked yet.
     *
     * @param nanos the present in nanoseconds, as {@link System#nanoTime()}
     * @param told of each check, on the thread of the executor
     */
    RecallSample(PartitionSettings settings, Executor executor, LongSupplier nanos, Consumer<SampledRecall> told) {
        this.every = settings.sampleEvery();
        this.secondsPerSecond = TimeUnit.SECONDS.toMillis(1) / settings.sampleMillis();
        this.executor = executor;
        this.nanos = nanos;
        this.told = told;
        this.notBefore = nanos.getAsLong();
    }

    /** Whether the next search of this reader's is to be checked. */
    boolean isDue(QueryBuffers buffers) {
        return every > 0
                && ++buffers.asked % every == 0
                && nanos.getAsLong() - notBefore >= 0
                && busy.compareAndSet(false, true);
    }

    /**
     * Checks a search for which {@link #isDue} was true.
     *
     * @param query and
     * @param scores are not changed any more
     * @param k neighbours wanted
     */
    void check(float[] query, int k, float[] scores, Exact exact) {
        executor.execute(() -> {
            long began = nanos.getAsLong();
            try {
                count(scores, exact.nearest(query, k));
            } finally {
                long now = nanos.getAsLong();
                notBefore = now + (now - began) * (secondsPerSecond - 1);
                busy.set(false);
            }
        });
    }

    /** Of two vectors alike, either may be found: so scores are compared, not ordinals. Only the one check counts. */
    private void count(float[] scores, VectorIndex.Found truth) {
        int wanted = truth.scores().length;
        if (wanted == 0) {
            return;
        }
        float last = truth.scores()[wanted - 1] - SAME;
        int found = 0;
        for (float score : scores) {
            found += score >= last && found < wanted ? 1 : 0;
        }
        SampledRecall before = recall;
        SampledRecall kept =
                before.wanted() < KEPT ? before : new SampledRecall(before.found() / 2, before.wanted() / 2);
        SampledRecall check = new SampledRecall(found, wanted);
        recall = kept.plus(check);
        told.accept(check);
    }

    /** Searches look harder or less hard from now on: what was found before says nothing of them. On the checks' thread. */
    void anew() {
        recall = SampledRecall.NONE;
    }

    /** What was found in the searches checked so far. */
    SampledRecall recall() {
        return recall;
    }
}
