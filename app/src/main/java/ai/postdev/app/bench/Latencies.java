package ai.postdev.app.bench;

import java.util.Arrays;
import java.util.Locale;

/** Times of repeated actions, told as percentiles. Not safe for several threads. */
final class Latencies {
    private long[] nanos = new long[256];
    private int count;

    void add(long elapsedNanos) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = elapsedNanos;
    }

    /** The nearest-rank percentile in milliseconds; {@code share} in (0, 1]. */
    double millis(double share) {
        if (count == 0) {
            throw new IllegalStateException("nothing was measured");
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(share * count) - 1)] / 1e6;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "p50 %.1f ms, p95 %.1f ms, p99 %.1f ms, longest %.1f ms (%d)",
                millis(0.5),
                millis(0.95),
                millis(0.99),
                millis(1),
                count);
    }
}
