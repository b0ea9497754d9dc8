package ai.postdev.benchmarks.vector;

import java.util.Arrays;

/**
 * One setting of one engine.
 *
 * @param recall share of the true ten nearest that was found
 * @param rate queries for each second of the calling thread's CPU time, one query per call
 * @param p99Micros CPU time of the calling thread that one query in a hundred exceeds
 * @param buildCpuSeconds of the whole process
 * @param bytes of memory for each vector, as the engine accounts for them
 */
record Row(
        String engine,
        String settings,
        double recall,
        double rate,
        double p99Micros,
        double buildCpuSeconds,
        double bytes) {
    /** The p99 of times in nanoseconds, in microseconds; sorts them. */
    static double p99(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[(int) Math.ceil(0.99 * nanos.length) - 1] / 1_000.0;
    }
}
