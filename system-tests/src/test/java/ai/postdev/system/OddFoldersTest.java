package ai.postdev.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.postdev.app.NodeMain;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.Event;
import ai.postdev.v1.Hit;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.ProjectsRequest;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.ShowRequest;
import ai.postdev.v1.SkippedReason;
import ai.postdev.v1.TimelineRequest;
import ai.postdev.v1.UpRequest;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders as nobody wishes them: a whole node takes each, says what is wrong, and goes on. */
class OddFoldersTest {
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    Path dir;

    private NodeProcess node;
    private NodeClient client;

    @BeforeEach
    void start() throws Exception {
        Optional<List<String>> bound = Rights.withoutOverride();
        node = NodeProcess.start(
                bound.orElse(List.of()),
                NodeMain.class,
                dir.resolve("home"),
                Map.of(),
                Map.of("POSTDEVAI_EMBEDDER_ENABLED", "false"));
        client = node.client();
    }

    @AfterEach
    void end() throws InterruptedException {
        client.close();
        assertTrue(node.isAlive(), node::log);
        node.terminate();
        assertEquals(143, node.exitCode(), node::log);
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(dir.resolve(name));
    }

    private void git(Path folder, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("git", "-C", folder.toString(), "-c", "user.name=Ann", "-c", "user.email=ann@example.org"));
        command.addAll(List.of(arguments));
        Process git = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, git.waitFor(), said);
    }

    private void up(Path folder) throws ClientFault {
        client.up(UpRequest.newBuilder().addPaths(folder.toString()).build(), NodeProcess.PATIENCE, _ -> {});
    }

    private ProjectStatus status(Path folder) throws ClientFault {
        return client.projects(ProjectsRequest.getDefaultInstance()).getProjectsList().stream()
                .filter(project -> project.getRoot().equals(folder.toString()))
                .findFirst()
                .orElseThrow();
    }

    private ProjectStatus awaitStatus(Path folder, String what, Predicate<ProjectStatus> wanted) {
        return node.await(what, () -> {
            try {
                return Optional.of(status(folder)).filter(wanted);
            } catch (ClientFault e) {
                throw new AssertionError(node.log(), e);
            }
        });
    }

    private static Map<String, Long> skipped(ProjectStatus status) {
        return status.getSkippedList().stream()
                .collect(Collectors.toMap(SkippedReason::getReason, SkippedReason::getCount));
    }

    private List<String> paths(Path project, String text) throws ClientFault {
        return client
                .search(SearchRequest.newBuilder()
                        .setQuery(text)
                        .setMode("regex")
                        .setProject(project.toString())
                        .build())
                .getHitsList()
                .stream()
                .map(Hit::getPath)
                .toList();
    }

    private void awaitFound(Path project, String text, List<String> paths) {
        node.await(text + " is found in " + paths, () -> {
            try {
                return Optional.of(paths(project, text)).filter(paths::equals);
            } catch (ClientFault e) {
                throw new AssertionError(node.log(), e);
            }
        });
    }

    @Test
    void repositoriesWithoutCommitsWithoutABranchAndWithoutTheirPastAreRemembered() throws Exception {
        Path empty = folder("empty");
        git(empty, "init", "-q", "-b", "main");
        Files.writeString(empty.resolve("a.txt"), "emptylantern\n");
        up(empty);
        assertEquals(List.of("a.txt"), paths(empty, "emptylantern"));
        assertEquals("", status(empty).getCommit());

        Path origin = folder("origin");
        git(origin, "init", "-q", "-b", "main");
        for (int i = 0; i < 3; i++) {
            Files.writeString(origin.resolve("a.txt"), "lantern version" + i + "\n");
            git(origin, "add", "-A");
            git(origin, "commit", "-q", "-m", "version " + i);
        }
        Path detached = dir.resolve("detached");
        git(dir, "clone", "-q", origin.toString(), detached.toString());
        git(detached, "checkout", "-q", "HEAD~1");
        up(detached);
        assertEquals(List.of("a.txt"), paths(detached, "version1"));
        ProjectStatus ofDetached = awaitStatus(detached, "its commits are remembered", s -> s.getCommits() == 3);
        assertEquals("", ofDetached.getBranch());
        assertEquals(40, ofDetached.getCommit().length());

        Path shallow = dir.resolve("shallow");
        git(dir, "clone", "-q", "--depth", "1", "file://" + origin, shallow.toString());
        up(shallow);
        assertEquals(List.of("a.txt"), paths(shallow, "version2"));
        awaitStatus(shallow, "its one commit is remembered", s -> s.getCommits() == 1);

        // The first commit comes while it is watched.
        git(empty, "add", "-A");
        git(empty, "commit", "-q", "-m", "the first of all");
        awaitStatus(empty, "its first commit is remembered", s -> s.getCommits() == 1);
    }

    @Test
    void hugeFilesAndHugeLinesDoNotHurt() throws Exception {
        Path huge = folder("huge");
        try (SeekableByteChannel out = Files.newByteChannel(
                huge.resolve("sparse.txt"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            out.position(100L * MEGABYTE - 1);
            out.write(StandardCharsets.US_ASCII.encode("x"));
        }
        Files.writeString(huge.resolve("line50.txt"), "lantern ".repeat(50 * MEGABYTE / 8));
        String line = "meadow ".repeat(3 * MEGABYTE / 7) + "needlelantern " + "meadow ".repeat(MEGABYTE / 14);
        Files.writeString(huge.resolve("line.min.js"), line);
        Files.writeString(huge.resolve("small.txt"), "smalllantern\n");
        up(huge);
        assertEquals(Map.of("too-large", 2L), skipped(status(huge)));
        assertEquals(List.of("small.txt"), paths(huge, "smalllantern"));
        for (String mode : List.of("regex", "text", "auto")) {
            List<Hit> hits = client.search(SearchRequest.newBuilder()
                            .setQuery("needlelantern")
                            .setMode(mode)
                            .build())
                    .getHitsList();
            assertEquals(List.of("line.min.js"), hits.stream().map(Hit::getPath).toList(), mode);
            assertTrue(hits.getFirst().getSnippet().length() < 100_000, "a snippet is no file");
        }
        assertEquals(
                line,
                client.show(ShowRequest.newBuilder().setPath("line.min.js").build())
                        .getText());
        // The limit is met in both directions while it is watched.
        Files.writeString(huge.resolve("line50.txt"), "shrunkenlantern\n");
        awaitFound(huge, "shrunkenlantern", List.of("line50.txt"));
        Files.writeString(huge.resolve("small.txt"), "smalllantern ".repeat(MEGABYTE));
        awaitFound(huge, "smalllantern", List.of());
    }

    @Test
    void namesWithLineEndsAndBrokenBytesAreTakenOrToldOf() throws Exception {
        Path odd = folder("odd");
        git(odd, "init", "-q", "-b", "main");
        Files.writeString(odd.resolve("line\nend.txt"), "oddlantern one\n");
        Files.writeString(odd.resolve(" -rf *.txt"), "oddlantern two\n");
        assertEquals(
                0,
                new ProcessBuilder("sh", "-c", "printf oddlantern > \"$(printf 'broken\\377.txt')\"")
                        .directory(odd.toFile())
                        .start()
                        .waitFor());
        git(odd, "add", "-A");
        git(odd, "commit", "-q", "-m", "odd names");
        up(odd);
        assertEquals(
                List.of(" -rf *.txt", "line\nend.txt"),
                paths(odd, "oddlantern").stream().sorted().toList());
        assertEquals(Map.of("undecodable-name", 1L), skipped(status(odd)));
        assertEquals(
                "oddlantern one\n",
                client.show(ShowRequest.newBuilder().setPath("line\nend.txt").build())
                        .getText());
        Files.writeString(odd.resolve("line\nend.txt"), "changedlantern\n");
        awaitFound(odd, "changedlantern", List.of("line\nend.txt"));
        awaitStatus(odd, "its commit is remembered", s -> s.getCommits() == 1);
    }

    @Test
    void whatMayNotBeReadIsToldAndReadOnceItMay() throws Exception {
        assumeTrue(Rights.withoutOverride().isPresent(), "needs a process that file permissions bind");
        Path closed = folder("closed");
        Path file = Files.writeString(closed.resolve("a.txt"), "closedlantern one\n");
        Path inner = Files.createDirectory(closed.resolve("inner"));
        Files.writeString(inner.resolve("b.txt"), "closedlantern two\n");
        Files.writeString(closed.resolve("c.txt"), "closedlantern three\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString("---------"));
        try {
            up(closed);
            assertEquals(List.of("c.txt"), paths(closed, "closedlantern"));
            assertEquals(Map.of("unreadable", 2L), skipped(status(closed)));
        } finally {
            Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString("rwx------"));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        Files.writeString(file, "closedlantern opened\n");
        awaitFound(closed, "closedlantern opened", List.of("a.txt"));
        // Taken away again while it is watched: what was remembered is not forgotten for that.
        Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString("---------"));
        Files.writeString(closed.resolve("c.txt"), "closedlantern four\n");
        awaitFound(closed, "closedlantern four", List.of("c.txt"));
        Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void aFolderThatIsMovedOrDeletedIsMissingAndItsMemoryStays() throws Exception {
        Path moved = folder("moved");
        Files.writeString(moved.resolve("a.txt"), "movedlantern one\n");
        Path deleted = folder("deleted");
        Files.writeString(deleted.resolve("a.txt"), "deletedlantern\n");
        up(moved);
        up(deleted);
        Path elsewhere = dir.resolve("elsewhere");
        Files.move(moved, elsewhere);
        Files.delete(deleted.resolve("a.txt"));
        Files.delete(deleted);
        for (Path gone : List.of(moved, deleted)) {
            ProjectStatus status =
                    awaitStatus(gone, "it is missing", s -> s.getState().equals("missing"));
            assertTrue(status.getProblem().contains(gone.toString()), status::toString);
        }
        assertEquals(List.of("a.txt"), paths(moved, "movedlantern"));
        // Back again, changed meanwhile.
        Files.writeString(elsewhere.resolve("a.txt"), "movedlantern two\n");
        Files.move(elsewhere, moved);
        awaitFound(moved, "movedlantern two", List.of("a.txt"));
        awaitStatus(moved, "it is watched again", s -> s.getState().equals("watching"));
        Files.writeString(moved.resolve("a.txt"), "movedlantern three\n");
        awaitFound(moved, "movedlantern three", List.of("a.txt"));
        node.await("the change is an event", () -> {
            try {
                return client
                        .timeline(TimelineRequest.newBuilder()
                                .setProject(moved.toString())
                                .setKind("edit")
                                .build())
                        .getEventsList()
                        .stream()
                        .map(Event::getText)
                        .filter(text -> text.contains("a.txt"))
                        .findFirst();
            } catch (ClientFault e) {
                throw new AssertionError(node.log(), e);
            }
        });
    }
}
