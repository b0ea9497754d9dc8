package ai.postdev.dragon.model.metrics;

import java.util.Arrays;

/**
 * How often what was seen, in buckets with fixed upper bounds, as Prometheus counts them. Not thread-safe.
 */
public final class Histogram {
    /**
     * How it stands.
     *
     * @param bounds upper bounds of the buckets, which belong to them; above the last there is one more
     * @param counts of each bucket alone, one more than bounds
     * @param sum of all values
     */
    public record Figures(double[] bounds, long[] counts, double sum) {
        /** How many values there were. */
        public long count() {
            return Arrays.stream(counts).sum();
        }

        /**
         * A value below which a part of all lies, by going evenly through its bucket; of what is above the last bound that bound.
         *
         * @param part from 0 to 1
         * @return 0 if there are no values
         */
        public double quantile(double part) {
            double rank = part * count();
            double below = 0;
            for (int bucket = 0; bucket < bounds.length; bucket++) {
                if (counts[bucket] > 0 && below + counts[bucket] >= rank) {
                    double from = bucket == 0 ? 0 : bounds[bucket - 1];
                    return from + (bounds[bucket] - from) * Math.max(0, rank - below) / counts[bucket];
                }
                below += counts[bucket];
            }
            return count() == 0 ? 0 : bounds[bounds.length - 1];
        }
    }

    private final double[] bounds;
    private final long[] counts;
    private double sum;

    /** An empty one. @param bounds of its buckets, rising */
    public Histogram(double... bounds) {
        this.bounds = bounds.clone();
        counts = new long[bounds.length + 1];
    }

    /** Something was seen. */
    public void observe(double value) {
        int at = Arrays.binarySearch(bounds, value);
        counts[at < 0 ? -at - 1 : at]++;
        sum += value;
    }

    /** How it stands now. */
    public Figures figures() {
        return new Figures(bounds.clone(), counts.clone(), sum);
    }
}
