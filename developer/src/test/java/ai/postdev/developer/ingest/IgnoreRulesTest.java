package ai.postdev.developer.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IgnoreRulesTest {
    private static final long SEED = Long.getLong("postdevai.seed", System.nanoTime());
    private static final int TREES = Integer.getInteger("postdevai.ignore.trees", 40);
    private static final List<String> NAMES = List.of(
            "a", "b", "ab", "abc", "a.o", "b.o", "a b", "a ", "[a]", "a*", "ü", "-", "x\\y", "#c", "!d", "build");
    private static final List<String> PIECES = List.of(
            "a",
            "b",
            "ab",
            "*",
            "**",
            "?",
            "/",
            "/",
            "[ab]",
            "[!a]",
            "[^a-b]",
            "[[:alpha:]]",
            "[]a]",
            "\\*",
            "\\a",
            "*.o",
            "!",
            "ü",
            " ",
            "\\ ",
            "#",
            "build",
            "[a",
            "\\[a]",
            ".o",
            "[a-",
            "[[:bad:]]",
            "??");

    @TempDir
    Path folder;

    @Test
    void leavesOutExactlyWhatGitLeavesOut() throws IOException {
        System.out.println("seed " + SEED);
        Random random = new Random(SEED);
        for (int tree = 0; tree < TREES; tree++) {
            TestRepository repository = TestRepository.create(folder.resolve("r" + tree));
            for (int file = 0; file < 60; file++) {
                writeUnlessBlocked(repository, randomPath(random));
            }
            repository.git("config", "core.excludesFile", repository.root().resolve("../global" + tree) + "");
            Files.writeString(folder.resolve("global" + tree), randomRules(random, 2));
            Files.writeString(repository.root().resolve(".git/info/exclude"), randomRules(random, 2));
            if (random.nextBoolean()) {
                repository.git("add", "-f", randomExisting(repository, random));
            }
            writeUnlessBlocked(repository, ".gitignore", randomRules(random, 5));
            for (int nested = 0; nested < 4; nested++) {
                String path = randomPath(random);
                writeUnlessBlocked(repository, path + "/.gitignore", randomRules(random, 3));
            }
            assertEquals(repository.shownFiles(), scan(repository, folder.resolve("global" + tree)), "tree " + tree);
        }
    }

    @Test
    void ownIgnoreFileTakesOutTrackedFilesToo() {
        TestRepository repository = TestRepository.create(folder.resolve("own"));
        repository.write("docs/a.txt", "a").write("src/b.txt", "b").commit("both");
        repository.write(".postdevaiignore", "docs/\n");
        assertEquals(Set.of(".postdevaiignore", "src/b.txt"), scan(repository, folder.resolve("none")));
    }

    @Test
    void caselessRepositoryIgnoresInAnyCase() {
        TestRepository repository = TestRepository.create(folder.resolve("case"));
        repository.write(".gitignore", "Build/\n");
        IgnoreRules rules = IgnoreRules.of(repository.root(), List.of(), true);
        assertTrue(rules.ignoredByGit("build", true));
        assertFalse(IgnoreRules.of(repository.root(), List.of(), false).ignoredByGit("build", true));
    }

    private static Set<String> scan(TestRepository repository, Path global) {
        try {
            GitFolder git = GitFolder.at(repository.root()).orElseThrow();
            Path exclude = git.commonDir().resolve("info/exclude");
            IgnoreRules rules = IgnoreRules.of(repository.root(), List.of(exclude, global), false);
            TreeScan scan =
                    new TreeScan(repository.root(), rules, TrackedFiles.of(git, true), Set.of(), Integer.MAX_VALUE);
            return new TreeSet<>(scan.walk("", (_, _) -> {}).files().keySet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeUnlessBlocked(TestRepository repository, String path) throws IOException {
        writeUnlessBlocked(repository, path, path);
    }

    /** A random path may run through an existing file; such a path is left out. */
    private static void writeUnlessBlocked(TestRepository repository, String path, String text) throws IOException {
        Path file = PathNames.resolve(repository.root(), path);
        for (Path above = file.getParent(); !above.equals(repository.root()); above = above.getParent()) {
            if (Files.isRegularFile(above)) {
                return;
            }
        }
        if (!Files.isDirectory(file)) {
            repository.write(path, text);
        }
    }

    private static String randomExisting(TestRepository repository, Random random) {
        List<String> files = List.copyOf(
                new TreeSet<>(List.of(repository.git("ls-files", "-z", "-o").split("\0"))));
        return ":(literal)" + files.get(random.nextInt(files.size()));
    }

    private static String randomPath(Random random) {
        StringBuilder path = new StringBuilder(NAMES.get(random.nextInt(NAMES.size())));
        for (int depth = random.nextInt(4); depth > 0; depth--) {
            path.append('/').append(NAMES.get(random.nextInt(NAMES.size())));
        }
        return path.toString();
    }

    private static String randomRules(Random random, int linesMax) {
        StringBuilder rules = new StringBuilder(random.nextInt(8) == 0 ? "\uFEFF" : "");
        for (int line = random.nextInt(linesMax + 1); line > 0; line--) {
            for (int piece = 1 + random.nextInt(4); piece > 0; piece--) {
                rules.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            rules.append(random.nextInt(6) == 0 ? "\r\n" : random.nextInt(6) == 0 ? " \n" : "\n");
        }
        return rules.toString();
    }
}
