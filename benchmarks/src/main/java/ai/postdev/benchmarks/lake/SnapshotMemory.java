package ai.postdev.benchmarks.lake;

import ai.postdev.dragon.lake.StoreEngine;
import ai.postdev.dragon.lake.vector.VectorView;
import ai.postdev.dragon.memory.ProcessMemory;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;

/**
 * What a snapshot takes of memory while it is written: {@code SnapshotMemory [EVENTS]}. What is alive is what a full
 * collection leaves, so one is done at twelve places of each snapshot; beside it what the writing thread allocates in all, and
 * by how much the process grows in RAM when nothing is collected by hand. Run with {@code -XX:+UseSerialGC}, as a node does.
 */
public final class SnapshotMemory {
    private static final int PLACES = 12;

    private SnapshotMemory() {}

    /** Measures and prints. */
    public static void main(String[] args) throws IOException, InterruptedException {
        FilledStores.each(args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000, SnapshotMemory::measure);
    }

    private static void measure(String store, int count, Supplier<StoreEngine<?>> empty, FilledStores.Made made)
            throws IOException {
        long nothing = alive();
        try (StoreEngine<?> engine = empty.get()) {
            for (int i = 1; i <= count; i++) {
                engine.apply(made.operation(i));
            }
            long outside = engine.view() instanceof VectorView vectors ? vectors.memoryBytes() : 0;
            long held = alive() - nothing;
            Counted whole = new Counted(Long.MAX_VALUE);
            long resident = ProcessMemory.residentBytes().orElse(0);
            long allocated = write(engine, whole);
            long grown = ProcessMemory.residentBytes().orElse(0) - resident;
            long before = alive();
            Counted looked = new Counted(whole.bytes / PLACES);
            write(engine, looked);
            long total = outside > 0 ? outside : held; // what vectors say counts their columns in the heap too
            System.out.printf(
                    "%-9s %,9d operations, %.1f MB in the heap, %.1f outside; %.1f MB written, %.1f MB allocated,"
                            + " at most %.2f MB of it alive: %.3f of the store; in RAM %.1f MB more%n",
                    store,
                    count,
                    held / 1e6,
                    outside / 1e6,
                    whole.bytes / 1e6,
                    allocated / 1e6,
                    (looked.most - before) / 1e6,
                    (double) (total + looked.most - before) / total,
                    grown / 1e6);
        }
    }

    /** Writes as a store does; answers the bytes allocated for it. */
    private static long write(StoreEngine<?> engine, OutputStream to) throws IOException {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(to, 1 << 16))) {
            engine.freeze().write(out);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static long alive() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Counts, and looks each so many bytes at what is alive. */
    private static final class Counted extends OutputStream {
        private final long every;
        private long bytes;
        private long next;
        private long most;

        Counted(long every) {
            this.every = every;
            this.next = every;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] block, int offset, int length) {
            bytes += length;
            if (bytes >= next) {
                next += every;
                most = Math.max(most, alive());
            }
        }
    }
}
