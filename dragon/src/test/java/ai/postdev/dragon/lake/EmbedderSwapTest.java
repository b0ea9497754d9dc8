package ai.postdev.dragon.lake;

import static ai.postdev.dragon.lake.Seeded.ORIGIN;
import static ai.postdev.dragon.lake.Seeded.PROJECT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.code.CodeEngine;
import ai.postdev.dragon.lake.code.CodeSettings;
import ai.postdev.dragon.lake.history.HistoryEngine;
import ai.postdev.dragon.lake.history.HistorySettings;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.JournalSettings;
import ai.postdev.dragon.lake.metadata.MetadataEngine;
import ai.postdev.dragon.lake.metadata.MetadataSettings;
import ai.postdev.dragon.lake.retrieval.LakeViews;
import ai.postdev.dragon.lake.retrieval.QueryMeaning;
import ai.postdev.dragon.lake.syntax.Syntax;
import ai.postdev.dragon.lake.text.TextIndex;
import ai.postdev.dragon.lake.vector.VectorEngine;
import ai.postdev.dragon.lake.vector.VectorSettings;
import ai.postdev.dragon.model.EmbedQueue;
import ai.postdev.dragon.model.Embedder;
import ai.postdev.dragon.model.EmbedderSettings;
import ai.postdev.dragon.model.EmbedderSlot;
import ai.postdev.dragon.model.EmbedderSpec;
import ai.postdev.dragon.model.Embedders;
import ai.postdev.dragon.model.MiniLmEmbedder;
import ai.postdev.dragon.model.QueryEmbedder;
import ai.postdev.dragon.model.QueryGate;
import ai.postdev.dragon.model.engine.EmbedderRequest;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Another embedder takes the place of one: a lake over its real engines and journal, the real queue and slots. Texts are
 * "1", "2" and so on; an embedder turns them, in its own number of dimensions, towards the axis of their number.
 */
class EmbedderSwapTest {
    private static final Config CONFIG = ConfigFactory.load();
    private static final WorkspaceId WORKSPACE = new WorkspaceId("w");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CHUNKS = 9;
    private static final String OLD = MiniLmEmbedder.MODEL;
    private static final String NEW = "another";

    @TempDir
    Path dir;

    private final ActorTestKit kit = ActorTestKit.create(
            "swap", ConfigFactory.parseString("pekko.actor.provider = local").withFallback(CONFIG));
    private final CodeEngine code = new CodeEngine(CodeSettings.from(CONFIG), _ -> Optional.empty());
    private final VectorEngine vector = new VectorEngine(new VectorSettings(100, 4), code::supersededAt);
    private final TextIndex text = TextIndex.inMemory();
    private final HistoryEngine history = new HistoryEngine(new HistorySettings(1, 100));
    private final MetadataEngine metadata = new MetadataEngine(new MetadataSettings(10, 2, 10, 10));
    private final AtomicInteger embedded = new AtomicInteger();
    /** Without one the new embedder waits. */
    private final Semaphore permits = new Semaphore(0);

    private final TestProbe<String> told = kit.createTestProbe();
    private Journal journal;
    private long sequence;
    private volatile Views views;

    @BeforeEach
    void open() throws IOException {
        journal = Journal.open(dir, JournalSettings.from(CONFIG));
        for (int i = 1; i <= CHUNKS; i++) {
            save("f" + i + ".txt", Integer.toString(i));
        }
        look();
    }

    @AfterEach
    void close() throws IOException {
        kit.shutdownTestKit();
        text.close();
        journal.close();
    }

    private void save(String path, String content) {
        byte[] utf8 = content.getBytes(StandardCharsets.UTF_8);
        ContentHash hash = ContentHash.of(utf8);
        Body put = new Body.PutDocument(WORKSPACE, path, hash, utf8.length, Language.TEXT, 1, utf8.length);
        code.fold(Seeded.operation(++sequence, 1_000 + sequence, put), Map.of(hash, utf8));
        journal.append(
                List.of(Seeded.operation(sequence, 1_000 + sequence, put)), List.of(new LakeProtocol.Blob(hash, utf8)));
        Syntax.Chunk chunk = new Syntax.Chunk(1, 1, 0, utf8.length, "");
        code.attachSyntax(hash, new Syntax(List.of(), List.of(chunk), List.of(), true));
    }

