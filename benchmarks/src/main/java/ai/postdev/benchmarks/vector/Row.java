package ai.postdev.benchmarks.vector;

/**
 * One setting of one engine.
 *
 * @param recall share of the true ten nearest that was found
 * @param rate queries for each second of the calling thread's CPU time, one query per call
 * @param buildCpuSeconds of the whole process
 * @param bytes of memory for each vector, as the engine accounts for them
 */
record Row(String engine, String settings, double recall, double rate, double buildCpuSeconds, double bytes) {}
