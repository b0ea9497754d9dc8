package ai.postdev.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.app.NodeMain;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.ClientSettings;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.Event;
import ai.postdev.v1.Hit;
import ai.postdev.v1.RememberRequest;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.StopRequest;
import ai.postdev.v1.TimelineRequest;
import ai.postdev.v1.UpRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real home whose files are damaged, and what {@code postdevai doctor --repair} makes of it. */
class DoctorTest {
    private static final int NOTES = 120;
    private static final long SEED = Long.getLong("postdevai.seed", System.nanoTime());

    @TempDir
    Path dir;

    private final Random random = new Random(SEED);
    private final Set<String> notes = new TreeSet<>();
    private Path home;
    private Path project;
    private NodeProcess node;

    @BeforeEach
    void remember() throws Exception {
        System.out.println("DoctorTest seed " + SEED);
        home = dir.resolve("home");
        project = Files.createDirectories(dir.resolve("project"));
        for (int i = 0; i < 30; i++) {
            Files.writeString(
                    project.resolve("File" + i + ".java"), "class File" + i + " { int quince = " + i + "; }\n");
        }
        start();
        up();
        try (NodeClient client = client()) {
            for (int i = 0; i < NOTES; i++) {
                notes.add("note " + i + " " + words());
            }
            for (String note : notes) {
                client.remember(RememberRequest.newBuilder().setText(note).build());
            }
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        node.close();
    }

    private String words() {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < 150; i++) {
            words.append(Integer.toString(random.nextInt(1_000_000), 36)).append(' ');
        }
        return words.toString().strip();
    }

    private void start() throws IOException {
        node = NodeProcess.start(NodeMain.class, home, Map.of(), Map.of("POSTDEVAI_EMBEDDER_ENABLED", "false"));
    }

    private void up() throws Exception {
        node.up();
        try (NodeClient client = client()) {
            client.up(UpRequest.newBuilder().addPaths(project.toString()).build(), NodeProcess.PATIENCE, _ -> {});
        }
    }

    private NodeClient client() {
        return new NodeClient(
                Path.of(node.up().socket()),
                "no node in " + home,
                ClientSettings.DEFAULT.withDeadline(NodeProcess.PATIENCE));
    }

    private List<String> search(String query) throws ClientFault {
        try (NodeClient client = client()) {
            return client
                    .search(SearchRequest.newBuilder()
                            .setQuery(query)
                            .setLimit(100)
                            .build())
                    .getHitsList()
                    .stream()
                    .map(Hit::getPath)
                    .sorted()
                    .toList();
        }
    }

    private Set<String> notesFound() throws ClientFault {
        Set<String> found = new TreeSet<>();
        try (NodeClient client = client()) {
            for (Event event : client.timeline(TimelineRequest.newBuilder()
                            .setKind("note")
                            .setLimit(1_000)
                            .build())
                    .getEventsList()) {
                found.add(event.getText());
            }
        }
        return found;
    }

    private Path rocks(String end) throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("data/journal/rocks"))) {
            return files.filter(file -> file.toString().endsWith(end))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    private static void flip(Path file, double where) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) (bytes.length * where)] ^= 1;
        Files.write(file, bytes);
    }

    private void stop() throws Exception {
        try (NodeClient client = client()) {
            client.stop(StopRequest.getDefaultInstance());
        }
        node.exitCode();
    }

    /** The node runs again: everything of the folder is found once, changes are seen, notes are none but those taken. */
    private void everythingWorksAgain(int notesAtLeast) throws Exception {
        start();
        up();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            all.add("File" + i + ".java");
        }
        all.sort(Comparator.naturalOrder());
        assertEquals(all, search("/quince/"));
        Files.writeString(project.resolve("File7.java"), "class File7 { int marmalade; }\n");
        List<String> changed = node.await("a change is seen after the repair", () -> {
            try {
                return Optional.of(search("/marmalade/")).filter(found -> !found.isEmpty());
            } catch (ClientFault e) {
                throw new AssertionError(node.log(), e);
            }
        });
        assertEquals(List.of("File7.java"), changed);
        assertFalse(search("/quince/").contains("File7.java"), "the version before is gone");
        assertEquals(List.of("File7.java"), search("marmalade"));
        Set<String> found = notesFound();
        assertTrue(notes.containsAll(found), "only what was noted");
        assertTrue(found.size() >= notesAtLeast, found.size() + " of " + notes.size() + " notes are left");
        assertEquals(0, CommandLine.run(home, "doctor").code());
    }

    @Test
    void aLogDamagedInItsMiddleIsRefusedAndMended() throws Exception {
        node.kill();
        flip(rocks(".log"), 0.4 + 0.2 * random.nextDouble());

        start();
        assertEquals(4, node.exitCode(), node.log());
        assertTrue(node.log().contains("postdevai doctor --repair"), node.log());
        CommandLine looked = CommandLine.run(home, "doctor");
        assertEquals(5, looked.code(), looked::toString);
        assertTrue(looked.out().contains("damaged before its end"), looked::toString);
        CommandLine mended = CommandLine.run(home, "doctor", "--repair");
        assertEquals(0, mended.code(), mended::toString);
        assertTrue(mended.out().contains("the damaged files are kept in"), mended::toString);
        assertTrue(mended.out().contains(" lost"), mended::toString);

        everythingWorksAgain(NOTES / 3);
    }

    @Test
    void aSortedFileDamagedInItsMiddleIsMendedWhileTheNodeIsStopped() throws Exception {
        stop();
        flip(rocks(".sst"), 0.4 + 0.2 * random.nextDouble());
        CommandLine looked = CommandLine.run(home, "doctor");
        assertEquals(5, looked.code(), looked::toString);
        assertTrue(looked.out().contains("postdevai doctor --repair"), looked::toString);
        CommandLine mended = CommandLine.run(home, "doctor", "--repair");
        assertEquals(0, mended.code(), mended::toString);
        everythingWorksAgain(NOTES / 3);
    }

    @Test
    void aTornEndIsCutByTheNextStartAndReported() throws Exception {
        node.kill();
        Path log = rocks(".log");
        byte[] bytes = Files.readAllBytes(log);
        Files.write(log, Arrays.copyOf(bytes, bytes.length - 7));
        everythingWorksAgain(NOTES - 1);
    }

    @Test
    void withoutTheListOfTheFilesNotesSurviveAndTheRestIsReadAgain() throws Exception {
        stop();
        Files.writeString(home.resolve("data/journal/rocks/CURRENT"), "rubbish\n");
        start();
        assertEquals(4, node.exitCode(), node.log());
        CommandLine mended = CommandLine.run(home, "doctor", "--repair");
        assertEquals(0, mended.code(), mended::toString);
        everythingWorksAgain(NOTES);
    }

    @Test
    void theDoctorKeepsOutOfARunningNodesFiles() throws Exception {
        CommandLine asked = CommandLine.run(home, "doctor", "--repair");
        assertEquals(0, asked.code(), asked::toString);
        assertFalse(asked.out().contains("not running"), asked::toString);
        assertEquals(notes, notesFound());
        stop();
        CommandLine stopped = CommandLine.run(home, "doctor");
        assertEquals(0, stopped.code(), stopped::toString);
        assertTrue(stopped.out().contains("not running"), stopped::toString);
        assertEquals(3, CommandLine.run(home, "status").code(), "the doctor starts no node");
    }
}
