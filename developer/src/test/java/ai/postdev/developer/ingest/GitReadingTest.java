package ai.postdev.developer.ingest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Git read in three ways (its files, its program, jgit) tells the same. */
class GitReadingTest {
    @TempDir
    Path folder;

    private TestRepository history() {
        TestRepository repository = TestRepository.create(folder.resolve("repo"));
        repository.write("a.txt", "1\n2\n3\n").write("dir/ü b.txt", "x\n").commit("first\n\nwith a body, ünï");
        repository.write("a.txt", "1\n2\nchanged\n4\n").write("bin", "a\0b").commit("second");
        repository.git("checkout", "-q", "-b", "side", "HEAD~1");
        repository.write("side.txt", "s\n").commit("on side");
        repository.git("checkout", "-q", "main");
        repository.git("merge", "-q", "--no-ff", "-m", "merge side", "side");
        repository.git("mv", "a.txt", "moved.txt");
        repository.commit("moved");
        repository.git("commit", "-q", "--allow-empty", "--allow-empty-message", "-m", "");
        return repository;
    }

    @Test
    void programAndLibraryReadTheSameHistory() throws IOException {
        TestRepository repository = history();
        GitFolder git = GitFolder.at(repository.root()).orElseThrow();
        GitLog program = GitLog.of(git, true);
        GitLog library = GitLog.of(git, false);
        List<String> ids = program.reachable(git.tips(), List.of(), 100);
        assertEquals(6, ids.size());
        assertEquals(Set.copyOf(ids), Set.copyOf(library.reachable(git.tips(), List.of(), 100)));
        assertEquals(program.read(ids), library.read(ids));
        String first = ids.getLast();
        assertEquals(Optional.of(first), program.root(git.mainTip().orElseThrow()));
        assertEquals(Optional.of(first), library.root(git.mainTip().orElseThrow()));
        List<String> gone = List.of("0123456789012345678901234567890123456789");
        assertEquals(List.of(), program.reachable(List.of(ids.getFirst()), ids, 100));
        assertEquals(6, program.reachable(git.tips(), gone, 100).size(), "a tip that is gone stops nothing");
        assertEquals(6, library.reachable(git.tips(), gone, 100).size());
    }

    @Test
    void commitBecomesAnEventWithCountsForEachPath() throws IOException {
        TestRepository repository = history();
        GitFolder git = GitFolder.at(repository.root()).orElseThrow();
        GitLog log = GitLog.of(git, true);
        CommitRecord second =
                log.read(List.of(log.commit("main~3").orElseThrow())).getFirst();
        Body.AppendEvent event = second.toEvent(text -> text.replace("second", "cut"), 10);
        assertEquals("cut", event.text());
        assertEquals(List.of("a.txt", "bin"), event.paths());
        assertEquals("2/1 -/-", event.attributes().get("changes"));
        assertEquals("2", event.attributes().get("added"));
        assertEquals("Test Person", event.attributes().get("author"));
        Body.AppendEvent cut = second.toEvent(text -> text.replaceAll("a.txt|Test Person|@.*", "cut"), 10);
        assertEquals(List.of("cut", "bin"), cut.paths());
        assertEquals("cut", cut.attributes().get("author"));
        assertTrue(cut.attributes().get("email").endsWith("cut"), cut::toString);
        assertEquals(List.of("a.txt"), second.toEvent(text -> text, 1).paths());
        assertEquals("2", second.toEvent(text -> text, 1).attributes().get("files"));
        CommitRecord first = log.read(List.of(log.root("main").orElseThrow())).getFirst();
        assertEquals(
                "first\n\nwith a body, ünï", first.toEvent(text -> text, 10).text());
    }

    @Test
    void filesOfThePastAreRead() throws IOException {
        TestRepository repository = history();
        GitFolder git = GitFolder.at(repository.root()).orElseThrow();
        for (boolean installed : new boolean[] {true, false}) {
            GitLog log = GitLog.of(git, installed);
            String root = log.root(git.head().orElseThrow()).orElseThrow();
            byte[] past = log.file(root, "a.txt", 100).orElseThrow();
            assertArrayEquals("1\n2\n3\n".getBytes(StandardCharsets.UTF_8), past);
            assertEquals("x\n", new String(log.file(root, "dir/ü b.txt", 100).orElseThrow(), StandardCharsets.UTF_8));
            assertEquals(Optional.empty(), log.file(root, "dir", 100).map(String::new));
            assertEquals(Optional.empty(), log.file(root, "absent", 100).map(String::new));
            assertEquals(Optional.empty(), log.commit("no-such-branch"));
            assertTrue(assertThrows(IOException.class, () -> log.file(root, "a.txt", 3))
                    .getMessage()
                    .contains("6 bytes"));
        }
    }

    @Test
    void indexOfEveryFormIsRead() throws IOException {
        TestRepository repository = TestRepository.create(folder.resolve("repo"));
        for (int file = 0; file < 50; file++) {
            repository.write("d" + file % 7 + "/some/longer/name" + file + ".txt", "x");
        }
        repository.write("ünï", "x").commit("all");
        repository.write("intended", "x").git("add", "-N", "intended");
        GitFolder git = GitFolder.at(repository.root()).orElseThrow();
        for (String form : List.of("2", "3", "4")) {
            repository.git("update-index", "--index-version", form);
            assertIndex(repository, git, form);
        }
        repository.git("update-index", "--split-index");
        assertIndex(repository, git, "split");
        Files.delete(git.gitDir().resolve("index"));
        assertEquals(TrackedFiles.NONE, TrackedFiles.of(git, true));
    }

    private static void assertIndex(TestRepository repository, GitFolder git, String form) throws IOException {
        Set<String> listed = Set.of(repository.git("ls-files", "-z").split("\0"));
        TrackedFiles tracked = TrackedFiles.of(git, true);
        assertEquals(listed, tracked.files(), form);
        assertTrue(tracked.folders().contains("d0/some/longer"), form);
    }

    @Test
    void referencesAreReadLooseAndPacked() throws IOException {
        TestRepository repository = history();
        GitFolder git = GitFolder.at(repository.root()).orElseThrow();
        String head = repository.git("rev-parse", "HEAD").strip();
        assertEquals(Optional.of(head), git.head());
        assertEquals(Optional.of("main"), git.branch());
        repository.git("pack-refs", "--all");
        assertEquals(Optional.of(head), git.head());
        assertEquals(Optional.of(repository.git("rev-parse", "side").strip()), git.resolve("refs/heads/side"));
        repository.git("checkout", "-q", "--detach", "side");
        assertEquals(Optional.empty(), git.branch());
        assertEquals(2, git.tips().size());
    }
}
