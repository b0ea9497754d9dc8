package ai.postdev.benchmarks.lake;

import ai.postdev.actors.op.Operation;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.Store;
import ai.postdev.dragon.lake.StoreEngine;
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
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * What a writer and a reader feel of a snapshot: {@code SnapshotPauses [EVENTS]}. One writer has operations folded in by the
 * store's actor, one after the other, and one reader asks: while nothing else happens, while the actor itself writes the
 * snapshot, as it once did, and while another thread does. Beside it what the thread that writes allocates, of which all that it takes besides is made.
 */
public final class SnapshotPauses {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CALM_MILLIS = 4_000;

    private final Config config = ConfigFactory.parseResources("reference.conf").resolve();
    private final MadeWork work = new MadeWork(7);

    private SnapshotPauses() {}

    /** Measures and prints. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        SnapshotPauses pauses = new SnapshotPauses();
        pauses.<HistoryView>measure(
                "history",
                count,
                () -> new HistoryEngine(HistorySettings.from(pauses.config)),
                pauses.work::event,
                view -> view.find(HistoryQuery.newest(20)));
        pauses.<MetadataView>measure(
                "metadata",
                count / 4,
                () -> new MetadataEngine(MetadataSettings.from(pauses.config)),
                pauses.work::edge,
                view -> view.touching("src/main/java/com/acme/part1/File1.java", 20));
        pauses.<VectorView>measure(
                "vector",
                count / 10,
                () -> new VectorEngine(VectorSettings.from(pauses.config), Supersession.NONE),
                pauses.work::embedding,
                VectorView::memoryBytes);
    }

    private interface Made {
        Operation operation(long number);
    }

    private <V> void measure(String name, int count, Supplier<StoreEngine<V>> empty, Made made, Consumer<V> question)
            throws IOException, InterruptedException {
        StoreEngine<V> engine = empty.get();
        for (int i = 1; i <= count; i++) {
            engine.apply(made.operation(i));
        }
        Path file = Files.createTempFile("store", ".snapshot");
        ActorSystem<Store.Command<V>> store = ActorSystem.create(Store.create(name, () -> engine), "pauses");
        try (ExecutorService aside = Executors.newSingleThreadExecutor()) {
            Use<V> use = new Use<>(store, engine.view(), made, question, count);
            use.during("warm " + name, CompletableFuture.runAsync(() -> sleep(CALM_MILLIS)));
            use.during(name + ", calm", CompletableFuture.runAsync(() -> sleep(CALM_MILLIS)));
            use.during(name + ", by the store", snapshot(store, file, Runnable::run));
            long[] allocated = new long[1];
            use.during(
                    name + ", aside",
                    snapshot(store, file, write -> aside.execute(() -> allocated[0] = allocatedBy(write))));
            aside.shutdown();
            System.out.printf(
                    "%-22s %.1f MB written, %.1f MB allocated by the thread that wrote them%n",
                    name, Files.size(file) / 1e6, allocated[0] / 1e6);
        } finally {
            store.terminate();
            store.getWhenTerminated().toCompletableFuture().join();
            Files.delete(file);
        }
    }

    private static <V> CompletableFuture<Reply<Long>> snapshot(
            ActorSystem<Store.Command<V>> store, Path file, Executor on) {
        return AskPattern.<Store.Command<V>, Reply<Long>>ask(
                        store,
                        replyTo -> new Store.Snapshot<>(CompletableFuture.completedFuture(file), on, replyTo),
                        PATIENCE,
                        store.scheduler())
                .toCompletableFuture();
    }

    private static long allocatedBy(Runnable work) {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A writer and a reader, each on a thread of its own. */
    private static final class Use<V> {
        private final ActorSystem<Store.Command<V>> store;
        private final Made made;
        private final Consumer<V> question;
        private volatile V view;
        private long sequence;

        Use(ActorSystem<Store.Command<V>> store, V view, Made made, Consumer<V> question, long sequence) {
            this.store = store;
            this.view = view;
            this.made = made;
            this.question = question;
            this.sequence = sequence;
        }

        void during(String what, CompletableFuture<?> something) throws InterruptedException {
            Latencies reads = new Latencies();
            Latencies writes = new Latencies();
            AtomicBoolean over = new AtomicBoolean();
            Thread reader = Thread.ofPlatform().start(() -> {
                while (!over.get()) {
                    reads.time(() -> question.accept(view));
                    sleep(1);
                }
            });
            while (!something.isDone()) {
                Operation next = made.operation(++sequence);
                writes.time(() -> view = AskPattern.<Store.Command<V>, Store.Applied<V>>ask(
                                store,
                                replyTo -> new Store.Apply<>(List.of(next), replyTo),
                                PATIENCE,
                                store.scheduler())
                        .toCompletableFuture()
                        .join()
                        .view());
                sleep(1);
            }
            over.set(true);
            reader.join();
            something.join();
            System.out.printf("%-22s write %s   read %s%n", what, writes, reads);
        }
    }
}
