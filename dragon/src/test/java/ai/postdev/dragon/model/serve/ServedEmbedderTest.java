package ai.postdev.dragon.model.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.ServingProtocol;
import ai.postdev.dragon.memory.SimulatedMemory;
import ai.postdev.dragon.model.Embedder;
import ai.postdev.dragon.model.EmbedderCell;
import ai.postdev.dragon.model.EmbedderKeeping;
import ai.postdev.dragon.model.EmbedderSettings;
import ai.postdev.dragon.model.EmbedderSlot;
import ai.postdev.dragon.model.EmbedderSpec;
import ai.postdev.dragon.model.MiniLmEmbedder;
import ai.postdev.dragon.model.catalogue.CatalogueSettings;
import ai.postdev.dragon.model.catalogue.StoreAccess;
import ai.postdev.dragon.model.catalogue.UsageProbe;
import ai.postdev.dragon.model.engine.ModelFacts;
import ai.postdev.v1.GenerateRequest;
import ai.postdev.v1.ServedModel;
import ai.postdev.v1.ServingAnswer;
import ai.postdev.v1.UnloadModelAnswer;
import ai.postdev.v1.WhyModelAnswer;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedder is a model like any other: on the ledger, in what is told, loaded and unloaded; only without a worker. */
class ServedEmbedderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String NAME = EmbedderSpec.BUILT_IN;

    @TempDir
    Path dir;

    private final EmbedderCell cell = new EmbedderCell();
    private final AtomicInteger closed = new AtomicInteger();
    private ActorTestKit kit;
    private SimulatedMemory memory;
    private ActorRef<ServingProtocol.Command> server;
    private ActorRef<EmbedderSlot.Command> slot;
    private EmbedderKeeping keeping;

    private final class Small implements Embedder {
        @Override
        public String model() {
            return MiniLmEmbedder.MODEL;
        }

        @Override
        public String engine() {
            return "onnx";
        }

        @Override
        public int dimensions() {
            return 1;
        }

        @Override
        public long memoryBytes() {
            return 7;
        }

        @Override
        public Embedded embedded(String text) {
            return new Embedded(new float[] {1}, 1, false);
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    private void start(long budget, EmbedderSlot.Loader loader) {
        Config config = ConfigFactory.parseString("""
                        pekko.actor.provider = local
                        postdevai.models.serve.system-free-min = 0 B
                        postdevai.models.ledger.ttl = 10ms
                        """)
                .withFallback(ConfigFactory.load())
                .resolve();
        kit = ActorTestKit.create(config);
        memory = new SimulatedMemory(budget, 0, 100);
        Map<String, EmbedderPlace> places = new ConcurrentHashMap<>();
        StoreAccess store = new StoreAccess(dir.resolve("models"), CatalogueSettings.from(config), UsageProbe.NONE);
        server = kit.spawn(ModelServer.create(
                ServingSettings.from(config, dir),
                new ModelServer.Parts(
                        "here",
                        store,
                        new LoadedModels(),
                        memory.room(),
                        List.of("no worker"),
                        name -> Optional.ofNullable(places.get(name)))));
        EmbedderSettings settings = EmbedderSettings.from(config, dir);
        keeping = new EmbedderKeeping(server, settings, kit.system());
        slot = kit.spawn(EmbedderSlot.create(settings, cell, loader, Optional.of(() -> keeping.ask(NAME))));
        places.put(NAME, new EmbedderPlace(slot, new ModelFacts("onnx", 256, 1)));
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private EmbedderSlot.Outcome acquired() {
        TestProbe<EmbedderSlot.Outcome> probe = kit.createTestProbe();
        slot.tell(new EmbedderSlot.Acquire(probe.ref()));
        return probe.receiveMessage(PATIENCE);
    }

    private <T> Reply<T> reply(Function<ActorRef<Reply<T>>, ServingProtocol.Command> command) {
        TestProbe<Reply<T>> probe = kit.createTestProbe();
        server.tell(command.apply(probe.ref()));
        return probe.receiveMessage(PATIENCE);
    }

    private ServingAnswer look() {
        TestProbe<ServingAnswer> probe = kit.createTestProbe();
        server.tell(new ServingProtocol.Look(probe.ref()));
        return probe.receiveMessage(PATIENCE);
    }

    private static <T> T answered(Reply<T> reply) {
        return switch (reply) {
            case Reply.Answered<T>(T answer) -> answer;
            case Reply.Refused<T>(Reply.Reason reason, String message) ->
                throw new AssertionError(reason + ": " + message);
        };
    }

    @Test
    void whoNeedsItHasItLoadedByTheKeeper() {
        start(1L << 30, Small::new);
        assertInstanceOf(EmbedderSlot.Ready.class, acquired());
        this.<ServedModel>reply(
                replyTo -> new ServingProtocol.Load(NAME, Optional.empty(), replyTo)); // the keeper knows
        ServingAnswer answer = look();
        assertEquals(1, answer.getModelsCount());
        ServedModel model = answer.getModels(0);
        assertEquals(NAME, model.getName());
        assertEquals("onnx", model.getEngine());
        assertEquals("ready", model.getState());
        assertEquals(ProcessHandle.current().pid(), model.getPid());
        assertEquals(MiniLmEmbedder.BYTES, model.getBytes());
        assertEquals(256, model.getContext());
        assertTrue(model.getPinned(), "no idle time ends what the node works with");
        assertEquals(MiniLmEmbedder.BYTES, memory.room().figures().models());
        assertEquals(MiniLmEmbedder.BYTES, memory.inside(), "it lies in the node's process");
        assertEquals(
                1,
                answer.getFiguresList().stream()
                        .filter(figures -> figures.getName().equals(NAME))
                        .findFirst()
                        .orElseThrow()
                        .getLoads());

        UnloadModelAnswer gone = answered(reply(replyTo -> new ServingProtocol.Unload(NAME, replyTo)));
        assertEquals(MiniLmEmbedder.BYTES, gone.getBytes());
        assertEquals(1, closed.get());
        assertEquals(EmbedderCell.Phase.EMPTY, cell.state().phase());
        assertEquals(0, memory.room().figures().models());
        assertEquals(0, look().getModelsCount());
        assertInstanceOf(EmbedderSlot.Ready.class, acquired(), "and it comes back when it is needed");
        keeping.letGo(NAME);
        kit.createTestProbe().awaitAssert(PATIENCE, () -> {
            assertEquals(2, closed.get());
            return null;
        });
    }

    @Test
    void itIsLoadedByHandToo() {
        start(1L << 30, Small::new);
        ServedModel model = answered(reply(replyTo -> new ServingProtocol.Load(NAME, Optional.empty(), replyTo)));
        assertEquals("ready", model.getState());
        assertEquals(EmbedderCell.Phase.READY, cell.state().phase());
        WhyModelAnswer why = answered(reply(replyTo -> new ServingProtocol.Why(NAME, replyTo)));
        assertTrue(why.getLoadable(), why.getProblem());
        assertEquals("onnx", why.getEngine());
        assertTrue(
                why.getReasonsList().toString().contains("no worker"),
                why.getReasonsList().toString());
    }

    @Test
    void withoutRoomItIsToldWhyWithTheNumbers() {
        start(50L << 20, Small::new);
        EmbedderSlot.Unavailable none = assertInstanceOf(EmbedderSlot.Unavailable.class, acquired());
        assertTrue(none.reason().contains("postdevai.memory"), none.reason());
        assertEquals(EmbedderCell.Phase.FAILED, cell.state().phase());
        assertEquals(0, memory.room().figures().models());
    }

    @Test
    void whatDoesNotLoadGivesItsRoomBack() {
        AtomicInteger loads = new AtomicInteger();
        start(1L << 30, () -> {
            if (loads.incrementAndGet() == 1) {
                throw new IOException("no such library");
            }
            return new Small();
        });
        EmbedderSlot.Unavailable none = assertInstanceOf(EmbedderSlot.Unavailable.class, acquired());
        assertTrue(none.reason().contains("no such library"), none.reason());
        kit.createTestProbe().awaitAssert(PATIENCE, () -> {
            assertEquals(0, memory.room().figures().models());
            return null;
        });
        assertInstanceOf(EmbedderSlot.Ready.class, acquired(), "the next one who needs it tries again");
    }

    @Test
    void itWritesNoText() {
        start(1L << 30, Small::new);
        for (int loaded = 0; loaded < 2; loaded++) {
            TestProbe<ServingProtocol.Event> probe = kit.createTestProbe();
            server.tell(new ServingProtocol.Generate(
                    "r" + loaded,
                    "test",
                    GenerateRequest.newBuilder().setModel(NAME).setPrompt("x").build(),
                    probe.ref()));
            ServingProtocol.Event event = probe.receiveMessage(PATIENCE);
            while (event instanceof ServingProtocol.Waiting) {
                event = probe.receiveMessage(PATIENCE);
            }
            ServingProtocol.Failed failed = assertInstanceOf(ServingProtocol.Failed.class, event);
            assertEquals(Reply.Reason.INVALID, failed.reason(), "no time and no other node helps");
            assertTrue(failed.message().contains("embeds"), failed.message());
            assertInstanceOf(EmbedderSlot.Ready.class, acquired());
        }
    }
}
