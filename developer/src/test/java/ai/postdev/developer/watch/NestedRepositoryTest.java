package ai.postdev.developer.watch;

import ai.postdev.actors.protocol.WorkspaceProtocol;
import ai.postdev.developer.ingest.TestRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder is another repository's as long as it has a {@code .git}: both ways are seen without a look around it. */
class NestedRepositoryTest {
    @TempDir
    Path folder;

    private final TestLake lake = new TestLake(WatchHarness.SEED, 0);
    private Path root;
    private WatchHarness watch;

    @BeforeEach
    void repositoryWithAnotherInside() {
        root = folder.resolve("repo");
        TestRepository.create(root).write("own.txt", "own").commit("begin");
        TestRepository.create(root.resolve("deep/inner")).write("a.txt", "a").write("sub/b.txt", "b");
        watch = new WatchHarness(folder.resolve("home"), lake, "");
        watch.up(root);
        awaitTexts(Map.of("own.txt", "own"));
    }

    @AfterEach
    void stop() {
        watch.close();
    }

    private void awaitTexts(Map<String, String> expected) {
        WatchHarness.await(
                () -> lake.texts().equals(expected) && watch.onlyStatus().getIndexed(),
                () -> "expected " + expected + ", found " + lake.texts() + "\n" + watch.onlyStatus());
    }

    @Test
    void lossAndReturnOfTheGitFolderAreSeen() throws IOException {
        for (int round = 0; round < 3; round++) {
            Files.move(root.resolve("deep/inner/.git"), folder.resolve("away"));
            awaitTexts(Map.of("own.txt", "own", "deep/inner/a.txt", "a", "deep/inner/sub/b.txt", "b"));
            Files.writeString(root.resolve("deep/inner/sub/b.txt"), "b" + round);
            awaitTexts(Map.of("own.txt", "own", "deep/inner/a.txt", "a", "deep/inner/sub/b.txt", "b" + round));
            Files.writeString(root.resolve("deep/inner/sub/b.txt"), "b");
            awaitTexts(Map.of("own.txt", "own", "deep/inner/a.txt", "a", "deep/inner/sub/b.txt", "b"));
            Files.move(folder.resolve("away"), root.resolve("deep/inner/.git"));
            awaitTexts(Map.of("own.txt", "own"));
        }
    }

    /** As git makes one: the folder first, HEAD a little later. */
    @Test
    void folderBecomesARepositoryWhenItsHeadIsThere() throws IOException {
        new TestRepository(root).write("plain/c.txt", "c");
        awaitTexts(Map.of("own.txt", "own", "plain/c.txt", "c"));
        Files.createDirectory(root.resolve("plain/.git"));
        Files.writeString(root.resolve("plain/d.txt"), "d");
        awaitTexts(Map.of("own.txt", "own", "plain/c.txt", "c", "plain/d.txt", "d"));
        Files.createDirectory(root.resolve("plain/.git/objects"));
        Files.createDirectory(root.resolve("plain/.git/refs"));
        Files.writeString(root.resolve("plain/.git/HEAD"), "ref: refs/heads/main\n");
        awaitTexts(Map.of("own.txt", "own"));
    }

    @Test
    void workInsideAnotherRepositoryStaysOut() throws IOException {
        TestRepository inner = new TestRepository(root.resolve("deep/inner"));
        inner.write("sub/b.txt", "changed").write("new/c.txt", "c").commit("inside");
        Files.writeString(root.resolve("own.txt"), "last");
        awaitTexts(Map.of("own.txt", "last"));
    }

    @Test
    void repositoryThatMovesIsStillKeptOutAndStillSeen() throws IOException {
        Files.move(root.resolve("deep/inner"), root.resolve("other"));
        Files.writeString(root.resolve("own.txt"), "moved");
        awaitTexts(Map.of("own.txt", "moved"));
        Files.move(root.resolve("other/.git"), folder.resolve("away"));
        awaitTexts(Map.of("own.txt", "moved", "other/a.txt", "a", "other/sub/b.txt", "b"));
    }

    /** As a linked work tree has whose repository was deleted: to git, too, it is no repository. */
    @Test
    void fileThatNamesNoRepositoryMakesNone() throws IOException {
        new TestRepository(root).write("plain/c.txt", "c");
        awaitTexts(Map.of("own.txt", "own", "plain/c.txt", "c"));
        Path repository = root.resolve("deep/inner/.git");
        Files.move(repository, folder.resolve("away"));
        Files.writeString(repository, "gitdir: " + folder.resolve("nowhere") + "\n");
        Files.writeString(root.resolve("plain/.git"), "gitdir: ../nowhere\n");
        Files.writeString(root.resolve("plain/c.txt"), "changed");
        Map<String, String> all = Map.of(
                "own.txt", "own", "plain/c.txt", "changed", "deep/inner/a.txt", "a", "deep/inner/sub/b.txt", "b");
        awaitTexts(all);
        rescan();
        awaitTexts(all);
        Files.writeString(repository, "gitdir: " + folder.resolve("away") + "\n");
        awaitTexts(Map.of("own.txt", "own", "plain/c.txt", "changed"));
    }

    private void rescan() {
        String project = watch.onlyStatus().getId();
        watch.<Integer>reply(replyTo -> new WorkspaceProtocol.Rescan(project, replyTo));
    }
}
