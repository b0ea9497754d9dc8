package ai.postdev.benchmarks.lake;

import ai.postdev.actors.op.Operation;
import ai.postdev.dragon.lake.StoreEngine;
import ai.postdev.dragon.lake.code.CodeEngine;
import ai.postdev.dragon.lake.code.CodeSettings;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.history.HistoryEngine;
import ai.postdev.dragon.lake.history.HistoryQuery;
import ai.postdev.dragon.lake.history.HistorySettings;
import ai.postdev.dragon.lake.history.HistoryView;
import ai.postdev.dragon.lake.metadata.MetadataEngine;
import ai.postdev.dragon.lake.metadata.MetadataSettings;
import ai.postdev.dragon.lake.metadata.MetadataView;
import ai.postdev.dragon.lake.vector.Supersession;
import ai.postdev.dragon.lake.vector.VectorEngine;
import ai.postdev.dragon.lake.vector.VectorSettings;
import ai.postdev.dragon.lake.vector.VectorView;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Snapshots of each store by size: {@code SnapshotTimes [OPERATIONS ...]}. How many bytes, how long they take to be written
 * and to be read, and how long the first question takes after that. CPU of the thread and time on the wall; each store is
 * read twelve times, the last one counts: the first ones are those of a cold Java machine.
 */
public final class SnapshotTimes {
    private static final int ROUNDS = 12;

    private final Config config = ConfigFactory.parseResources("reference.conf").resolve();

    private SnapshotTimes() {}

    /** Measures and prints. */
    public static void main(String[] args) throws IOException {
        SnapshotTimes times = new SnapshotTimes();
        for (String each : args.length > 0 ? args : new String[] {"100000", "1000000"}) {
            int count = Integer.parseInt(each);
            times.history(count);
            times.metadata(count / 4);
            times.code(count / 10);
            times.vector(count / 20);
        }
    }

    private void history(int count) throws IOException {
        MadeWork work = new MadeWork(7);
        this.<HistoryView>measure(
                "history",
                count,
                () -> new HistoryEngine(HistorySettings.from(config)),
                i -> i % 16 == 0 ? work.commit(i) : work.event(i),
                view -> view.find(HistoryQuery.newest(20).withText("timeout_1a")));
    }

    private void metadata(int count) throws IOException {
        MadeWork work = new MadeWork(7);
        this.<MetadataView>measure(
                "metadata",
                count,
                () -> new MetadataEngine(MetadataSettings.from(config)),
                work::edge,
                view -> view.touching("src/main/java/com/acme/part1/File1.java", 20));
    }

    private void code(int count) throws IOException {
        MadeWork work = new MadeWork(7);
        this.<CodeView>measure(
                "code",
                count,
                () -> new CodeEngine(CodeSettings.from(config), _ -> Optional.empty()),
                work::document,
                CodeView::sequence);
    }

    private void vector(int count) throws IOException {
        MadeWork work = new MadeWork(7);
        float[] query = new float[MadeWork.DIMENSIONS];
        Random random = new Random(3);
        for (int i = 0; i < query.length; i++) {
            query[i] = (float) random.nextGaussian();
        }
        this.<VectorView>measure(
                "vector",
                count,
                () -> new VectorEngine(VectorSettings.from(config), Supersession.NONE),
                work::embedding,
                view -> view.nearest("m", query, 10, _ -> true));
    }

    private interface Made {
        Operation operation(long number);
    }

    private <V> void measure(String store, int count, Supplier<StoreEngine<V>> empty, Made made, Consumer<V> question)
            throws IOException {
        Path file = Files.createTempFile("store", ".snapshot");
        try (StoreEngine<V> engine = empty.get()) {
            for (int i = 1; i <= count; i++) {
                engine.apply(made.operation(i));
            }
            Span written = Span.of(() -> {
                try (DataOutputStream out =
                        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
                    engine.writeSnapshot(out);
                }
            });
            Span read = null;
            Span asked = null;
            for (int round = 0; round < ROUNDS; round++) {
                try (StoreEngine<V> again = empty.get()) {
                    read = Span.of(() -> {
                        try (DataInputStream in =
                                new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
                            again.readSnapshot(in);
                        }
                    });
                    asked = Span.of(() -> question.accept(again.view()));
                }
            }
            long bytes = Files.size(file);
            System.out.printf(
                    "%-9s %,9d operations %7.1f MB  written %s, read %s = %.2f s/GB, first answer %s%n",
                    store, count, bytes / 1e6, written, read, read.cpu() / 1e9 / (bytes / 1e9), asked);
        } finally {
            Files.delete(file);
        }
    }

    /** Nanoseconds of CPU and on the wall. */
    private record Span(long cpu, long wall) {
        static Span of(Measured.Work work) throws IOException {
            long cpu = Measured.cpu();
            long wall = System.nanoTime();
            work.run();
            return new Span(Measured.cpu() - cpu, System.nanoTime() - wall);
        }

        @Override
        public String toString() {
            return "%.1f ms CPU (%.1f wall)".formatted(cpu / 1e6, wall / 1e6);
        }
    }
}
