package ai.postdev.dragon.lake.journal;

import static ai.postdev.dragon.lake.journal.JournalTrial.PROJECT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.journal.JournalWriter.Written;
import com.typesafe.config.ConfigFactory;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prints figures; judges none of them. */
@Tag("benchmark")
class JournalSpeedTest {
    private static final long FILES = 20_000;

    @TempDir
    Path dir;

    private final JournalSettings settings = JournalSettings.from(ConfigFactory.load());

    @Test
    void appendsASecond() throws Exception {
        ActorTestKit kit = ActorTestKit.create();
        try (Journal journal = Journal.open(dir, settings)) {
            ActorRef<JournalWriter.Command> writer = kit.spawn(JournalWriter.create(journal, settings));
            for (int round = 0; round < 2; round++) {
                for (int writers : new int[] {1, 16}) {
                    int each = writers == 1 ? 1_000 : 500;
                    long syncs = journal.stats().syncs();
                    long began = System.nanoTime();
                    CountDownLatch done = new CountDownLatch(writers);
                    for (int one = 0; one < writers; one++) {
                        Origin origin = new Origin("w-" + round + "-" + writers + "-" + one);
                        Thread.ofPlatform().start(() -> {
                            for (int i = 1; i <= each; i++) {
                                ask(kit, writer, JournalTrial.notes(PROJECT, origin, i, i), List.of());
                            }
                            done.countDown();
                        });
                    }
                    done.await();
                    double seconds = (System.nanoTime() - began) / 1e9;
                    System.out.printf(
                            "append, fsync, %d writers: %.0f/s, %d writes in %d syncs%n",
                            writers,
                            writers * each / seconds,
                            writers * each,
                            journal.stats().syncs() - syncs);
                }
            }
        } finally {
            kit.shutdownTestKit();
        }
    }

    private static void ask(
            ActorTestKit kit, ActorRef<JournalWriter.Command> writer, List<Operation> operations, List<Blob> blobs) {
        Reply<Written> reply = AskPattern.<JournalWriter.Command, Reply<Written>>ask(
                        writer,
                        replyTo -> new JournalWriter.Write(operations, blobs, Map.of(), Durability.FSYNC, replyTo),
                        Duration.ofSeconds(60),
                        kit.scheduler())
                .toCompletableFuture()
                .join();
        assertInstanceOf(Reply.Answered.class, reply);
    }

    /** CPU time of this thread, which a busy machine does not blur. */
    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    @Test
    void textsOperationsReplayAndOpening() throws Exception {
        Random random = new Random(1);
        Origin origin = new Origin("o");
        List<JournalWrite> writes = new ArrayList<>();
        long bytes = 0;
        for (long i = 0; i < FILES; ) {
            List<Operation> operations = new ArrayList<>();
            List<Blob> blobs = new ArrayList<>();
            for (int n = 0; n < 100; n++) {
                Blob blob = JournalTrial.blob(JournalTrial.source(random, 2_000 + random.nextInt(12_000)));
                operations.add(
                        JournalTrial.put(PROJECT, origin, ++i, "src/main/java/com/example/F" + i + ".java", blob));
                blobs.add(blob);
                bytes += blob.text().length;
            }
            writes.add(new JournalWrite(operations, blobs));
        }
        for (int round = 0; round < 2; round++) {
            Path home = dir.resolve("texts-" + round);
            try (Journal journal = Journal.open(home, settings)) {
                long began = System.nanoTime();
                long cpu = cpu();
                for (JournalWrite write : writes) {
                    assertInstanceOf(JournalWrite.Written.class, journal.append(write.operations(), write.blobs()));
                }
                double seconds = (System.nanoTime() - began) / 1e9;
                double busy = (cpu() - cpu) / 1e9;
                JournalStats stats = journal.stats();
                System.out.printf(
                        "texts: %.0f MB in %.2f s = %.0f MB/s (%.0f MB for a second of CPU), fsync, %d syncs; stored"
                                + " %.0f MB, on disk %.0f MB%n",
                        bytes / 1e6,
                        seconds,
                        bytes / 1e6 / seconds,
                        bytes / 1e6 / busy,
                        stats.syncs(),
                        stats.blobDiskBytes() / 1e6,
                        stats.diskBytes() / 1e6);
                began = System.nanoTime();
                for (JournalWrite write : writes) {
                    for (Blob blob : write.blobs()) {
                        assertEquals(
                                blob.text().length, journal.blob(blob.hash()).orElseThrow().length);
                    }
                }
                seconds = (System.nanoTime() - began) / 1e9;
                System.out.printf("texts read: %.0f MB/s, %.0f/s%n", bytes / 1e6 / seconds, FILES / seconds);
            }
        }
        Path home = dir.resolve("operations");
        long count = 1_000_000;
        try (Journal journal = Journal.open(home, settings)) {
            long began = System.nanoTime();
            for (long i = 1; i <= count; i += 1_000) {
                assertInstanceOf(
                        JournalWrite.Written.class,
                        journal.append(JournalTrial.notes(PROJECT, origin, i, i + 999), List.of()));
            }
            System.out.printf("operations, 1,000 a commit: %.0f/s%n", count / ((System.nanoTime() - began) / 1e9));
        }
        for (int round = 0; round < 3; round++) {
            try (Journal journal = Journal.open(home, settings)) {
                long began = System.nanoTime();
                ReplayReport report = journal.replay(PROJECT, VersionVector.EMPTY, _ -> {});
                System.out.printf(
                        "open with %d operations: %d ms; replay: %.0f/s%n",
                        count, journal.opened().millis(), report.operations() / ((System.nanoTime() - began) / 1e9));
            }
        }
    }
}
