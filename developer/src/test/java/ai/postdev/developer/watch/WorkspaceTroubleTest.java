package ai.postdev.developer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.WorkspaceProtocol;
import ai.postdev.developer.ingest.TestRepository;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.SkippedReason;
import ai.postdev.v1.WatchStatus;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders and files as they should not be. */
class WorkspaceTroubleTest {
    @TempDir
    Path folder;

    private Path home;
    private TestLake lake;

    @BeforeEach
    void makeHome() {
        home = folder.resolve("home");
        lake = new TestLake(WatchHarness.SEED, 0);
    }

    private WatchHarness watch() {
        return new WatchHarness(home, lake, "");
    }

    private static Map<String, Long> skipped(ProjectStatus status) {
        Map<String, Long> counts = new TreeMap<>();
        for (SkippedReason reason : status.getSkippedList()) {
            counts.put(reason.getReason(), reason.getCount());
        }
        return counts;
    }

    @Test
    void folderThatIsDeletedIsMissingAndComesBack() throws IOException {
        TestRepository repository = TestRepository.create(folder.resolve("repo"))
                .write("a.txt", "one")
                .commit("one");
        try (WatchHarness watch = watch()) {
            assertEquals(List.of(), watch.up(repository.root()));
            Files.move(repository.root(), folder.resolve("elsewhere"));
            WatchHarness.await(
                    () -> watch.onlyStatus().getState().equals("missing"),
                    () -> watch.onlyStatus().toString());
            assertTrue(watch.onlyStatus().getProblem().contains("is not there"));
            assertEquals(Map.of("a.txt", "one"), lake.texts(), "what is remembered stays");
            Files.writeString(folder.resolve("elsewhere/b.txt"), "two");
            Files.move(folder.resolve("elsewhere"), repository.root());
            WatchHarness.await(
                    () -> lake.texts().equals(Map.of("a.txt", "one", "b.txt", "two"))
                            && watch.onlyStatus().getState().equals("watching"),
                    () -> lake.texts() + " " + watch.onlyStatus());
            repository.write("c.txt", "three");
            WatchHarness.await(
                    () -> lake.texts().containsKey("c.txt"), () -> lake.texts().toString());
        }
    }

    @Test
    void folderThatIsMissingAtTheStartIsWatchedWhenItReturns() throws IOException {
        TestRepository repository = TestRepository.create(folder.resolve("repo"))
                .write("a.txt", "one")
                .commit("one");
        try (WatchHarness watch = watch()) {
            assertEquals(List.of(), watch.up(repository.root()));
        }
        Files.move(repository.root(), folder.resolve("elsewhere"));
        try (WatchHarness watch = watch()) {
            WatchHarness.await(
                    () -> watch.onlyStatus().getState().equals("missing"),
                    () -> watch.onlyStatus().toString());
            Files.move(folder.resolve("elsewhere"), repository.root());
            Files.writeString(repository.root().resolve("a.txt"), "other");
            WatchHarness.await(
                    () -> lake.texts().equals(Map.of("a.txt", "other")),
                    () -> lake.texts().toString());
        }
    }

    @Test
    void repositoryWithoutCommitsIsRememberedAndKeepsItsIdAfterTheFirst() {
        TestRepository repository =
                TestRepository.create(folder.resolve("repo")).write("a.txt", "one");
        try (WatchHarness watch = watch()) {
            assertEquals(List.of(), watch.up(repository.root()));
            String id = watch.onlyStatus().getId();
            assertTrue(id.startsWith("local-"), id);
            repository.commit("first");
            WatchHarness.await(
                    () -> lake.commits().size() == 1, () -> lake.commits().toString());
            assertEquals(List.of(), watch.up(repository.root()));
            assertEquals(id, watch.onlyStatus().getId());
            assertEquals(1, watch.status().size());
        }
    }

    @Test
    void folderWithoutGitIsRememberedAndMayBecomeARepository() {
        TestRepository plain = new TestRepository(folder.resolve("plain"));
        plain.write("a.txt", "one").write(".gitignore", "*.log\n").write("x.log", "noise");
        try (WatchHarness watch = watch()) {
            assertEquals(List.of(), watch.up(plain.root()));
            assertEquals(Set.of("a.txt", ".gitignore"), lake.texts().keySet());
            TestRepository.create(plain.root()).commit("now with git");
            WatchHarness.await(
                    () -> lake.commits().size() == 1, () -> lake.commits().toString());
            assertEquals("main", watch.onlyStatus().getBranch());
        }
    }

