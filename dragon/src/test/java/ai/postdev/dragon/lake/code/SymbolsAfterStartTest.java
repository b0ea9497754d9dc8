package ai.postdev.dragon.lake.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.model.QueryGate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A large project's symbols leave the processors to the first answers after a start; a small one's do not wait. */
class SymbolsAfterStartTest {
    private static final int PATIENCE_SECONDS = 20;
    private static final CodeSettings SETTINGS =
            new CodeSettings(1 << 20, 1 << 20, 2, 2, 2, Duration.ofSeconds(PATIENCE_SECONDS), 4);

    private static final DerivedStore NOTHING_DERIVED = new DerivedStore() {
        @Override
        public Optional<byte[]> get(ContentHash hash) {
            return Optional.empty();
        }

        @Override
        public void put(ContentHash hash, byte[] bytes) {}
    };

    private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
    private final ManualTime time = ManualTime.get(kit.system());
    private final Map<ContentHash, byte[]> disk = new HashMap<>();
    private final AtomicInteger parsed = new AtomicInteger();

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private CodeEngine holding(int texts) {
        CodeEngine engine = new CodeEngine(SETTINGS, hash -> Optional.ofNullable(disk.get(hash)));
        for (int i = 1; i <= texts; i++) {
            byte[] utf8 = ("text " + i).getBytes(StandardCharsets.UTF_8);
            ContentHash hash = ContentHash.of(utf8);
            disk.put(hash, utf8);
            Body put = new Body.PutDocument(
                    new WorkspaceId("w"), "f" + i, hash, utf8.length, Language.TEXT, 0, utf8.length);
            engine.fold(
                    new Operation(new ProjectId("p"), new Origin("o"), i, HybridTime.of(i, 0), put),
                    Map.of(hash, utf8));
        }
        return engine;
    }

    private ActorRef<CodeStore.Command> start(CodeEngine engine, CountDownLatch all) {
        return kit.spawn(CodeStore.create(
                SETTINGS,
                () -> engine,
                List.of(),
                (_, text) -> {
                    parsed.incrementAndGet();
                    all.countDown();
                    return PlainSyntax.of(text);
                },
                NOTHING_DERIVED,
                new QueryGate()));
    }

    @Test
    void manyWaitForTheFirstAnswers() throws InterruptedException {
        CountDownLatch all = new CountDownLatch(600);
        ActorRef<CodeStore.Command> store = start(holding(600), all);
        TestProbe<CodeStore.Untold> probe = kit.createTestProbe();
        for (int i = 0; i < 200; i++) {
            store.tell(new CodeStore.ListenersState(probe.getRef()));
            probe.receiveMessage(Duration.ofSeconds(PATIENCE_SECONDS));
        }
        assertEquals(0, parsed.get(), "nothing was read while the first questions are answered");
        time.timePasses(CodeStore.PREPARE_AFTER);
        assertTrue(all.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "all are read then");
    }

    @Test
    void fewAreReadAtOnce() throws InterruptedException {
        CountDownLatch all = new CountDownLatch(30);
        start(holding(30), all);
        assertTrue(all.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "without any time passing");
    }
}
