package ai.postdev.benchmarks.vector;

import ai.postdev.dragon.lake.vector.PartitionSettings;
import ai.postdev.dragon.lake.vector.PartitionedVectorIndex;
import ai.postdev.dragon.lake.vector.Precision;
import ai.postdev.dragon.lake.vector.VectorIndex;
import ai.postdev.dragon.lake.vector.VectorKernels;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Queue;
import java.util.stream.IntStream;

/**
 * All vectors replaced by others in 20 rounds of deletes and adds, in each precision: recall and bytes beside an index
 * built afresh of the same vectors, and how long the slowest single call took. With less than floats recall is also given as
 * it is once the best {@value #READ} are read in full, which a node does from its journal.
 *
 * <p>Arguments: {@code SETS COUNT}, of which one half takes the place of the other, for example {@code A,B 200000}, or
 * {@code C=FILE 0}.
 */
public final class VectorChurn {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int DIMENSIONS = 384;
    private static final int ROUNDS = 20;
    /** As {@code rerank-max} of a node. */
    private static final int READ = 256;

    private static final long WARM_NANOS = 2_000_000_000L;
    private static final double TEN_MILLIS = 10_000_000;

    private final VectorData data;
    private final int half;

    private VectorChurn(VectorData data) {
        this.data = data;
        this.half = data.base().length / 2;
    }

    /** Runs it. */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            System.out.println("arguments: SETS COUNT, e.g. A,B 200000");
            return;
        }
        for (String set : args[0].split(",")) {
            new VectorChurn(VectorSideBySide.data(set, Integer.parseInt(args[1]), DIMENSIONS)).run();
        }
    }

    private void run() {
        float[][] first = Arrays.copyOf(data.base(), half);
        float[][] second = Arrays.copyOfRange(data.base(), half, 2 * half);
        VectorData before = VectorData.of(data.name(), first, data.queries());
        VectorData after = VectorData.of(data.name(), second, data.queries());
        System.out.printf(
                "%nset %s, %d x %d, all replaced in %d rounds%n", data.name(), half, data.dimensions(), ROUNDS);
        System.out.println(
                "precision: recall (and read in full) before, after, afresh | bytes after, afresh | slowest calls");
        for (Precision precision : Precision.values()) {
            Index churned = new Index(first, precision);
            Recall atFirst = churned.recall(before, 0);
            Calls calls = churned.replace(second);
            Recall atLast = churned.recall(after, half);
            Index fresh = new Index(second, precision);
            Recall afresh = fresh.recall(after, 0);
            System.out.printf(
                    Locale.ROOT,
                    "%-7s %s %s %s | %.0f %.0f (%.3f) | %s%n",
                    precision.id(),
                    atFirst,
                    atLast,
                    afresh,
                    churned.bytes(),
                    fresh.bytes(),
                    churned.bytes() / fresh.bytes(),
                    calls);
        }
    }

    private record Recall(double memory, double full) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.4f (%.4f)", memory, full);
        }
    }

    /** How long adds and removals took, in nanoseconds of the thread's CPU and of time. */
    private record Calls(long[] cpu, long[] time) {
        @Override
        public String toString() {
            Arrays.sort(cpu);
            Arrays.sort(time);
            long beyond = Arrays.stream(cpu).filter(nanos -> nanos > TEN_MILLIS).count();
            return String.format(
                    Locale.ROOT,
                    "CPU p99 %.1f us, p99.9 %.1f us, most %.2f ms, %d above 10 ms; time p99.9 %.1f us, most %.2f ms",
                    at(cpu, 0.99) / 1e3,
                    at(cpu, 0.999) / 1e3,
                    at(cpu, 1) / 1e6,
                    beyond,
                    at(time, 0.999) / 1e3,
                    at(time, 1) / 1e6);
        }

        private static double at(long[] sorted, double share) {
            return sorted[(int) Math.ceil(share * sorted.length) - 1];
        }
    }

    private final class Index {
        private final Queue<Runnable> builds = new ArrayDeque<>();
        private final PartitionedVectorIndex index = new PartitionedVectorIndex(
                data.dimensions(), VectorKernels.best(), new PartitionSettings(4_096, 0.99), builds::add);
        private final Precision precision;

        Index(float[][] vectors, Precision precision) {
            this.precision = precision;
            for (float[] vector : vectors) {
                index.add(vector);
            }
            build();
            lower();
        }

        private void build() {
            while (!builds.isEmpty()) {
                builds.poll().run();
            }
        }

        private void lower() {
            for (boolean more = precision != Precision.FLOAT; more; ) {
                more = index.lower(precision);
                if (!more && !builds.isEmpty()) {
                    build();
                    more = true;
                }
            }
        }

        double bytes() {
            return index.memoryBytes() / (double) index.live();
        }

        /** The oldest of those that are left go, then as many come. */
        Calls replace(float[][] with) {
            long[] cpu = new long[2 * with.length];
            long[] time = new long[cpu.length];
            int calls = 0;
            for (int round = 0; round < ROUNDS; round++) {
                int from = (int) ((long) with.length * round / ROUNDS);
                int to = (int) ((long) with.length * (round + 1) / ROUNDS);
                for (int i = from; i < to; i++, calls++) {
                    int gone = i;
                    measure(cpu, time, calls, () -> index.remove(gone));
                }
                for (int i = from; i < to; i++, calls++) {
                    float[] added = with[i];
                    measure(cpu, time, calls, () -> index.add(added));
                }
                if (!builds.isEmpty()) {
                    throw new IllegalStateException("a partition is to be built anew in round " + round);
                }
            }
            return new Calls(cpu, time);
        }

        private static void measure(long[] cpu, long[] time, int at, Runnable call) {
            long began = System.nanoTime();
            long beganCpu = THREADS.getCurrentThreadCpuTime();
            call.run();
            cpu[at] = THREADS.getCurrentThreadCpuTime() - beganCpu;
            time[at] = System.nanoTime() - began;
        }

        /** @param offset ordinal of the first vector of {@code of} */
        Recall recall(VectorData of, int offset) {
            VectorIndex.Reader reader = index.reader();
            long until = System.nanoTime() + WARM_NANOS;
            for (int q = 0; System.nanoTime() < until; q = (q + 1) % of.queries().length) {
                reader.nearest(of.queries()[q], VectorData.K, VectorIndex.ALL);
            }
            int[][] memory = new int[of.queries().length][];
            int[][] full = new int[memory.length][];
            for (int q = 0; q < memory.length; q++) {
                float[] query = of.queries()[q];
                memory[q] = found(reader, query, VectorData.K, offset);
                full[q] = IntStream.of(found(reader, query, READ, offset))
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer i) -> -VectorData.dot(of.base()[i], query)))
                        .limit(VectorData.K)
                        .mapToInt(i -> i)
                        .toArray();
            }
            return new Recall(of.recall(memory), of.recall(full));
        }

        private int[] found(VectorIndex.Reader reader, float[] query, int k, int offset) {
            return IntStream.of(reader.nearest(query, k, VectorIndex.ALL).ordinals())
                    .map(ordinal -> ordinal - offset)
                    .toArray();
        }
    }
}
