package ai.postdev.dragon.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.protocol.EmbeddingProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.v1.EmbedAnswer;
import ai.postdev.v1.EmbedRequest;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Texts of callers, embedded by an embedder that waits to be let go on. */
class EmbedServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static ActorTestKit kit;

    @BeforeAll
    static void start() {
        kit = ActorTestKit.create(
                "embed-server",
                ConfigFactory.parseString("pekko.actor.provider = local").withFallback(ConfigFactory.load()));
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
    }

    private final QueryGate gate = new QueryGate();
    private final Semaphore permits = new Semaphore(0);
    private final BlockingQueue<String> begun = new LinkedBlockingQueue<>();

    /** Embeds a text as its length. */
    private final class Waits implements Embedder {
        @Override
        public String model() {
            return "waits";
        }

        @Override
        public String engine() {
            return "test";
        }

        @Override
        public int dimensions() {
            return 1;
        }

        @Override
        public Embedded embedded(String text) {
            begun.add(text);
            try {
                permits.acquire();
            } catch (InterruptedException e) {
                throw new EmbedFailed("interrupted", e);
            }
            if (text.equals("bad")) {
                throw new EmbedFailed("it is bad", null);
            }
            return new Embedded(new float[] {text.length()}, 2, text.length() > 5);
        }

        @Override
        public long memoryBytes() {
            return 1;
        }

        @Override
        public void close() {
            // holds nothing
        }
    }

    private ActorRef<EmbeddingProtocol.Command> server(EmbedderSlot.Loader loader, int waitingMax) {
        EmbedderSettings settings = EmbedderSettings.from(ConfigFactory.load(), Path.of("none"));
        ActorRef<EmbedderSlot.Command> slot = kit.spawn(EmbedderSlot.create(settings, new EmbedderCell(), loader));
        return kit.spawn(EmbedServer.create(
                new EmbedRequestSettings(1, 4, waitingMax, 1_000), EmbedderSpec.builtIn(settings), slot, gate));
    }

    private static TestProbe<Reply<EmbedAnswer>> embed(
            ActorRef<EmbeddingProtocol.Command> server, String id, String... texts) {
        return embed(
                server,
                id,
                EmbedRequest.newBuilder().addAllInputs(List.of(texts)).build());
    }

    private static TestProbe<Reply<EmbedAnswer>> embed(
            ActorRef<EmbeddingProtocol.Command> server, String id, EmbedRequest request) {
        TestProbe<Reply<EmbedAnswer>> probe = kit.createTestProbe();
        server.tell(new EmbeddingProtocol.Embed(id, request, probe.ref()));
        return probe;
    }

    private static EmbedAnswer answer(TestProbe<Reply<EmbedAnswer>> probe) {
        return ((Reply.Answered<EmbedAnswer>) probe.receiveMessage(PATIENCE)).answer();
    }

    private static Reply.Refused<EmbedAnswer> refused(TestProbe<Reply<EmbedAnswer>> probe) {
        return (Reply.Refused<EmbedAnswer>) probe.receiveMessage(PATIENCE);
    }

    private String next() throws InterruptedException {
        return begun.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void requestsTakeTurnsAndBackgroundWorkStepsAside() throws Exception {
        ActorRef<EmbeddingProtocol.Command> server = server(Waits::new, 100);
        TestProbe<Reply<EmbedAnswer>> first = embed(server, "a", "a1", "a22", "a333");
        assertEquals("a1", next());
        assertFalse(gate.awaitIdle(Duration.ZERO), "what embeds in the background waits");
        TestProbe<Reply<EmbedAnswer>> second = embed(server, "b", "b1-long");
        permits.release(4);
        List<String> order = List.of(next(), next(), next());
        assertEquals("b1-long", order.get(1), "a long request does not hold up a short one: " + order);
        EmbedAnswer one = answer(first);
        assertEquals(
                List.of(2f, 3f, 4f),
                one.getEmbeddingsList().stream().map(e -> e.getValues(0)).toList());
        assertEquals(6, one.getTokens());
        assertEquals("minilm", one.getModel());
        assertTrue(answer(second).getEmbeddings(0).getCut());
        assertTrue(gate.awaitIdle(PATIENCE));
    }

    @Test
    void whatNobodyWaitsForIsNotEmbedded() throws Exception {
        ActorRef<EmbeddingProtocol.Command> server = server(Waits::new, 100);
        TestProbe<Reply<EmbedAnswer>> left = embed(server, "a", "a1", "a2");
        assertEquals("a1", next());
        TestProbe<Reply<EmbedAnswer>> stays = embed(server, "b", "b1");
        server.tell(new EmbeddingProtocol.Cancel("a"));
        permits.release(2);
        assertEquals("b1", next());
        answer(stays);
        left.expectNoMessage(Duration.ofMillis(20));
        assertTrue(begun.isEmpty());
        assertTrue(gate.awaitIdle(PATIENCE));
    }

    @Test
    void beyondTheBoundCallersAreToldWhenToTryAgain() throws Exception {
        ActorRef<EmbeddingProtocol.Command> server = server(Waits::new, 4);
        TestProbe<Reply<EmbedAnswer>> first = embed(server, "a", "1", "2", "3");
        assertEquals("1", next());
        Reply.Refused<EmbedAnswer> full = refused(embed(server, "b", "1", "2"));
        assertEquals(Reply.Reason.OVERLOADED, full.reason());
        assertTrue(full.message().matches(".*waiting-max \\(4\\).*try again in \\d+ s"), full.message());
        assertTrue(refused(embed(server, "c", "x".repeat(1_000))).message().contains("waiting-bytes-max"));
        permits.release(4);
        answer(first);
        assertEquals(1, answer(embed(server, "b", "1")).getEmbeddingsCount());
    }

    @Test
    void whatCannotBeIsRefused() {
        ActorRef<EmbeddingProtocol.Command> server = server(Waits::new, 100);
        permits.release(100);
        assertEquals(
                Reply.Reason.NOT_FOUND,
                refused(embed(
                                server,
                                "a",
                                EmbedRequest.newBuilder()
                                        .setModel("other")
                                        .addInputs("x")
                                        .build()))
                        .reason());
        assertTrue(refused(embed(
                        server,
                        "a",
                        EmbedRequest.newBuilder()
                                .setDimensions(8)
                                .addInputs("x")
                                .build()))
                .message()
                .contains("dimensions is 8"));
        assertTrue(refused(embed(server, "a")).message().contains("0 texts"));
        assertTrue(
                refused(embed(server, "a", "1", "2", "3", "4", "5")).message().contains("texts-max"));
        assertTrue(refused(embed(server, "a", "x", "")).message().contains("text 1"));
        Reply.Refused<EmbedAnswer> bad = refused(embed(server, "a", "bad", "good"));
        assertEquals(Reply.Reason.FAILED, bad.reason());
        assertEquals("it is bad", bad.message());
        assertEquals(1, answer(embed(server, "a", "good")).getEmbeddingsCount(), "the next one goes on");
    }

    @Test
    void withoutAModelTheReasonIsTold() throws Exception {
        ActorRef<EmbeddingProtocol.Command> server = server(
                () -> {
                    throw new IOException("no such library");
                },
                100);
        Reply.Refused<EmbedAnswer> none = refused(embed(server, "a", "x"));
        assertEquals(Reply.Reason.UNAVAILABLE, none.reason());
        assertTrue(none.message().contains("no such library"));
        assertTrue(gate.awaitIdle(PATIENCE));
    }
}
