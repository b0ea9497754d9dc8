package ai.postdev.benchmarks.lake;

import ai.postdev.actors.op.Operation;
import ai.postdev.dragon.lake.StoreEngine;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * What a snapshot takes of a store's own thread: {@code SnapshotFreezes [EVENTS]}. How long noting the state takes, the first
 * time, when nothing is compiled, and of many; and how long an operation takes while a noted state is kept and written beside,
 * and without one. CPU of the thread, as the machine may have other work, and time on the wall.
 */
public final class SnapshotFreezes {
    private static final int FREEZES = 2_000;
    private static final int BETWEEN = 5;

    private SnapshotFreezes() {}

    /** Measures and prints. */
    public static void main(String[] args) throws IOException, InterruptedException {
        FilledStores.each(args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000, SnapshotFreezes::measure);
    }

    private static void measure(String store, int count, Supplier<StoreEngine<?>> empty, FilledStores.Made made)
            throws InterruptedException {
        try (StoreEngine<?> opened = empty.get()) {
            // As a lake does when it is opened.
            StoreEngine.Frozen _ = opened.freeze();
        }
        try (StoreEngine<?> engine = empty.get()) {
            long number = 0;
            while (number < count) {
                engine.apply(made.operation(++number));
            }
            Times first = new Times(1);
            StoreEngine.Frozen[] kept = {first.time(engine::freeze)};
            Times freezes = new Times(FREEZES);
            Times calm = new Times(FREEZES * BETWEEN);
            Times beside = new Times(FREEZES * BETWEEN);
            for (int i = 0; i < FREEZES; i++) {
                number = apply(engine, made, number, calm);
                kept[0] = freezes.time(engine::freeze);
            }
            Thread writer = Thread.ofPlatform().start(() -> write(kept[0]));
            for (int i = 0; i < FREEZES; i++) {
                number = apply(engine, made, number, beside);
            }
            writer.join();
            System.out.printf(
                    "%-9s %,9d operations%n  noted first  %s%n  noted        %s%n  an operation %s%n  while it is written %s%n",
                    store, count, first, freezes, calm, beside);
        }
    }

    private static long apply(StoreEngine<?> engine, FilledStores.Made made, long before, Times times) {
        long number = before;
        for (int i = 0; i < BETWEEN; i++) {
            Operation operation = made.operation(++number);
            times.time(() -> {
                engine.apply(operation);
                return null;
            });
        }
        return number;
    }

    private static void write(StoreEngine.Frozen frozen) {
        try (DataOutputStream out = new DataOutputStream(OutputStream.nullOutputStream())) {
            frozen.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nanoseconds of CPU of this thread and on the wall, of many. */
    private static final class Times {
        private final long[] cpu;
        private final long[] wall;
        private int count;

        Times(int most) {
            cpu = new long[most];
            wall = new long[most];
        }

        <T> T time(Supplier<T> work) {
            long wallBefore = System.nanoTime();
            long cpuBefore = Measured.cpu();
            T made = work.get();
            cpu[count] = Measured.cpu() - cpuBefore;
            wall[count++] = System.nanoTime() - wallBefore;
            return made;
        }

        @Override
        public String toString() {
            Arrays.sort(cpu);
            Arrays.sort(wall);
            return "CPU p50 %.1f p99 %.1f longest %.1f us; wall p50 %.1f p99 %.1f longest %.1f us of %d"
                    .formatted(
                            at(cpu, 0.5), at(cpu, 0.99), at(cpu, 1), at(wall, 0.5), at(wall, 0.99), at(wall, 1), count);
        }

        private static double at(long[] sorted, double part) {
            return sorted[(int) Math.min(sorted.length - 1, part * sorted.length)] / 1e3;
        }
    }
}
