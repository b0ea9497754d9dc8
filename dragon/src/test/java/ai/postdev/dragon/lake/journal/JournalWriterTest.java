package ai.postdev.dragon.lake.journal;

import static ai.postdev.dragon.lake.journal.JournalTrial.LAPTOP;
import static ai.postdev.dragon.lake.journal.JournalTrial.OTHER;
import static ai.postdev.dragon.lake.journal.JournalTrial.PROJECT;
import static ai.postdev.dragon.lake.journal.JournalTrial.all;
import static ai.postdev.dragon.lake.journal.JournalTrial.blob;
import static ai.postdev.dragon.lake.journal.JournalTrial.notes;
import static ai.postdev.dragon.lake.journal.JournalTrial.put;
import static ai.postdev.dragon.lake.journal.JournalTrial.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.journal.JournalWriter.Written;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalWriterTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path dir;

    private ActorTestKit kit;
    private TestProbe<Reply<Written>> writer;

    @BeforeEach
    void start() {
        kit = ActorTestKit.create();
        writer = kit.createTestProbe();
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    /** Keeps the disk's thread busy until the latch opens, so that writes gather for certain. */
    private CountDownLatch busyDisk() {
        CountDownLatch open = new CountDownLatch(1);
        kit.system()
                .dispatchers()
                .lookup(DispatcherSelector.fromConfig(JournalWriter.DISPATCHER))
                .execute(() -> {
                    try {
                        assertTrue(open.await(LONG.toSeconds(), TimeUnit.SECONDS));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        return open;
    }

    private void write(ActorRef<JournalWriter.Command> journal, List<Operation> operations) {
        journal.tell(new JournalWriter.Write(operations, List.of(), Map.of(), Durability.FSYNC, writer.getRef()));
    }

    private Reply.Refused<Written> refusal() {
        return assertInstanceOf(Reply.Refused.class, writer.receiveMessage(LONG));
    }

    @Test
    void writesThatWaitForTheDiskShareOneSync() throws IOException {
        try (Journal journal = Journal.open(dir, settings())) {
            ActorRef<JournalWriter.Command> actor = kit.spawn(JournalWriter.create(journal, settings()));
            CountDownLatch disk = busyDisk();
            for (int i = 1; i <= 100; i++) {
                write(actor, notes(PROJECT, new Origin("writer-" + i % 10), (i - 1) / 10 + 1, (i - 1) / 10 + 1));
            }
            disk.countDown();
            for (int i = 0; i < 100; i++) {
                assertEquals(new Reply.Answered<>(new Written(1)), writer.receiveMessage(LONG));
            }
            assertEquals(100, all(journal, PROJECT).size());
            // The first write went alone, or with what came before the actor's first turn; all others together.
            assertTrue(journal.stats().syncs() <= 2, journal.stats().syncs() + " syncs for 100 writes");
        }
    }

    @Test
    void oneBadWriteOfAGroupIsRefusedAlone() throws IOException {
        try (Journal journal = Journal.open(dir, settings())) {
            ActorRef<JournalWriter.Command> actor = kit.spawn(JournalWriter.create(journal, settings()));
            CountDownLatch disk = busyDisk();
            write(actor, notes(PROJECT, LAPTOP, 1, 1));
            write(actor, notes(PROJECT, LAPTOP, 2, 3));
            write(actor, notes(PROJECT, LAPTOP, 5, 5));
            write(actor, notes(PROJECT, LAPTOP, 4, 4));
            disk.countDown();
            assertEquals(new Reply.Answered<>(new Written(1)), writer.receiveMessage(LONG));
            assertEquals(new Reply.Answered<>(new Written(2)), writer.receiveMessage(LONG));
            assertEquals(Reply.Reason.INVALID, refusal().reason());
            assertEquals(new Reply.Answered<>(new Written(1)), writer.receiveMessage(LONG));
            assertEquals(notes(PROJECT, LAPTOP, 1, 4), all(journal, PROJECT));
        }
    }

    @Test
    void atTheBoundFurtherWritesAreRefusedUntilTheDiskCatchesUp() throws IOException {
        JournalSettings settings = settings(Map.of("operations-pending-max", 10, "bytes-pending-max", "8 KiB"));
        try (Journal journal = Journal.open(dir, settings)) {
            WriteQueue queue = new WriteQueue();
            ActorRef<JournalWriter.Command> actor = kit.spawn(JournalWriter.create(journal, settings, queue));
            CountDownLatch disk = busyDisk();
            write(actor, notes(PROJECT, LAPTOP, 1, 1)); // taken by the commit that waits for the disk
            write(actor, notes(PROJECT, LAPTOP, 2, 10));
            write(actor, notes(PROJECT, LAPTOP, 11, 12));
            Reply.Refused<Written> overloaded = refusal();
            assertEquals(Reply.Reason.OVERLOADED, overloaded.reason());
            assertTrue(overloaded.message().contains("9 operations"), overloaded.message());
            assertEquals(9, queue.operations());
            assertTrue(overloaded.message().contains(queue.bytes() + " bytes wait"), overloaded.message());
            assertEquals(1, queue.refused());
            disk.countDown();
            assertEquals(new Reply.Answered<>(new Written(1)), writer.receiveMessage(LONG));
            assertEquals(new Reply.Answered<>(new Written(9)), writer.receiveMessage(LONG));
            write(actor, notes(PROJECT, LAPTOP, 11, 12));
            assertEquals(new Reply.Answered<>(new Written(2)), writer.receiveMessage(LONG));

            write(actor, notes(PROJECT, LAPTOP, 13, 23));
            Reply.Refused<Written> tooLarge = refusal();
            assertEquals(Reply.Reason.INVALID, tooLarge.reason());
            assertTrue(tooLarge.message().contains("operations-pending-max"), tooLarge.message());
            assertEquals(0, queue.operations());
            assertEquals(0, queue.bytes());
            assertEquals(1, queue.refused(), "what can never be is not refused for want of room");
        }
    }

    @Test
    void forgettingKeepsItsPlaceAmongTheWrites() throws IOException {
        try (Journal journal = Journal.open(dir, settings())) {
            ActorRef<JournalWriter.Command> actor = kit.spawn(JournalWriter.create(journal, settings()));
            TestProbe<Reply<Forgot>> forgot = kit.createTestProbe();
            var text = blob("text");
            CountDownLatch disk = busyDisk();
            actor.tell(new JournalWriter.Write(
                    List.of(put(PROJECT, LAPTOP, 1, "a", text)),
                    List.of(text),
                    Map.of(),
                    Durability.OS,
                    writer.getRef()));
            write(actor, notes(OTHER, LAPTOP, 1, 1));
            actor.tell(new JournalWriter.Forget(PROJECT, forgot.getRef()));
            write(actor, notes(PROJECT, LAPTOP, 1, 2));
            disk.countDown();
            for (int i = 0; i < 3; i++) {
                assertInstanceOf(Reply.Answered.class, writer.receiveMessage(LONG));
            }
            assertEquals(new Reply.Answered<>(new Forgot(1, 1, text.text().length)), forgot.receiveMessage(LONG));
            assertEquals(notes(PROJECT, LAPTOP, 1, 2), all(journal, PROJECT));
            assertEquals(1, all(journal, OTHER).size());
        }
    }

    @Test
    void stoppingAnswersWhatWaitsAndRefusesWhatComesLater() throws IOException {
        try (Journal journal = Journal.open(dir, settings())) {
            ActorRef<JournalWriter.Command> actor = kit.spawn(JournalWriter.create(journal, settings()));
            CountDownLatch disk = busyDisk();
            write(actor, notes(PROJECT, LAPTOP, 1, 1));
            write(actor, notes(PROJECT, LAPTOP, 2, 2));
            actor.tell(JournalWriter.Stop.INSTANCE);
            write(actor, notes(PROJECT, LAPTOP, 3, 3));
            assertEquals(Reply.Reason.UNAVAILABLE, refusal().reason());
            disk.countDown();
            assertInstanceOf(Reply.Answered.class, writer.receiveMessage(LONG));
            assertInstanceOf(Reply.Answered.class, writer.receiveMessage(LONG));
            writer.expectTerminated(actor, LONG);
            assertEquals(2, all(journal, PROJECT).size());
        }
    }
}
