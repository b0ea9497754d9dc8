package ai.postdev.developer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import ai.postdev.developer.ingest.TestRepository;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person does with git becomes events, once each, and edits are told apart from changes of branch. */
class GitEventsTest {
    @TempDir
    Path folder;

    private TestLake lake;

    private void awaitEvents(String kind, int count) {
        WatchHarness.await(
                () -> lake.events(kind).size() == count, () -> count + " " + kind + ", found " + lake.events(kind));
    }

    @Test
    void workWithGitIsRemembered() {
        TestRepository repository = TestRepository.create(folder.resolve("repo"));
        repository.write("a.txt", "one").write("b.txt", "bee").commit("one");
        lake = new TestLake(WatchHarness.SEED, 0);
        try (WatchHarness watch = new WatchHarness(folder.resolve("home"), lake, "")) {
            assertEquals(List.of(), watch.up(repository.root()));
            repository.git("checkout", "-q", "-b", "feature");
            awaitEvents("checkout", 1);
            awaitEvents("branch", 1);
            Body.AppendEvent checkout = lake.events("checkout").getFirst();
            assertEquals("main", checkout.attributes().get("from"));
            assertEquals("feature", checkout.attributes().get("to"));

            repository.write("a.txt", "two");
            awaitEvents("edit", 1);
            assertEquals(List.of("a.txt"), lake.events("edit").getFirst().paths());
            assertEquals("feature", lake.events("edit").getFirst().attributes().get("branch"));
            repository.git("stash", "push", "-q");
            awaitEvents("stash", 1);
            repository.git("stash", "pop", "-q");
            awaitEvents("stash", 2);
            repository.commit("two");
            WatchHarness.await(
                    () -> lake.commits().size() == 2, () -> lake.commits().toString());
            repository.git("commit", "-q", "--amend", "-m", "two, better");
            awaitEvents("amend", 1);
            repository.git("reset", "-q", "--hard", "HEAD~1");
            awaitEvents("reset", 1);
            repository.write("c.txt", "three").commit("three");
            repository.git("checkout", "-q", "main");
            awaitEvents("checkout", 2);
            repository.write("d.txt", "four").commit("four");
            repository.git("rebase", "-q", "main", "feature");
            awaitEvents("rebase", 1);
            repository.git("checkout", "-q", "main");
            repository.git("merge", "-q", "feature");
            awaitEvents("merge", 1);
            repository.git("branch", "-q", "-d", "feature");
            awaitEvents("branch", 2);
            String head = repository.git("rev-parse", "HEAD").strip();
            WatchHarness.await(() -> lake.setting("commit").equals(head), () -> lake.setting("commit"));
            assertEquals("main", lake.setting("branch"));
            assertEquals(repository.root().toString(), lake.setting("root"));
        }
        repository.git("checkout", "-q", "-b", "unseen");
        int resets = lake.events("reset").size();
        try (WatchHarness watch = new WatchHarness(folder.resolve("home"), lake, "")) {
            WatchHarness.await(
                    () -> lake.events("checkout").stream()
                            .anyMatch(
                                    event -> "unseen".equals(event.attributes().get("to"))),
                    () -> "what happened while no node ran: " + lake.events("checkout"));
            assertEquals(resets, lake.events("reset").size(), "old events are not told again");
            WatchHarness.await(
                    () -> watch.onlyStatus().getIndexed(),
                    () -> watch.onlyStatus().toString());
        }
    }

    @Test
    void renamedFileIsOneEdit() {
        TestRepository repository = TestRepository.create(folder.resolve("repo"));
        repository.write("a.txt", "the text").commit("one");
        lake = new TestLake(WatchHarness.SEED, 0);
        try (WatchHarness watch = new WatchHarness(folder.resolve("home"), lake, "")) {
            assertEquals(List.of(), watch.up(repository.root()));
            assertTrue(repository
                    .root()
                    .resolve("a.txt")
                    .toFile()
                    .renameTo(repository.root().resolve("z.txt").toFile()));
            awaitEvents("edit", 1);
            Body.AppendEvent edit = lake.events("edit").getFirst();
            assertEquals("a.txt -> z.txt", edit.attributes().get("renamed"));
            assertEquals(Map.of("z.txt", "the text"), lake.texts());
        }
    }

    @Test
    void branchSwitchOfAThousandFilesIsNoEdit() {
        TestRepository repository = TestRepository.create(folder.resolve("repo"));
        repository.write("same.txt", "same").commit("one").git("checkout", "-q", "-b", "other");
        for (int file = 0; file < 1_000; file++) {
            repository.write("d" + file % 20 + "/f" + file + ".txt", "text " + file);
        }
        repository.commit("thousand").git("checkout", "-q", "main");
        lake = new TestLake(WatchHarness.SEED, 0);
        try (WatchHarness watch = new WatchHarness(folder.resolve("home"), lake, "postdevai.watch.edit-quiet = 2 s")) {
            assertEquals(List.of(), watch.up(repository.root()));
            long started = System.nanoTime();
            repository.git("checkout", "-q", "other");
            WatchHarness.await(
                    () -> lake.texts().size() == 1_001, () -> lake.texts().size() + " documents");
            System.out.printf("branch switch of 1,000 files: %d ms%n", (System.nanoTime() - started) / 1_000_000);
            repository.git("checkout", "-q", "main");
            WatchHarness.await(
                    () -> lake.texts().size() == 1, () -> lake.texts().size() + " documents");
            awaitEvents("checkout", 4);
            assertFalse(
                    lake.events("edit").stream().anyMatch(edit -> edit.paths().size() > 100), "no edit");
        }
    }
}
