package ai.postdev.developer.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.door.Frame;
import ai.postdev.actors.door.Frames;
import ai.postdev.v1.RememberRequest;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.UpProgress;
import ai.postdev.v1.UpRequest;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeClientTest {
    private static final SearchRequest QUERY =
            SearchRequest.newBuilder().setQuery("x").build();
    private static final ClientSettings SETTINGS =
            new ClientSettings(Duration.ofSeconds(20), 4, Duration.ofMillis(1), Duration.ofMillis(2), 1 << 20);

    /** What the other end does with one request. */
    private interface Turn {
        void take(SocketChannel channel, Frame.Request request) throws IOException;
    }

    @TempDir
    Path folder;

    private final Queue<Turn> turns = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();
    private ServerSocketChannel server;
    private NodeClient client;

    @BeforeEach
    void open() throws IOException {
        Path socket = folder.resolve("s");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(this::serve);
        client = new NodeClient(socket, "no node here", SETTINGS);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
    }

    private void serve() {
        while (server.isOpen()) {
            try (SocketChannel channel = server.accept()) {
                while (channel.isOpen()
                        && Frames.read(channel, 1 << 20).orElse(null) instanceof Frame.Request request) {
                    requests.incrementAndGet();
                    Turn turn = turns.poll();
                    if (turn == null) {
                        answer(channel);
                    } else {
                        turn.take(channel, request);
                    }
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                System.out.println("the caller left: " + e.getMessage());
            }
        }
    }

    private static void answer(SocketChannel channel) throws IOException {
        Frames.write(
                channel,
                new Frame.Data(SearchAnswer.newBuilder().setMode("text").build().toByteArray()));
        Frames.write(channel, new Frame.End(FaultCode.OK, ""));
    }

    private static Turn end(FaultCode code) {
        return (channel, _) -> Frames.write(channel, new Frame.End(code, "because"));
    }

    private static Turn hangUp() {
        return (channel, _) -> channel.close();
    }

    @Test
    void answersCallAfterCall() throws ClientFault {
        for (int i = 0; i < 3; i++) {
            assertEquals("text", client.search(QUERY).getMode());
        }
    }

    @Test
    void triesAgainWhenTheNodeIsBusyOrTheLineBreaks() throws ClientFault {
        turns.add(end(FaultCode.RESOURCE_EXHAUSTED));
        turns.add(hangUp());
        turns.add(end(FaultCode.UNAVAILABLE));
        assertEquals("text", client.search(QUERY).getMode());
        assertEquals(4, requests.get());
    }

    @Test
    void givesUpAfterTheLastAttempt() {
        for (int i = 0; i < 9; i++) {
            turns.add(end(FaultCode.RESOURCE_EXHAUSTED));
        }
        ClientFault fault = assertThrows(ClientFault.class, () -> client.search(QUERY));
        assertEquals(FaultCode.RESOURCE_EXHAUSTED, fault.code());
        assertEquals("because", fault.getMessage());
        assertEquals(SETTINGS.attemptsMax(), requests.get());
    }

    @Test
    void doesNotRepeatWhatWillStayWrong() {
        turns.add(end(FaultCode.INVALID_ARGUMENT));
        assertEquals(
                FaultCode.INVALID_ARGUMENT,
                assertThrows(ClientFault.class, () -> client.search(QUERY)).code());
        assertEquals(1, requests.get());
    }

    @Test
    void neverSendsANoteTwice() {
        turns.add(hangUp());
        RememberRequest note = RememberRequest.newBuilder().setText("x").build();
        assertEquals(
                FaultCode.UNAVAILABLE,
                assertThrows(ClientFault.class, () -> client.remember(note)).code());
        assertEquals(1, requests.get());
    }

    @Test
    void aSilentNodeIsLeftAtTheDeadline() throws IOException {
        turns.add((channel, _) -> Frames.read(channel, 1 << 20));
        NodeClient hasty = new NodeClient(folder.resolve("s"), "", SETTINGS.withDeadline(Duration.ofMillis(60)));
        assertEquals(
                FaultCode.DEADLINE_EXCEEDED,
                assertThrows(ClientFault.class, () -> hasty.search(QUERY)).code());
        hasty.close();
    }

    @Test
    void passesTheRestOfItsDeadlineOn() throws ClientFault {
        List<Long> seen = new ArrayList<>();
        turns.add((channel, request) -> {
            seen.add(request.deadlineMillis());
            answer(channel);
        });
        client.search(QUERY);
        assertTrue(seen.getFirst() > 0 && seen.getFirst() <= 20_000, "deadline was " + seen);
    }

    @Test
    void noNodeIsSaidAtOnce() {
        NodeClient lonely = new NodeClient(folder.resolve("nothing"), "no node here", SETTINGS);
        ClientFault fault = assertThrows(ClientFault.class, () -> lonely.search(QUERY));
        assertEquals(FaultCode.UNAVAILABLE, fault.code());
        assertEquals("no node here", fault.getMessage());
    }

    @Test
    void anAnswerAboveTheBoundIsRefused() {
        for (int i = 0; i < 4; i++) {
            turns.add((channel, _) -> channel.write(
                    ByteBuffer.allocate(5).putInt(1 << 30).put((byte) 2).flip()));
        }
        ClientFault fault = assertThrows(ClientFault.class, () -> client.search(QUERY));
        assertTrue(fault.getMessage().contains("at most"), fault.getMessage());
    }

    @Test
    void followsUpToItsEnd() throws ClientFault {
        turns.add((channel, _) -> {
            for (String phase : List.of("scanning", "reading", "searchable")) {
                Frames.write(
                        channel,
                        new Frame.Data(
                                UpProgress.newBuilder().setPhase(phase).build().toByteArray()));
            }
            Frames.write(channel, new Frame.End(FaultCode.OK, ""));
        });
        List<String> phases = new ArrayList<>();
        client.up(UpRequest.getDefaultInstance(), Duration.ofSeconds(20), moved -> phases.add(moved.getPhase()));
        assertEquals(List.of("scanning", "reading", "searchable"), phases);
    }

    @Test
    void tellsWhyUpFailed() {
        turns.add(end(FaultCode.FAILED_PRECONDITION));
        ClientFault fault = assertThrows(
                ClientFault.class, () -> client.up(UpRequest.getDefaultInstance(), Duration.ofSeconds(20), _ -> {}));
        assertEquals(FaultCode.FAILED_PRECONDITION, fault.code());
    }
}
