package ai.postdev.dragon.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.lake.vector.Supersession;
import ai.postdev.dragon.lake.vector.VectorEngine;
import ai.postdev.dragon.lake.vector.VectorSettings;
import ai.postdev.dragon.lake.vector.VectorView;
import ai.postdev.v1.ModelStatus;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbedQueueTest {
    private static final ProjectId P1 = new ProjectId("p1");
    private static final ProjectId P2 = new ProjectId("p2");

    private static ActorTestKit kit;

    @BeforeAll
    static void start() {
        kit = ActorTestKit.create(
                "embed-queue",
                ConfigFactory.parseString("pekko.actor.provider = local").withFallback(ConfigFactory.load()));
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
    }

    private final EmbedderCell cell = new EmbedderCell();
    private final QueryGate gate = new QueryGate();
    private EmbedderSettings settings;

    @BeforeEach
    void settings() {
        settings = new EmbedderSettings(
                true,
                EmbedderSpec.BUILT_IN,
                false,
                Duration.ZERO,
                2,
                256,
                4,
                Duration.ofSeconds(20),
                Duration.ofMillis(20),
                Duration.ofHours(1),
                Duration.ofMillis(50),
                8,
                2,
                Path.of("target", "djl"));
    }

    /** The part of a lake that the queue speaks with, over the real vector engine. */
    private static final class Lake {
        final List<String> texts = new CopyOnWriteArrayList<>();
        final AtomicInteger refuseNext = new AtomicInteger();
        final AtomicInteger appends = new AtomicInteger();
        final AtomicInteger asks = new AtomicInteger();
        final VectorEngine engine;
        volatile VectorView view;
        private final AtomicLong sequence = new AtomicLong();
        private final TestProbe<String> emptied = kit.createTestProbe();

        Lake(int vectorsMax) {
            engine = new VectorEngine(new VectorSettings(vectorsMax, 1), Supersession.NONE);
            view = engine.view();
        }

        Behavior<LakeProtocol.Command> behavior() {
            return Behaviors.receiveMessage(command -> {
                switch (command) {
                    case LakeProtocol.Unembedded ask -> onUnembedded(ask);
                    case LakeProtocol.Append append -> onAppend(append);
                    default -> throw new IllegalArgumentException("the queue has no business with " + command);
                }
                return Behaviors.same();
            });
        }

        private void onUnembedded(LakeProtocol.Unembedded ask) {
            asks.incrementAndGet();
            if (refuseNext.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                ask.replyTo().tell(new Reply.Refused<>(Reply.Reason.OVERLOADED, "busy"));
                return;
            }
            List<LakeProtocol.ChunkText> missing = texts.stream()
                    .map(text -> new LakeProtocol.ChunkText(ContentHash.of(text), Language.ofPath("a.txt"), text))
                    .filter(chunk -> !view.contains(ask.model(), chunk.hash()))
                    .toList();
            ask.replyTo()
                    .tell(new Reply.Answered<>(new LakeProtocol.Chunks(
                            missing.stream().limit(ask.limit()).toList(), missing.size(), false)));
            if (missing.isEmpty()) {
                emptied.getRef().tell("empty");
            }
        }

        private void onAppend(LakeProtocol.Append append) {
            appends.incrementAndGet();
            for (Body body : append.bodies()) {
                engine.apply(new Operation(
                        P1, Seeded.ORIGIN, sequence.incrementAndGet(), HybridTime.of(sequence.get(), 0), body));
            }
            view = engine.view();
            append.replyTo()
                    .tell(new Reply.Answered<>(new LakeProtocol.Appended(
                            Seeded.ORIGIN, sequence.get(), HybridTime.ZERO, VersionVector.EMPTY)));
        }

        void awaitEmpty() {
            emptied.expectMessage(Duration.ofSeconds(30), "empty");
        }

        void add(String prefix, int count) {
            for (int i = 0; i < count; i++) {
                texts.add(prefix + " " + i);
            }
        }
    }

    private ActorRef<EmbedQueue.Command> queue(EmbedderSlot.Loader loader) {
        ActorRef<EmbedderSlot.Command> slot = kit.spawn(EmbedderSlot.create(settings, cell, loader));
        return kit.spawn(EmbedQueue.create(
                settings, new Embedders.Place(EmbedderSpec.builtIn(settings), cell, slot), gate, () -> {}));
    }

    private ActorRef<EmbedQueue.Command> queue() {
        return queue(() -> MiniLmEmbedder.load(settings));
    }

    private static ModelStatus status(ActorRef<EmbedQueue.Command> queue) {
        TestProbe<ModelStatus> probe = kit.createTestProbe();
        queue.tell(new EmbedQueue.Status(probe.getRef()));
        return probe.receiveMessage();
    }

    @Test
    void everythingIsEmbeddedInBatchesAndThenItSleepsUntilItIsNudged() throws IOException {
        Lake lake = new Lake(1_000);
        lake.add("first", 10);
        ActorRef<EmbedQueue.Command> queue = queue();
        queue.tell(new EmbedQueue.Watch(P1, kit.spawn(lake.behavior())));
        lake.awaitEmpty();
        assertEquals(10, lake.view.count());
        assertEquals(3, lake.appends.get(), "ten chunks in batches of four");
        ModelStatus status = status(queue);
        assertEquals(10, status.getEmbedded());
        assertEquals(0, status.getWaiting());
        assertEquals("ready", status.getState());
        assertEquals(4, lake.asks.get(), "asleep: nobody asks any more");

        lake.add("second", 3);
        queue.tell(new EmbedQueue.ChunksAdded(P1));
        lake.awaitEmpty();
        assertEquals(13, lake.view.count());

        try (Embedder embedder = MiniLmEmbedder.load(settings)) {
            assertArrayEquals(
                    embedder.embed("second 1"),
                    lake.view
                            .vector(MiniLmEmbedder.MODEL, ContentHash.of("second 1"))
                            .orElseThrow(),
                    1e-5f);
        }
    }

    @Test
    void nothingIsLoadedOrEmbeddedWhileWorkIsAhead() {
        Lake lake = new Lake(1_000);
        lake.add("text", 2);
        gate.aheadStarted();
        AtomicInteger loads = new AtomicInteger();
        ActorRef<EmbedQueue.Command> queue = queue(() -> {
            loads.incrementAndGet();
            return MiniLmEmbedder.load(settings);
        });
        queue.tell(new EmbedQueue.Watch(P1, kit.spawn(lake.behavior())));
        lake.emptied.expectNoMessage(Duration.ofSeconds(1));
        assertEquals(0, lake.asks.get());
        assertEquals(0, loads.get());
        gate.aheadEnded();
        lake.awaitEmpty();
        assertEquals(2, lake.view.count());
    }

    @Test
    void anotherQueueGoesOnWhereTheLakeSays() {
        Lake lake = new Lake(1_000);
        lake.add("text", 5);
        ActorRef<LakeProtocol.Command> ref = kit.spawn(lake.behavior());
        ActorRef<EmbedQueue.Command> first = queue();
        first.tell(new EmbedQueue.Watch(P1, ref));
        lake.awaitEmpty();
        kit.stop(first);
        lake.add("more", 2);
        ActorRef<EmbedQueue.Command> second = queue();
        second.tell(new EmbedQueue.Watch(P1, ref));
        lake.awaitEmpty();
        assertEquals(2, status(second).getEmbedded());
        assertEquals(7, lake.view.count());
    }

    @Test
    void aRefusalIsTriedAgainLater() {
        Lake lake = new Lake(1_000);
        lake.add("text", 3);
        lake.refuseNext.set(2);
        queue().tell(new EmbedQueue.Watch(P1, kit.spawn(lake.behavior())));
        lake.awaitEmpty();
        assertEquals(3, lake.view.count());
    }

    @Test
    void projectsTakeTurns() {
        Lake one = new Lake(1_000);
        Lake other = new Lake(1_000);
        one.add("one", 40);
        other.add("other", 4);
        ActorRef<EmbedQueue.Command> queue = queue();
        queue.tell(new EmbedQueue.Watch(P1, kit.spawn(one.behavior())));
        queue.tell(new EmbedQueue.Watch(P2, kit.spawn(other.behavior())));
        other.awaitEmpty();
        assertTrue(one.view.count() < 40, "the small project did not wait for the large one");
        one.awaitEmpty();
        queue.tell(new EmbedQueue.Unwatch(P1));
        one.add("late", 1);
        queue.tell(new EmbedQueue.ChunksAdded(P1));
        assertEquals(44, status(queue).getEmbedded());
        assertEquals(40, one.view.count());
    }

    @Test
    void aStoreThatIsFullMakesNoEndlessWork() {
        Lake full = new Lake(2);
        full.add("text", 3);
        Lake other = new Lake(100);
        other.add("other", 1);
        ActorRef<EmbedQueue.Command> queue = queue();
        queue.tell(new EmbedQueue.Watch(P1, kit.spawn(full.behavior())));
        queue.tell(new EmbedQueue.Watch(P2, kit.spawn(other.behavior())));
        other.awaitEmpty();
        // a second round through the full one, and after it a round that must find it asleep
        other.add("again", 1);
        queue.tell(new EmbedQueue.ChunksAdded(P2));
        other.awaitEmpty();
        assertTrue(full.appends.get() <= 2, full.appends + " appends to a full store");
        assertEquals(2, full.view.count());
    }

    @Test
    void aModelThatDoesNotLoadIsNamedInTheStatusAndTriedAgain() {
        AtomicInteger loads = new AtomicInteger();
        Lake lake = new Lake(100);
        lake.add("text", 2);
        ActorRef<EmbedQueue.Command> queue = queue(() -> {
            if (loads.getAndIncrement() == 0) {
                throw new IOException("no such library");
            }
            return MiniLmEmbedder.load(settings);
        });
        queue.tell(new EmbedQueue.Watch(P1, kit.spawn(lake.behavior())));
        lake.awaitEmpty();
        assertEquals(2, loads.get());
        assertEquals(2, lake.view.count());
    }

    @Test
    void theSlotNamesItsPhasesAndWhyItFailed() {
        ActorRef<EmbedderSlot.Command> slot = kit.spawn(EmbedderSlot.create(settings, cell, () -> {
            throw new IOException("no such library");
        }));
        TestProbe<EmbedderSlot.Outcome> probe = kit.createTestProbe();
        slot.tell(new EmbedderSlot.Acquire(probe.getRef()));
        assertEquals(new EmbedderSlot.Unavailable("no such library"), probe.receiveMessage());
        assertEquals(EmbedderCell.Phase.FAILED, cell.state().phase());
        assertEquals("no such library", cell.state().reason());
    }

    /** The real embedder, and word of its end. */
    private record Watched(Embedder embedder, CountDownLatch closed) implements Embedder {
        @Override
        public String model() {
            return embedder.model();
        }

        @Override
        public String engine() {
            return embedder.engine();
        }

        @Override
        public int dimensions() {
            return embedder.dimensions();
        }

        @Override
        public Embedded embedded(String text) {
            return embedder.embedded(text);
        }

        @Override
        public long memoryBytes() {
            return embedder.memoryBytes();
        }

        @Override
        public void close() {
            embedder.close();
            closed.countDown();
        }
    }

    @Test
    void aQueryIsEmbeddedOnceTheModelIsLoadedAndNotAfterItWasUnloaded() throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        Embedders embedders = new Embedders(
                List.of(EmbedderSpec.builtIn(settings)),
                (spec, shown) -> kit.spawn(EmbedderSlot.create(
                        settings, shown, () -> new Watched(MiniLmEmbedder.load(settings), closed))));
        ActorRef<EmbedderSlot.Command> slot = embedders.target().slot();
        QueryEmbedder queries = new QueryEmbedder(embedders, settings);
        String model = queries.target();
        assertTrue(queries.embed("where is the retry", model).isEmpty());
        assertTrue(queries.whyNot(model).isPresent());
        TestProbe<EmbedderSlot.Outcome> probe = kit.createTestProbe();
        slot.tell(new EmbedderSlot.Acquire(probe.getRef()));
        EmbedderSlot.Ready ready = (EmbedderSlot.Ready) probe.receiveMessage(Duration.ofSeconds(20));
        assertEquals(Optional.empty(), queries.whyNot(model));
        float[] first = queries.embed("where is the retry", model).orElseThrow();
        assertArrayEquals(ready.embedder().embed("where is the retry"), first, 1e-6f);
        assertTrue(first == queries.embed(" where is the retry ", model).orElseThrow(), "kept");
        slot.tell(EmbedderSlot.Unload.INSTANCE);
        assertTrue(closed.await(20, TimeUnit.SECONDS));
        assertThrows(Embedder.EmbedFailed.class, () -> ready.embedder().embed("x"));
        assertTrue(queries.embed("another", model).isEmpty());
    }
}
