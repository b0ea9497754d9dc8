package ai.postdev.benchmarks.vector;

import ai.postdev.dragon.lake.vector.Effort;
import ai.postdev.dragon.lake.vector.Kernels;
import ai.postdev.dragon.lake.vector.PartitionSettings;
import ai.postdev.dragon.lake.vector.PartitionedVectorIndex;
import ai.postdev.dragon.lake.vector.Precision;
import ai.postdev.dragon.lake.vector.VectorIndex;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The product's own index: one query per call on one thread, a table of efforts. */
final class OwnIndex {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final double[] PROBES = {2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 160, 240};
    private static final double[] NEARS = {0.6, 0.8, 0.9, 1, 1.15};
    private static final double[] MARGINS = {0.4, 0.7, 1};
    /** A setting so much slower than another that finds as much is not measured further. */
    private static final double FAR_SLOWER = 0.9;

    private static final int PASSES = 5;

    final PartitionedVectorIndex index;
    final double buildCpuSeconds;
    private final VectorData data;
    private final String name;

    /** @param precision that vectors are kept in once the index is built */
    OwnIndex(String name, VectorData data, Kernels kernels, Precision precision) {
        this.name = name;
        this.data = data;
        long cpu = processCpu();
        List<Runnable> builds = new ArrayList<>();
        index = new PartitionedVectorIndex(data.dimensions(), kernels, new PartitionSettings(4_096, 0.99), builds::add);
        for (float[] vector : data.base()) {
            index.add(vector);
        }
        builds.removeFirst().run();
        buildCpuSeconds = (processCpu() - cpu) / 1e9;
        boolean lowered = precision != Precision.FLOAT;
        while (lowered) {
            lowered = index.lower(precision);
        }
    }

    static long processCpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** Speeds of all efforts worth trying, the calibrated one first. */
    List<Row> measure() {
        VectorIndex.Reader reader = index.reader();
        Effort calibrated = index.effort();
        warm(reader);
        List<Row> rows = new ArrayList<>();
        rows.add(row(reader, calibrated, "calibrated", PASSES));
        for (double probes : PROBES) {
            for (double near : NEARS) {
                for (double margin : MARGINS) {
                    Effort effort = new Effort(
                            probes, calibrated.growth(), calibrated.reach(), (float) (calibrated.near() * near), (float)
                                    (calibrated.margin() * margin));
                    row(reader, effort, rows).ifPresent(rows::add);
                }
            }
        }
        index.effort(calibrated);
        return rows;
    }

    private void warm(VectorIndex.Reader reader) {
        long until = System.nanoTime() + 4_000_000_000L;
        int[] ordinals = new int[VectorData.K];
        float[] scores = new float[VectorData.K];
        while (System.nanoTime() < until) {
            for (float[] query : data.queries()) {
                reader.nearest(query, VectorData.K, VectorIndex.ALL, ordinals, scores);
            }
        }
    }

    private Optional<Row> row(VectorIndex.Reader reader, Effort effort, List<Row> others) {
        Row once = row(reader, effort, "tried", 1);
        boolean slow = others.stream()
                .anyMatch(other -> other.recall() >= once.recall() && once.rate() < FAR_SLOWER * other.rate());
        return slow ? Optional.empty() : Optional.of(row(reader, effort, "tried", PASSES));
    }

    private Row row(VectorIndex.Reader reader, Effort effort, String kind, int passes) {
        index.effort(effort);
        int[][] found = new int[data.queries().length][VectorData.K];
        float[] scores = new float[VectorData.K];
        double[] rates = new double[passes];
        long bytes = 0;
        for (int pass = 0; pass < passes; pass++) {
            long allocated = THREADS.getCurrentThreadAllocatedBytes();
            long start = THREADS.getCurrentThreadCpuTime();
            for (int q = 0; q < found.length; q++) {
                reader.nearest(data.queries()[q], VectorData.K, VectorIndex.ALL, found[q], scores);
            }
            rates[pass] = found.length * 1e9 / (THREADS.getCurrentThreadCpuTime() - start);
            bytes = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        }
        Arrays.sort(rates);
        long[] nanos = new long[found.length];
        for (int q = 0; q < found.length; q++) {
            long start = THREADS.getCurrentThreadCpuTime();
            reader.nearest(data.queries()[q], VectorData.K, VectorIndex.ALL, found[q], scores);
            nanos[q] = THREADS.getCurrentThreadCpuTime() - start;
        }
        String settings = "%s: %.1f lists, near %.3f, margin %.4f, %d bytes allocated a query"
                .formatted(kind, effort.probes(), effort.near(), effort.margin(), bytes / found.length);
        return new Row(
                name,
                settings,
                data.recall(found),
                rates[passes / 2],
                Row.p99(nanos),
                buildCpuSeconds,
                index.memoryBytes() / (double) data.base().length);
    }
}