    @Test
    void folderWhoseGitFileNamesNoRepositoryIsWatchedWithoutGitAndThatIsSaid() throws IOException {
        TestRepository plain = new TestRepository(folder.resolve("plain"));
        plain.write("a.txt", "one").write(".git", "gitdir: ../gone/.git/worktrees/plain\n");
        try (WatchHarness watch = watch()) {
            assertEquals(List.of(), watch.up(plain.root()));
            assertEquals(Map.of("a.txt", "one"), lake.texts());
            ProjectStatus status = watch.onlyStatus();
            assertEquals(
                    "watched without git: its file .git names " + folder.resolve("gone/.git/worktrees/plain")
                            + ", where no repository is",
                    status.getProblem());
            assertEquals("watching", status.getState());
            Files.delete(plain.root().resolve(".git"));
            TestRepository.create(plain.root()).commit("now with git");
            WatchHarness.await(
                    () -> lake.commits().size() == 1
                            && watch.onlyStatus().getProblem().isEmpty(),
                    () -> watch.onlyStatus().toString());
        }
    }

    @Test
    void projectThatLosesItsRepositoryForAWhileKeepsItsId() throws IOException {
        TestRepository repository = TestRepository.create(folder.resolve("repo"))
                .write("a.txt", "one")
                .commit("one");
        try (WatchHarness watch = watch()) {
            assertEquals(List.of(), watch.up(repository.root()));
            String id = watch.onlyStatus().getId();
            Files.move(repository.root().resolve(".git"), folder.resolve("away"));
            WatchHarness.await(
                    () -> watch.onlyStatus().getProblem().contains("has no repository any more (its .git is gone)"),
                    () -> watch.onlyStatus().toString());
            Files.move(folder.resolve("away"), repository.root().resolve(".git"));
            repository.write("a.txt", "two");
            WatchHarness.await(
                    () -> lake.texts().equals(Map.of("a.txt", "two"))
                            && watch.onlyStatus().getState().equals("watching"),
                    () -> lake.texts() + " " + watch.onlyStatus());
            assertEquals(id, watch.onlyStatus().getId());
        }
    }

    @Test
    void detachedHeadIsTold() {
        TestRepository repository = TestRepository.create(folder.resolve("repo"))
                .write("a.txt", "one")
                .commit("one");
        repository.write("a.txt", "two").commit("two").git("checkout", "-q", "--detach", "HEAD~1");
        try (WatchHarness watch = watch()) {
            assertEquals(List.of(), watch.up(repository.root()));
            String head = repository.git("rev-parse", "HEAD").strip();
            WatchHarness.await(() -> lake.setting("commit").equals(head), () -> lake.setting("commit"));
            assertEquals("", watch.onlyStatus().getBranch());
            assertEquals(Map.of("a.txt", "one"), lake.texts());
            WatchHarness.await(() -> lake.commits().size() == 2, () -> "main's commits too: " + lake.commits());
        }
    }

    @Test
    void shallowCloneGetsAnIdOfItsOwnAndItsCommits() {
        TestRepository origin = TestRepository.create(folder.resolve("origin"))
                .write("a.txt", "one")
                .commit("one");
        origin.write("a.txt", "two").commit("two");
        origin.git(
                "clone",
                "-q",
                "--depth",
                "1",
                "file://" + origin.root(),
                folder.resolve("clone").toString());
        try (WatchHarness watch = watch()) {
            assertEquals(List.of(), watch.up(folder.resolve("clone")));
            assertTrue(watch.onlyStatus().getId().startsWith("local-"));
            WatchHarness.await(
                    () -> lake.commits().size() == 1, () -> lake.commits().toString());
        }
    }

    @Test
    void linkedWorkTreesShareTheProject() {
        TestRepository main = TestRepository.create(folder.resolve("main"))
                .write("a.txt", "one")
                .commit("one");
        main.git("worktree", "add", "-q", "-b", "side", folder.resolve("side").toString());
        TestRepository side = new TestRepository(folder.resolve("side"));
        side.write("b.txt", "side").commit("on side");
        try (WatchHarness watch = watch()) {
            assertEquals(List.of(), watch.up(main.root(), side.root()));
            List<ProjectStatus> both = watch.status();
            assertEquals(both.get(0).getId(), both.get(1).getId());
            assertFalse(both.get(0).getWorkspace().equals(both.get(1).getWorkspace()));
            assertEquals("side", both.get(1).getBranch());
            WatchHarness.await(
                    () -> Set.copyOf(lake.commits()).size() == 2,
                    () -> lake.commits().toString());
            side.write("b.txt", "changed");
            WatchHarness.await(
                    () -> "changed".equals(lake.texts().get("b.txt")),
                    () -> lake.texts().toString());
        }
    }

