package ai.postdev.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.postdev.app.NodeMain;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.RememberRequest;
import ai.postdev.v1.TimelineRequest;
import ai.postdev.v1.UpRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What forbids a node to start: exit code 4 and one line that says what was found and what to do. */
class NodeRefusalTest {
    private static final int REFUSED = 4;
    private static final Map<String, String> WITHOUT_EMBEDDER = Map.of("POSTDEVAI_EMBEDDER_ENABLED", "false");

    @TempDir
    Path dir;

    private NodeProcess running;

    @AfterEach
    void end() throws InterruptedException {
        if (running != null) {
            running.close();
        }
    }

    private NodeProcess start(String home, Map<String, String> settings) throws IOException {
        return NodeProcess.start(NodeMain.class, dir.resolve(home), settings, WITHOUT_EMBEDDER);
    }

    private static void assertRefused(NodeProcess node, String... told) throws InterruptedException {
        try {
            assertEquals(REFUSED, node.exitCode(), node::log);
        } finally {
            node.forget(); // one that was not refused after all
        }
        List<String> lines = node.log()
                .lines()
                .filter(line -> line.startsWith("postdevai: "))
                .toList();
        assertEquals(1, lines.size(), node::log);
        for (String word : told) {
            assertTrue(lines.getFirst().contains(word), node::log);
        }
    }

    @Test
    void aSecondNodeOnTheSameHomeIsRefusedAndTheFirstGoesOn() throws Exception {
        running = start("home", Map.of());
        running.up();
        NodeProcess second = start("home", Map.of());
        assertRefused(second, dir.resolve("home").toString(), Long.toString(running.pid()));
        Path folder = Files.createDirectory(dir.resolve("project"));
        try (NodeClient client = running.client()) {
            client.up(UpRequest.newBuilder().addPaths(folder.toString()).build(), NodeProcess.PATIENCE, _ -> {});
            client.remember(RememberRequest.newBuilder().setText("still here").build());
            assertEquals(
                    1,
                    client.timeline(TimelineRequest.newBuilder().setKind("note").build())
                            .getEventsCount());
        }
        assertTrue(running.isAlive());
    }

    @Test
    void aPortThatIsTakenIsNamedWithItsSetting() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            for (String setting :
                    List.of("postdevai.cluster.port", "postdevai.management.port", "postdevai.gateway.grpc.port")) {
                NodeProcess node = start("home-" + setting, Map.of(setting, port));
                assertRefused(node, port, setting);
            }
        }
    }

    @Test
    void aHomeThatCannotBeWrittenIsRefusedWithWhatToDo() throws Exception {
        Optional<List<String>> asOwner = Rights.withoutOverride();
        assumeTrue(asOwner.isPresent(), "needs a process that file permissions bind");
        Path home = Files.createDirectory(dir.resolve("home"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("r-x------"));
        assertRefused(
                NodeProcess.start(asOwner.get(), NodeMain.class, home, Map.of(), WITHOUT_EMBEDDER),
                home.toString(),
                "ermission denied",
                "POSTDEVAI_HOME");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
        running = NodeProcess.start(asOwner.get(), NodeMain.class, home, Map.of(), WITHOUT_EMBEDDER);
        running.up();
        running.terminate();
        running.exitCode();
        // What was written before must not be lost when its folder is closed.
        Path data = home.resolve("data");
        Files.setPosixFilePermissions(data.resolve("journal"), PosixFilePermissions.fromString("r-x------"));
        Files.setPosixFilePermissions(data.resolve("journal/rocks"), PosixFilePermissions.fromString("r-x------"));
        assertRefused(
                NodeProcess.start(asOwner.get(), NodeMain.class, home, Map.of(), WITHOUT_EMBEDDER),
                home.toString(),
                "ermission denied",
                "writable");
        Files.setPosixFilePermissions(data.resolve("journal/rocks"), PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(data.resolve("journal"), PosixFilePermissions.fromString("rwx------"));
        running = NodeProcess.start(asOwner.get(), NodeMain.class, home, Map.of(), WITHOUT_EMBEDDER);
        running.up();
    }
}
