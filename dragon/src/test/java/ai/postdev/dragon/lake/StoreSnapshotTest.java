package ai.postdev.dragon.lake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.history.HistoryEngine;
import ai.postdev.dragon.lake.history.HistorySettings;
import ai.postdev.dragon.lake.history.HistoryView;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store notes its state at once and writes it when there is a folder; the test says when that is. */
class StoreSnapshotTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private final ActorTestKit kit = ActorTestKit.create();
    private final TestProbe<Store.Applied<HistoryView>> shown = kit.createTestProbe();
    private final TestProbe<Reply<Long>> written = kit.createTestProbe();
    private final CompletableFuture<Path> file = new CompletableFuture<>();
    private ActorRef<Store.Command<HistoryView>> store;

    private static StoreEngine<HistoryView> engine() {
        return new HistoryEngine(new HistorySettings(1_000, 100));
    }

    @BeforeEach
    void spawn() {
        store = kit.spawn(Store.create("history", StoreSnapshotTest::engine));
    }

    @AfterEach
    void end() {
        kit.shutdownTestKit();
    }

    private void apply(int sequence) {
        Body event = new Body.AppendEvent("note", sequence, "text " + sequence, Map.of(), List.of());
        store.tell(new Store.Apply<>(List.of(Seeded.operation(sequence, sequence, event)), shown.ref()));
        assertEquals(sequence, shown.receiveMessage(PATIENCE).view().count());
    }

    @Test
    void theStateIsThatOfTheMomentHoweverLateItsFolderComes() throws IOException {
        apply(1);
        store.tell(new Store.Snapshot<>(file, Runnable::run, written.ref()));
        apply(2); // nobody waits for the folder
        Path target = folder.resolve("history");
        file.complete(target);
        assertEquals(new Reply.Answered<>(Files.size(target)), written.receiveMessage(PATIENCE));
        try (DataInputStream in = new DataInputStream(Files.newInputStream(target));
                StoreEngine<HistoryView> read = engine()) {
            read.readSnapshot(in);
            assertEquals(1, read.view().count());
        }
    }

    @Test
    void withoutAFolderNothingIsWrittenAndTheAnswerSaysWhy() {
        store.tell(new Store.Snapshot<>(file, Runnable::run, written.ref()));
        file.completeExceptionally(new IOException("the disk is full"));
        Reply.Refused<Long> refused = assertInstanceOf(Reply.Refused.class, written.receiveMessage(PATIENCE));
        assertTrue(refused.message().contains("the disk is full"), refused.message());
        apply(1);
    }
}
