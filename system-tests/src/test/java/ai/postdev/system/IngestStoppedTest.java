package ai.postdev.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.app.NodeMain;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.ProjectsRequest;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.ShowRequest;
import ai.postdev.v1.UpRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is told to end in the middle of its first reading, again and again, until it has read everything. */
class IngestStoppedTest {
    private static final int FILES = 6_000;
    private static final int STOPS = 4;
    private static final int TERMINATED = 143;
    /** {@code postdevai.lake.snapshot-at-end-operations}: an orderly end leaves fewer to be replayed. */
    private static final int REPLAYED_MAX = 2_000;

    @TempDir
    Path dir;

    private final Map<String, String> disk = new TreeMap<>();
    private Path folder;
    private NodeProcess node;

    @AfterEach
    void end() throws InterruptedException {
        node.close();
    }

    private void plant(Random random) throws IOException {
        folder = dir.resolve("project");
        for (int i = 0; i < FILES; i++) {
            String path = "part" + i % 60 + "/file" + i + ".txt";
            disk.put(path, "unique" + i + "z\n" + (PlainWords.some(random, 12) + "\n").repeat(20));
            Path file = folder.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, disk.get(path));
        }
    }

    private void start() throws IOException {
        node = NodeProcess.start(
                NodeMain.class, dir.resolve("home"), Map.of(), Map.of("POSTDEVAI_EMBEDDER_ENABLED", "false"));
        node.up();
    }

    private static Optional<ProjectStatus> project(NodeClient client) throws ClientFault {
        return client.projects(ProjectsRequest.getDefaultInstance()).getProjectsList().stream()
                .findFirst();
    }

    private void awaitFiles(NodeClient client, long files) {
        node.await("it has read " + files + " files", () -> {
            try {
                return project(client).filter(status -> status.getFiles() >= files);
            } catch (ClientFault e) {
                throw new AssertionError(node.log(), e);
            }
        });
    }

    @Test
    void aNodeThatIsStoppedWhileItReadsGoesOnWhereItWasAndMissesNothing() throws Exception {
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println("ingest stopped: -Dpostdevai.seed=" + seed);
        Random random = new Random(seed);
        plant(random);
        start();
        try (NodeClient client = node.client()) {
            client.up(
                    UpRequest.newBuilder()
                            .addPaths(folder.toString())
                            .setNoWait(true)
                            .build(),
                    NodeProcess.PATIENCE,
                    _ -> {});
        }
        long before = 0;
        int middle = 0;
        for (int stop = 1; stop <= STOPS; stop++) {
            long wanted = Math.min(FILES, before + 1 + random.nextInt(FILES / STOPS / 4));
            try (NodeClient client = node.client()) {
                awaitFiles(client, wanted);
            }
            node.terminate();
            middle += wanted < FILES ? 1 : 0;
            assertEquals(TERMINATED, node.exitCode(), node::log);
            start();
            try (NodeClient client = node.client()) {
                awaitFiles(client, wanted);
                before = project(client).orElseThrow().getFiles();
            }
        }
        try (NodeClient client = node.client()) {
            node.await("everything is searchable", () -> {
                try {
                    return project(client).filter(status -> status.getIndexed() && status.getFiles() == FILES);
                } catch (ClientFault e) {
                    throw new AssertionError(node.log(), e);
                }
            });
            compare(client);
        }
        node.terminate();
        assertEquals(TERMINATED, node.exitCode(), node::log);
        assertTrue(saved() >= FILES - REPLAYED_MAX, "the end saved " + saved() + " operations of " + FILES + " files");
        assertTrue(middle > 0, "no stop came while it was reading");
    }

    /** Operations in the newest snapshot. */
    private long saved() throws IOException {
        List<Path> positions;
        try (Stream<Path> files = Files.find(
                dir.resolve("home"), 6, (file, _) -> file.endsWith("position") && Files.isRegularFile(file))) {
            positions = files.toList();
        }
        long saved = 0;
        for (Path position : positions) {
            for (String line : Files.readAllLines(position)) {
                if (line.startsWith("origin ")) {
                    saved = Math.max(saved, Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)));
                }
            }
        }
        return saved;
    }

    private void compare(NodeClient client) throws ClientFault {
        for (Map.Entry<String, String> file : disk.entrySet()) {
            assertEquals(
                    file.getValue(),
                    client.show(ShowRequest.newBuilder().setPath(file.getKey()).build())
                            .getText());
        }
        for (int i = 0; i < FILES; i += 97) {
            String mark = "unique" + i + "z";
            var hits = client.search(SearchRequest.newBuilder()
                            .setQuery(mark)
                            .setMode("regex")
                            .build())
                    .getHitsList();
            assertEquals(1, hits.size(), mark);
            assertTrue(disk.get(hits.getFirst().getPath()).startsWith(mark), mark);
        }
    }
}