    @Test
    void submodulesLinksSecretsPipesAndGiantsAreSkippedWithTheReason() throws Exception {
        TestRepository inner = TestRepository.create(folder.resolve("inner"))
                .write("i.txt", "inner")
                .commit("inner");
        TestRepository repository =
                TestRepository.create(folder.resolve("repo")).write("a.txt", "one");
        repository.write(".gitignore", "out/\n").write("out/x.txt", "x").write("prod.env", "KEY=1");
        repository.write("bin", "a\0b");
        repository.git(
                "-c",
                "protocol.file.allow=always",
                "submodule",
                "add",
                "-q",
                inner.root().toString(),
                "sub");
        repository.commit("all");
        Files.createSymbolicLink(repository.root().resolve("loop"), repository.root());
        try (RandomAccessFile giant =
                new RandomAccessFile(repository.root().resolve("giant").toFile(), "rw")) {
            giant.setLength(100L << 20);
        }
        Files.write(repository.root().resolve("line.txt"), "x".repeat(50 << 20).getBytes(StandardCharsets.UTF_8));
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", repository.root().resolve("pipe").toString())
                        .start()
                        .waitFor());
        try (WatchHarness watch = watch()) {
            assertEquals(List.of(), watch.up(repository.root()));
            assertEquals(
                    Set.of("a.txt", ".gitignore", ".gitmodules"), lake.texts().keySet());
            Map<String, Long> expected = new TreeMap<>(
                    Map.of("ignored", 1L, "binary", 1L, "secret", 1L, "submodule", 1L, "symlink", 1L, "special", 1L));
            expected.put("too-large", 2L);
            assertEquals(expected, skipped(watch.onlyStatus()));
        }
    }

    @Test
    void namesWithLineEndsAreRememberedAndBrokenOnesSkipped() throws Exception {
        TestRepository repository =
                TestRepository.create(folder.resolve("repo")).write("line\nend.txt", "one");
        repository.write("ünï.txt", "two").commit("odd names");
        String[] shell = {"sh", "-c", "printf x > \"$(printf 'broken\\377.txt')\""};
        assertEquals(
                0,
                new ProcessBuilder(shell)
                        .directory(repository.root().toFile())
                        .start()
                        .waitFor());
        try (WatchHarness watch = watch()) {
            assertEquals(List.of(), watch.up(repository.root()));
            assertEquals(Map.of("line\nend.txt", "one", "ünï.txt", "two"), lake.texts());
            assertEquals(Map.of("undecodable-name", 1L), skipped(watch.onlyStatus()));
            WatchHarness.await(() -> lake.commits().size() == 1, () -> "no commit");
            assertEquals(
                    Set.of("line\nend.txt", "ünï.txt"),
                    Set.copyOf(lake.events("commit").getFirst().paths()));
        }
    }

    @Test
    void nonsenseIsRefusedWithTheReason() throws IOException {
        TestRepository repository = TestRepository.create(folder.resolve("repo"))
                .write("src/a.txt", "one")
                .commit("1");
        try (WatchHarness watch = watch()) {
            List<String> refusals = watch.up(
                    folder.resolve("absent"),
                    repository.root().resolve("src/a.txt"),
                    Path.of("/"),
                    repository.root().resolve(".git"),
                    Files.createDirectories(home.resolve("data")));
            assertEquals(5, refusals.size(), refusals.toString());
            assertTrue(refusals.get(0).contains("does not exist"));
            assertTrue(refusals.get(1).contains("is a file"));
            assertTrue(refusals.get(2).contains("folder of the system"));
            assertTrue(refusals.get(3).contains("git's own folder"));
            assertTrue(refusals.get(4).contains("node's own home"));
            assertEquals(List.of(), watch.up(repository.root().resolve("src")), "part of a repository: all of it");
            assertEquals(Set.of("src/a.txt"), lake.texts().keySet());
        }
    }

    @Test
    void forgottenFolderIsNoLongerWatchedAfterARestartEither() {
        TestRepository repository = TestRepository.create(folder.resolve("repo"))
                .write("a.txt", "one")
                .commit("one");
        try (WatchHarness watch = watch()) {
            assertEquals(List.of(), watch.up(repository.root()));
            String id = watch.onlyStatus().getId();
            assertEquals(repository.git("rev-list", "--max-parents=0", "HEAD").strip(), id);
            Reply<Integer> stopped = watch.reply(replyTo -> new WorkspaceProtocol.Unwatch(id, replyTo));
            assertEquals(new Reply.Answered<>(1), stopped);
            assertEquals(List.of(), watch.status());
        }
        try (WatchHarness watch = watch()) {
            assertEquals(List.of(), watch.status());
        }
    }

    @Test
    void fileOfAPastCommitIsShownRedacted() {
        TestRepository repository = TestRepository.create(folder.resolve("repo"));
        repository
                .write("a.txt", "pass hunter2")
                .write("b.env", "KEY")
                .commit("one")
                .write("a.txt", "new")
                .commit("two");
        for (String git : List.of("auto", "never")) {
            try (WatchHarness watch = new WatchHarness(home, lake, "postdevai.watch.git = " + git)) {
                assertEquals(List.of(), watch.up(repository.root()));
                String id = watch.onlyStatus().getId();
                Reply<WorkspaceProtocol.RevisionFile> past =
                        watch.reply(to -> new WorkspaceProtocol.FileAtRevision(id, "a.txt", "HEAD~1", to));
                assertEquals(
                        Optional.of("pass [cut]"),
                        ((Reply.Answered<WorkspaceProtocol.RevisionFile>) past)
                                .answer()
                                .text());
                for (String[] wrong : new String[][] {{"a.txt", "nosuch"}, {"b.env", "HEAD"}}) {
                    Reply<WorkspaceProtocol.RevisionFile> refused =
                            watch.reply(to -> new WorkspaceProtocol.FileAtRevision(id, wrong[0], wrong[1], to));
                    assertInstanceOf(Reply.Refused.class, refused, wrong[0] + " at " + wrong[1]);
                }
                Reply<WorkspaceProtocol.RevisionFile> absent =
                        watch.reply(to -> new WorkspaceProtocol.FileAtRevision(id, "no.txt", "HEAD", to));
                assertEquals(
                        Optional.empty(),
                        ((Reply.Answered<WorkspaceProtocol.RevisionFile>) absent)
                                .answer()
                                .text());
                WatchHarness.await(() -> lake.commits().size() == 2, () -> git + " " + lake.commits());
            }
        }
        assertEquals(2, lake.commits().size(), "commits are written once");
    }

    @Test
    void foldersBeyondTheWatchLimitAreScannedAndThatIsSaid() {
        TestRepository repository = TestRepository.create(folder.resolve("repo"));
        repository.write("d1/a.txt", "one").write("d2/b.txt", "two").commit("one");
        try (WatchHarness watch = new WatchHarness(home, lake, "postdevai.watch.folders-max = 1")) {
            assertEquals(List.of(), watch.up(repository.root()));
            WatchHarness.await(
                    () -> watch.onlyStatus().getProblem().contains("cannot be watched (more than 1 folders"),
                    () -> watch.onlyStatus().toString());
            repository.write("d1/a.txt", "changed").write("d2/new.txt", "new");
            Map<String, String> expected = Map.of("d1/a.txt", "changed", "d2/b.txt", "two", "d2/new.txt", "new");
            WatchHarness.await(
                    () -> lake.texts().equals(expected), () -> lake.texts().toString());
            WatchStatus seen = watch.onlyStatus().getWatch();
            assertTrue(seen.getScans() >= 2, seen::toString);
            assertTrue(seen.getReadFiles() >= 4, seen::toString);
            assertTrue(seen.getReadBytes() >= 16, seen::toString);
            assertTrue(seen.getGitMoves() >= 1, seen::toString);
        }
    }

    @Test
    void scansEndWhenEveryFolderIsWatchedAgain() throws IOException {
        TestRepository plain = new TestRepository(folder.resolve("plain"));
        plain.write("d1/a.txt", "one").write("d2/b.txt", "two");
        try (SaidInfo said = new SaidInfo();
                WatchHarness watch = new WatchHarness(home, lake, "postdevai.watch.folders-max = 2")) {
            assertEquals(List.of(), watch.up(plain.root()));
            WatchHarness.await(
                    () -> watch.onlyStatus().getProblem().contains("1 folders cannot be watched"),
                    () -> watch.onlyStatus().toString());
            Files.delete(plain.root().resolve("d1/a.txt"));
            Files.delete(plain.root().resolve("d1"));
            WatchHarness.await(
                    () -> watch.onlyStatus().getProblem().isEmpty(),
                    () -> watch.onlyStatus().toString());
            WatchHarness.await(() -> said.count("every folder is watched again") == 1, () -> "scans go on");
            plain.write("d2/b.txt", "changed");
            WatchHarness.await(
                    () -> lake.texts().equals(Map.of("d2/b.txt", "changed")),
                    () -> lake.texts().toString());
        }
    }

    @Test
    void historyIsReadToItsEndAlthoughTheReaderFailed() {
        TestRepository repository = TestRepository.create(folder.resolve("repo"))
                .write("a.txt", "one")
                .commit("one");
        repository.write("a.txt", "two").commit("two");
        try (WatchHarness watch = watch()) {
            watch.intake.failOnce(repository.git("log", "-1", "--format=%ae").strip());
            assertEquals(List.of(), watch.up(repository.root()));
            WatchHarness.await(
                    () -> lake.commits().size() == 2, () -> lake.commits().toString());
        }
    }

    @Test
    void rescanMendsWhatTheLakeLost() {
        TestRepository repository = TestRepository.create(folder.resolve("repo"));
        repository.write("a.txt", "one").write("b.txt", "two").commit("one");
        try (WatchHarness watch = watch()) {
            assertEquals(List.of(), watch.up(repository.root()));
            String id = watch.onlyStatus().getId();
            assertEquals(new Reply.Answered<>(0), watch.<Integer>reply(to -> new WorkspaceProtocol.Rescan(id, to)));
            lake.lose("a.txt");
            assertEquals(new Reply.Answered<>(1), watch.<Integer>reply(to -> new WorkspaceProtocol.Rescan(id, to)));
            assertEquals(Map.of("a.txt", "one", "b.txt", "two"), lake.texts());
        }
    }

    @Test
    void freshCopyIsNotReadAgainAtTheNextStart() throws IOException {
        TestRepository plain = new TestRepository(folder.resolve("copied"));
        FileTime copied = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        for (int file = 0; file < 20; file++) {
            plain.write("f" + file, "file " + file);
            Files.setLastModifiedTime(plain.root().resolve("f" + file), copied);
        }
        try (WatchHarness watch = watch()) {
            assertEquals(List.of(), watch.up(plain.root()));
            assertEquals(20, watch.intake.decoded());
            WatchHarness.await(() -> !lake.setting("settled").isEmpty(), () -> "never settled");
        }
        plain.write("f7", "FILE 7");
        try (WatchHarness watch = watch()) {
            WatchHarness.await(
                    () -> watch.onlyStatus().getIndexed(),
                    () -> watch.onlyStatus().toString());
            assertEquals("FILE 7", lake.texts().get("f7"));
            assertEquals(1, watch.intake.decoded());
        }
    }

    @Test
    void fileThatMayHaveChangedWithinTheTickOfItsReadingIsReadAgain() {
        TestRepository plain = new TestRepository(folder.resolve("new"));
        plain.write("just-written", "text");
        try (WatchHarness watch = watch()) {
            assertEquals(List.of(), watch.up(plain.root()));
            int first = watch.intake.decoded();
            WatchHarness.await(() -> !lake.setting("settled").isEmpty(), () -> "never settled");
            assertTrue(watch.intake.decoded() >= first, "settled after " + watch.intake.decoded() + " readings");
        }
    }

    @Test
    void manySmallFiles() {
        smallFiles(3_000);
    }

    @Test
    @Tag("campaign")
    void twoHundredThousandSmallFiles() {
        smallFiles(200_000);
    }

    private void smallFiles(int count) {
        TestRepository plain = new TestRepository(folder.resolve("many"));
        for (int file = 0; file < count; file++) {
            plain.write("d" + file % 100 + "/f" + file, "file " + file);
        }
        try (WatchHarness watch = watch()) {
            assertEquals(List.of(), watch.up(plain.root()));
            assertEquals(count, lake.texts().size());
        }
        long appends = lake.appends();
        try (WatchHarness watch = watch()) {
            WatchHarness.await(
                    () -> watch.onlyStatus().getIndexed(),
                    () -> watch.onlyStatus().toString());
            assertTrue(lake.appends() - appends <= 2, "a restart writes nothing but settings");
        }
    }
}
