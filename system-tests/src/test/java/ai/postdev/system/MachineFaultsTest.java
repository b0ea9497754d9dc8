package ai.postdev.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.app.NodeMain;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.Event;
import ai.postdev.v1.RememberAnswer;
import ai.postdev.v1.RememberRequest;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.ShowRequest;
import ai.postdev.v1.StatusRequest;
import ai.postdev.v1.TimelineRequest;
import ai.postdev.v1.UpRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole node on a machine whose disk fails and whose clock steps back. */
class MachineFaultsTest {
    @TempDir
    Path dir;

    private Faults faults;
    private Path folder;
    private NodeProcess node;
    private final List<RememberAnswer> acknowledged = new ArrayList<>();

    @BeforeEach
    void prepare() throws Exception {
        Optional<Faults> made = Faults.in(dir);
        assumeTrue(made.isPresent(), "needs Linux and a C compiler");
        faults = made.get();
        folder = Files.createDirectory(dir.resolve("project"));
        Files.writeString(folder.resolve("a.txt"), "the first lantern\n");
    }

    @AfterEach
    void end() throws InterruptedException {
        if (node != null) {
            node.close();
        }
    }

    private void start() throws IOException {
        Map<String, String> environment = new HashMap<>(faults.environment("/data/journal"));
        environment.put("POSTDEVAI_EMBEDDER_ENABLED", "false");
        node = NodeProcess.start(NodeMain.class, dir.resolve("home"), Map.of(), environment);
        node.up();
    }

    private void remember(NodeClient client, String text) throws ClientFault {
        acknowledged.add(
                client.remember(RememberRequest.newBuilder().setText(text).build()));
    }

    private static List<String> notes(NodeClient client) throws ClientFault {
        return client
                .timeline(TimelineRequest.newBuilder()
                        .setKind("note")
                        .setLimit(1_000)
                        .build())
                .getEventsList()
                .stream()
                .map(Event::getText)
                .sorted()
                .toList();
    }

    private void awaitShown(NodeClient client, String path, String text) {
        node.await(path + " is shown", () -> {
            try {
                return Optional.of(client.show(
                                ShowRequest.newBuilder().setPath(path).build()))
                        .filter(answer -> answer.getText().equals(text));
            } catch (ClientFault e) {
                if (e.code() == FaultCode.NOT_FOUND) {
                    return Optional.empty();
                }
                throw new AssertionError(node.log(), e);
            }
        });
    }

    private void up(NodeClient client) throws ClientFault {
        client.up(UpRequest.newBuilder().addPaths(folder.toString()).build(), NodeProcess.PATIENCE, _ -> {});
    }

    @Test
    void aDiskThatFailsRefusesWritesWithTheReasonAndServesReadsAndNothingAcknowledgedIsLost() throws Exception {
        start();
        try (NodeClient client = node.client()) {
            up(client);
            remember(client, "before the fault");
            faults.failWrites(true);
            Files.writeString(folder.resolve("b.txt"), "the second lantern\n");
            for (String text : List.of("refused once", "refused twice")) {
                ClientFault fault = assertThrows(ClientFault.class, () -> remember(client, text));
                assertEquals(FaultCode.FAILED_PRECONDITION, fault.code(), fault.getMessage());
                assertTrue(fault.getMessage().contains("Input/output error"), fault.getMessage());
            }
            assertEquals(List.of("before the fault"), notes(client));
            assertEquals(
                    "a.txt",
                    client.search(SearchRequest.newBuilder()
                                    .setQuery("first lantern")
                                    .build())
                            .getHits(0)
                            .getPath());
            awaitShown(client, "a.txt", "the first lantern\n");
            assertTrue(
                    client.status(StatusRequest.getDefaultInstance()).getNode().getReady());
            faults.failWrites(false);
            // Nothing has to be done: the journal opens itself again, and what waited is written.
            node.await("it takes notes again", () -> {
                try {
                    remember(client, "after the fault");
                    return Optional.of(true);
                } catch (ClientFault e) {
                    assertEquals(FaultCode.FAILED_PRECONDITION, e.code(), e.getMessage());
                    return Optional.empty();
                }
            });
            awaitShown(client, "b.txt", "the second lantern\n");
            assertEquals(List.of("after the fault", "before the fault"), notes(client));
        }
        node.kill();
        start();
        try (NodeClient client = node.client()) {
            assertEquals(List.of("after the fault", "before the fault"), notes(client));
            awaitShown(client, "b.txt", "the second lantern\n");
        }
    }

    @Test
    void aNodeThatDiesWhileItsDiskFailsComesBackWithAllThatWasAcknowledged() throws Exception {
        start();
        List<String> expected = new ArrayList<>();
        try (NodeClient client = node.client()) {
            up(client);
            for (int i = 0; i < 50; i++) {
                remember(client, "note %02d".formatted(i));
                expected.add("note %02d".formatted(i));
            }
            faults.failWrites(true);
            assertThrows(ClientFault.class, () -> remember(client, "refused"));
        }
        node.kill();
        faults.failWrites(false);
        start();
        try (NodeClient client = node.client()) {
            // What was refused may have reached the disk before it failed: then it is there whole.
            List<String> found = new ArrayList<>(notes(client));
            found.remove("refused");
            assertEquals(expected, found);
        }
    }

    @Test
    void aDiskThatCannotBeReadIsToldAndTheNodeStaysUp() throws Exception {
        start();
        try (NodeClient client = node.client()) {
            up(client);
            remember(client, "kept");
        }
        node.terminate();
        node.exitCode();
        faults.failReads(true);
        node = NodeProcess.start(NodeMain.class, dir.resolve("home"), Map.of(), faults.environment("/data/journal"));
        assertEquals(4, node.exitCode(), node::log);
        assertTrue(node.log().contains("Input/output error"), node::log);
        assertTrue(node.log().contains("journal"), node::log);
        faults.failReads(false);
        start();
        try (NodeClient client = node.client()) {
            assertEquals(List.of("kept"), notes(client));
        }
    }

    @Test
    void timesAndSequencesOfWhatIsWrittenNeverGoBackWithTheClock() throws Exception {
        start();
        try (NodeClient client = node.client()) {
            up(client);
            remember(client, "one");
            faults.clock(Duration.ofDays(-1));
            remember(client, "two");
            Files.writeString(folder.resolve("b.txt"), "the second lantern\n");
            awaitShown(client, "b.txt", "the second lantern\n");
        }
        node.kill();
        faults.clock(Duration.ofDays(-400));
        start();
        try (NodeClient client = node.client()) {
            remember(client, "three");
            Files.writeString(folder.resolve("b.txt"), "the third lantern\n");
            awaitShown(client, "b.txt", "the third lantern\n");
            assertEquals(List.of("one", "three", "two"), notes(client));
        }
        node.terminate();
        node.exitCode();
        faults.clock(Duration.ZERO);
        start();
        try (NodeClient client = node.client()) {
            remember(client, "four");
            assertEquals(List.of("four", "one", "three", "two"), notes(client));
            awaitShown(client, "b.txt", "the third lantern\n");
        }
        for (int i = 1; i < acknowledged.size(); i++) {
            RememberAnswer before = acknowledged.get(i - 1);
            RememberAnswer after = acknowledged.get(i);
            assertEquals(before.getOrigin(), after.getOrigin());
            assertTrue(after.getSequence() > before.getSequence(), acknowledged::toString);
            assertFalse(
                    Instant.parse(after.getTime()).isBefore(Instant.parse(before.getTime())), acknowledged::toString);
        }
    }
}
