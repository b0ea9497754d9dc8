package ai.postdev.benchmarks.vector;

import ai.postdev.dragon.lake.vector.PartitionSettings;
import ai.postdev.dragon.lake.vector.PartitionedVectorIndex;
import ai.postdev.dragon.lake.vector.VectorIndex;
import ai.postdev.dragon.lake.vector.VectorKernels;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Adds at a steady rate while another thread asks one question after another: how long an add takes, and whether what was added
 * is found at once. Re-splits of lists run on a third thread, as in a node. Arguments: {@code SETS COUNT}, for example
 * {@code B 100000}; a fifth of the vectors is added so.
 */
public final class VectorAdds {
    private static final int DIMENSIONS = 384;
    private static final long PERIOD_NANOS = 1_000_000;
    private static final int LOOKED_FOR = 50;
    private static final long WARM_NANOS = 3_000_000_000L;

    private VectorAdds() {}

    /** Runs it. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length != 2) {
            System.out.println("arguments: SETS COUNT, e.g. A,B 100000");
            return;
        }
        for (String set : args[0].split(",")) {
            run(VectorSideBySide.data(set, Integer.parseInt(args[1]), DIMENSIONS));
        }
    }

    private static void run(VectorData data) throws InterruptedException {
        int first = data.base().length * 4 / 5;
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong asked = new AtomicLong();
        try (ExecutorService builds = Executors.newSingleThreadExecutor()) {
            PartitionedVectorIndex index = new PartitionedVectorIndex(
                    data.dimensions(), VectorKernels.best(), new PartitionSettings(4_096, 0.99), builds);
            for (int i = 0; i < first; i++) {
                index.add(data.base()[i]);
            }
            builds.submit(() -> {}).get();
            Thread asking = Thread.ofPlatform().start(() -> {
                while (!over.get()) {
                    ask(index.reader(), data.queries()[(int) (asked.getAndIncrement() % data.queries().length)]);
                }
            });
            LockSupport.parkNanos(WARM_NANOS);
            long before = asked.get();
            long began = System.nanoTime();
            long[] cpu = new long[data.base().length - first];
            long[] time = new long[cpu.length];
            int found = 0;
            int looked = 0;
            for (int i = 0; i < cpu.length; i++) {
                long wait = began + i * PERIOD_NANOS - System.nanoTime();
                if (wait > 0) {
                    LockSupport.parkNanos(wait);
                }
                float[] vector = data.base()[first + i];
                long start = System.nanoTime();
                long startCpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                int ordinal = index.add(vector);
                cpu[i] = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - startCpu;
                time[i] = System.nanoTime() - start;
                if (i % LOOKED_FOR == 0) {
                    looked++;
                    found += Arrays.stream(ask(index.reader(), vector)).anyMatch(one -> one == ordinal) ? 1 : 0;
                }
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            long answered = asked.get() - before;
            over.set(true);
            asking.join();
            System.out.printf(
                    Locale.ROOT,
                    "set %s, %d and then %d added, %.0f a second: CPU %s; time %s; %d of %d found at once; %.0f questions a"
                            + " second beside%n",
                    data.name(),
                    first,
                    cpu.length,
                    cpu.length / seconds,
                    told(cpu),
                    told(time),
                    found,
                    looked,
                    answered / seconds);
        } catch (ExecutionException e) {
            throw new IllegalStateException("lists could not be built", e.getCause());
        }
    }

    private static int[] ask(VectorIndex.Reader reader, float[] query) {
        int[] ordinals = new int[VectorData.K];
        Arrays.fill(ordinals, -1);
        reader.nearest(query, VectorData.K, VectorIndex.ALL, ordinals, new float[VectorData.K]);
        return ordinals;
    }

    private static String told(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT,
                "p50 %.3f, p99 %.3f, p99.9 %.3f, most %.2f ms",
                sorted[sorted.length / 2] / 1e6,
                sorted[sorted.length * 99 / 100] / 1e6,
                sorted[(int) (sorted.length * 0.999)] / 1e6,
                sorted[sorted.length - 1] / 1e6);
    }
}