    private void look() {
        views = new Views(
                code.view(), text.current(), vector.view(), history.view(), metadata.view(), VersionVector.EMPTY);
    }

    /** The lake as the queue sees it; on one thread. */
    private Behavior<LakeProtocol.Command> lake() {
        AbsentVectors absent = new AbsentVectors(PROJECT, journal, 100, (operations, wanted) -> {
            vector.restore(operations, wanted);
            look();
        });
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case LakeProtocol.Unembedded ask -> {
                    Reply<LakeProtocol.Chunks> reply = absent.unembedded(views, ask, 100);
                    ask.replyTo().tell(reply);
                    if (reply instanceof Reply.Answered<LakeProtocol.Chunks>(LakeProtocol.Chunks chunks)
                            && chunks.chunks().isEmpty()
                            && !chunks.replaces()) {
                        told.getRef().tell("done with " + ask.model());
                    }
                }
                case LakeProtocol.Append append -> {
                    List<Operation> operations = new ArrayList<>();
                    for (Body body : append.bodies()) {
                        sequence++;
                        operations.add(Seeded.operation(ORIGIN, sequence, 1_000 + sequence, body));
                    }
                    journal.append(operations, List.of());
                    operations.forEach(vector::apply);
                    operations.forEach(metadata::apply);
                    look();
                    append.replyTo()
                            .tell(new Reply.Answered<>(
                                    new LakeProtocol.Appended(ORIGIN, sequence, HybridTime.ZERO, VersionVector.EMPTY)));
                }
                default -> throw new IllegalArgumentException("the queue has no business with " + command);
            }
            return Behaviors.same();
        });
    }

    private final class Axes implements Embedder {
        private final String model;
        private final int dimensions;

        Axes(String model) {
            this.model = model;
            this.dimensions = model.equals(OLD) ? 12 : 16;
        }

        @Override
        public String model() {
            return model;
        }

        @Override
        public String engine() {
            return "test";
        }

        @Override
        public int dimensions() {
            return dimensions;
        }

        @Override
        public long memoryBytes() {
            return 1;
        }

        @Override
        public Embedded embedded(String text) {
            if (!text.startsWith("?")) {
                embedded.incrementAndGet();
                if (model.equals(NEW)) {
                    permits.acquireUninterruptibly();
                    told.getRef().tell("one");
                }
            }
            float[] vector = new float[dimensions];
            vector[Integer.parseInt(text.replace("?", ""))] = 1;
            return new Embedded(vector, 1, false);
        }

        @Override
        public void close() {
            // holds nothing
        }
    }

    private EmbedderSettings settings() {
        return EmbedderSettings.from(
                ConfigFactory.parseString("postdevai.models.embedder { threads = 1, batch = 3, load-at-start = false }")
                        .withFallback(CONFIG),
                Path.of("none"));
    }

    private EmbedderSpec spec(String key) {
        return new EmbedderSpec(key, key, 0, "test", new EmbedderRequest(key, Optional.empty(), 8, 1, Path.of("none")));
    }

    /** A node whose settings name an embedder, with the lake on it. */
    private QueryMeaning node(String target, String other) {
        Embedders embedders = new Embedders(
                List.of(spec(target), spec(other)),
                (spec, cell) -> kit.spawn(EmbedderSlot.create(settings(), cell, () -> new Axes(spec.key()))));
        ActorRef<EmbedQueue.Command> queue = kit.spawn(EmbedQueue.create(
                settings(),
                embedders.target(),
                new QueryGate(),
                () -> told.getRef().tell("swapped to " + target)));
        queue.tell(new EmbedQueue.Watch(PROJECT, kit.spawn(lake())));
        TestProbe<EmbedderSlot.Outcome> loaded = kit.createTestProbe();
        embedders.of(OLD).orElseThrow().slot().tell(new EmbedderSlot.Acquire(loaded.ref()));
        loaded.receiveMessage(PATIENCE);
        return QueryMeaning.by(new QueryEmbedder(embedders, settings()));
    }

    /** Every text is found by the model that the lake is searched by. */
    private void allIsFoundBy(String expected, QueryMeaning meaning) {
        Views now = views;
        String model = meaning.model(
                new LakeViews(PROJECT, now.code(), now.text(), now.vector(), now.history(), now.metadata(), Map.of()));
        assertEquals(expected, model);
        for (int i = 1; i <= CHUNKS; i++) {
            float[] query = meaning.of("?" + i, model).orElseThrow();
            assertEquals(
                    ContentHash.of(Integer.toString(i)),
                    now.vector().nearest(model, query, 1).getFirst().hash());
        }
    }

    @Test
    void searchesAreAnsweredByTheFormerOneUntilTheNewOneHasEmbeddedAll() {
        QueryMeaning before = node(OLD, NEW);
        told.expectMessage(PATIENCE, "done with " + OLD);
        allIsFoundBy(OLD, before);
        assertEquals(CHUNKS, embedded.get());

        QueryMeaning after = node(NEW, OLD);
        for (int done = 0; done < CHUNKS; done++) {
            allIsFoundBy(OLD, after);
            permits.release();
            told.expectMessage(PATIENCE, "one");
        }
        told.expectMessage(PATIENCE, "swapped to " + NEW);
        told.expectMessage(PATIENCE, "done with " + NEW);
        assertEquals(0, views.vector().count(OLD), "what the former one embedded is gone");
        assertEquals(CHUNKS, views.vector().count(NEW));
        allIsFoundBy(NEW, after);
    }

    @Test
    void backToTheFormerOneNothingIsEmbeddedAgain() {
        node(OLD, NEW);
        told.expectMessage(PATIENCE, "done with " + OLD);
        permits.release(CHUNKS);
        node(NEW, OLD);
        for (int done = 0; done < CHUNKS; done++) {
            told.expectMessage(PATIENCE, "one");
        }
        told.expectMessage(PATIENCE, "swapped to " + NEW);
        told.expectMessage(PATIENCE, "done with " + NEW);
        assertEquals(2 * CHUNKS, embedded.get());

        QueryMeaning again = node(OLD, NEW);
        told.expectMessage(PATIENCE, "swapped to " + OLD);
        told.expectMessage(PATIENCE, "done with " + OLD);
        assertEquals(2 * CHUNKS, embedded.get(), "the journal had them");
        assertEquals(0, views.vector().count(NEW));
        allIsFoundBy(OLD, again);
    }

    @Test
    void aSwapThatIsTakenBackLeavesNothingInMemory() {
        node(OLD, NEW);
        told.expectMessage(PATIENCE, "done with " + OLD);
        node(NEW, OLD);
        permits.release(3);
        told.awaitAssert(PATIENCE, () -> {
            assertEquals(3, views.vector().count(NEW));
            return null;
        });
        for (int done = 0; done < 3; done++) {
            told.expectMessage(PATIENCE, "one");
        }
        QueryMeaning again = node(OLD, NEW);
        told.expectMessage(PATIENCE, "swapped to " + OLD);
        assertEquals(0, views.vector().count(NEW));
        allIsFoundBy(OLD, again);
        permits.release(CHUNKS); // who waits for them may end
    }

    @Test
    void whereTheFormerOneIsNotHereAnyMoreTheNewOneServesAsFarAsItIs() {
        node(OLD, NEW);
        told.expectMessage(PATIENCE, "done with " + OLD);
        Embedders alone = new Embedders(
                List.of(spec(NEW)),
                (spec, cell) -> kit.spawn(EmbedderSlot.create(settings(), cell, () -> new Axes(spec.key()))));
        Views now = views;
        QueryMeaning meaning = QueryMeaning.by(new QueryEmbedder(alone, settings()));
        assertEquals(
                NEW,
                meaning.model(new LakeViews(
                        PROJECT, now.code(), now.text(), now.vector(), now.history(), now.metadata(), Map.of())));
        assertTrue(meaning.whyNot(OLD).orElseThrow().contains(OLD));
    }
}
