package ai.postdev.coordinator.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** How long something took, in buckets of fixed bounds. Any thread; recording neither waits nor allocates. */
final class Histogram {
    /** From what a warm search takes to what a person gives up waiting for; about two steps to a factor of five. */
    private static final double[] SECONDS = {
        0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
    };

    private static final double NANOS = 1e9;

    /**
     * What was recorded.
     *
     * @param bounds upper bounds of the buckets, in seconds
     * @param counts of each bucket alone, and at the end of what is beyond all
     */
    record Figures(List<Double> bounds, List<Long> counts, double sumSeconds) {}

    private final AtomicLongArray counts = new AtomicLongArray(SECONDS.length + 1);
    private final LongAdder nanos = new LongAdder();

    void record(long tookNanos) {
        int bucket = 0;
        while (bucket < SECONDS.length && tookNanos / NANOS > SECONDS[bucket]) {
            bucket++;
        }
        counts.incrementAndGet(bucket);
        nanos.add(tookNanos);
    }

    Figures figures() {
        List<Long> each = new ArrayList<>();
        for (int i = 0; i < counts.length(); i++) {
            each.add(counts.get(i));
        }
        return new Figures(Arrays.stream(SECONDS).boxed().toList(), each, nanos.sum() / NANOS);
    }
}
