package ai.postdev.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.app.NodeMain;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.ClientSettings;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.Hit;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.ShowRequest;
import ai.postdev.v1.UpRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Search in commits that were made before the node watched the repository, on a real node: what it finds is what
 * {@code git grep} finds in that commit, less what would not be remembered today.
 */
class PastSearchTest {
    private static final int COMMITS = 40;
    private static final int QUESTIONS = 60;
    private static final List<String> WORDS =
            List.of("quince", "marmalade", "juniper", "Thistle", "heron", "lantern", "pebble", "Rowan");
    private static final List<String> PATTERNS =
            List.of("qu[a-z]+ce", "(heron|lantern) =", "^class ", "pebble[0-9]$", "Rowan[^a-z]", "[tT]histle.*juniper");

    @TempDir
    static Path dir;

    private static final long SEED = Long.getLong("postdevai.seed", System.nanoTime());
    private static final List<String> COMMIT_IDS = new ArrayList<>();
    private static GitRepository repository;
    private static NodeProcess node;

    @BeforeAll
    static void start() throws Exception {
        System.out.println("PastSearchTest seed " + SEED);
        repository = GitRepository.create(dir.resolve("project"));
        grow(new Random(SEED));
        node = NodeProcess.start(
                NodeMain.class,
                dir.resolve("home"),
                Map.of("postdevai.lake.past.trees-max", "3"),
                Map.of("POSTDEVAI_EMBEDDER_ENABLED", "false"));
        node.up();
        try (NodeClient client = client()) {
            client.up(
                    UpRequest.newBuilder()
                            .addPaths(repository.root().toString())
                            .build(),
                    NodeProcess.PATIENCE,
                    _ -> {});
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        node.close();
    }

    /** Files are written, changed, moved and deleted; among them are some that no reading may show. */
    private static void grow(Random random) throws IOException {
        repository
                .write("keys/server.pem", "quince is secret\n")
                .write("left/out.txt", "quince is left out\n")
                .write("src/Old.java", "class Old {\n  void forgotten() {}\n}\n")
                .write("text/token.txt", "quince ghp_0123456789abcdefghijABCDEFGHIJ012345\n")
                .write("bin/data.bin", "quince\0binary\n");
        Map<String, String> files = new HashMap<>();
        for (int commit = 0; commit < COMMITS; commit++) {
            for (int change = 0; change < 6; change++) {
                String path = "src/d" + random.nextInt(4) + "/F" + random.nextInt(12)
                        + (random.nextBoolean() ? ".java" : ".txt");
                if (random.nextInt(5) == 0 && files.remove(path) != null) {
                    Files.delete(repository.root().resolve(path));
                } else {
                    files.put(path, text(random));
                    repository.write(path, files.get(path));
                }
            }
            COMMIT_IDS.add(repository.commit("commit " + commit));
        }
        Files.delete(repository.root().resolve("src/Old.java"));
        repository.write(".postdevaiignore", "left/\n");
        COMMIT_IDS.add(repository.commit("what is old goes"));
        repository.git("tag", "v1", COMMIT_IDS.get(7));
        repository.git("branch", "side", COMMIT_IDS.get(11));
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < 1 + random.nextInt(6); line++) {
            text.append(random.nextInt(4) == 0 ? "class " : "");
            for (int word = 0; word < 3; word++) {
                text.append(WORDS.get(random.nextInt(WORDS.size())))
                        .append(random.nextInt(3) == 0 ? " = " : String.valueOf(random.nextInt(3)));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static NodeClient client() {
        return new NodeClient(
                Path.of(node.up().socket()),
                "no node in " + node.home(),
                ClientSettings.DEFAULT.withDeadline(NodeProcess.PATIENCE));
    }

    private static SearchAnswer search(String query, String mode, String at) throws ClientFault {
        try (NodeClient client = client()) {
            return client.search(SearchRequest.newBuilder()
                    .setQuery(query)
                    .setMode(mode)
                    .setAt(at)
                    .setLimit(1000)
                    .build());
        }
    }

    private static List<String> paths(SearchAnswer answer) {
        return answer.getHitsList().stream()
                .map(Hit::getPath)
                .sorted()
                .distinct()
                .toList();
    }

    private static List<String> shown(List<String> found) {
        return found.stream()
                .filter(path -> !path.startsWith("left/") && !path.endsWith(".pem"))
                .toList();
    }

    @Test
    void findsWhatGitGrepFindsInThatCommit() throws Exception {
        Random random = new Random(SEED + 1);
        for (int question = 0; question < QUESTIONS; question++) {
            String commit = COMMIT_IDS.get(random.nextInt(COMMIT_IDS.size()));
            boolean literal = random.nextBoolean();
            List<String> choice = literal ? WORDS : PATTERNS;
            String pattern = choice.get(random.nextInt(choice.size()));
            List<String> expected = shown(repository.grep(literal ? "-F" : "-E", "-e", pattern, commit));
            SearchAnswer answer = search(literal ? "\"" + pattern + "\"" : "/" + pattern + "/", "auto", commit);
            String about = "seed " + SEED + ", " + pattern + " at " + commit;
            assertEquals(expected, paths(answer), about);
            assertTrue(answer.getComplete(), about);
            assertEquals(commit, answer.getAsOf(0).getCommit(), about);
        }
    }

    @Test
    void rankedTextFindsThePastOnly() throws Exception {
        for (String commit : List.of(COMMIT_IDS.get(0), COMMIT_IDS.get(20))) {
            for (String word : WORDS) {
                List<String> expected = shown(repository.grep("-i", "-w", "-E", "-e", word + "[0-9]?", commit));
                List<String> found = paths(search(word, "text", commit));
                assertTrue(
                        found.containsAll(expected), word + " at " + commit + ": " + found + " lacks of " + expected);
                List<String> all = repository
                        .git("ls-tree", "-r", "--name-only", commit)
                        .lines()
                        .toList();
                assertTrue(all.containsAll(found), "only what was there: " + found);
            }
        }
    }

    @Test
    void definitionsOfThePastAreFound() throws Exception {
        SearchAnswer then = search("forgotten", "symbol", "v1");
        assertEquals(List.of("src/Old.java"), paths(then));
        assertEquals(2, then.getHits(0).getStartLine());
        assertEquals(List.of(), paths(search("forgotten", "symbol", "HEAD")));
        assertEquals(List.of(), paths(search("forgotten", "symbol", "")));
    }

    @Test
    void everyWayToNameACommitLeadsToIt() throws Exception {
        Map<String, String> names = Map.of(
                "HEAD~2",
                COMMIT_IDS.get(COMMITS - 2),
                "v1",
                COMMIT_IDS.get(7),
                "side",
                COMMIT_IDS.get(11),
                "side~3",
                COMMIT_IDS.get(8),
                "main@{0}",
                COMMIT_IDS.getLast(),
                COMMIT_IDS.get(5).substring(0, 10),
                COMMIT_IDS.get(5),
                "2017-07-20T12:00:00Z",
                commitUpTo("2017-07-20T12:00:00Z"));
        for (Map.Entry<String, String> name : names.entrySet()) {
            assertEquals(
                    name.getValue(),
                    search("\"quince\"", "auto", name.getKey()).getAsOf(0).getCommit(),
                    name.getKey());
        }
    }

    private static String commitUpTo(String time) throws IOException {
        return repository.git("rev-list", "-1", "--before=" + time, "HEAD").strip();
    }

    @Test
    void whatIsNotRememberedTodayIsNotShownOfThePast() throws Exception {
        String first = COMMIT_IDS.getFirst();
        SearchAnswer answer = search("\"quince\"", "auto", first);
        assertTrue(paths(answer).contains("text/token.txt"), answer::toString);
        assertFalse(answer.toString().contains("ghp_0123456789"), "credentials are cut out");
        assertEquals(List.of(), paths(search("/ghp_[0-9]+/", "auto", first)));
        try (NodeClient client = client()) {
            for (String path : List.of("keys/server.pem", "left/out.txt")) {
                ShowRequest request =
                        ShowRequest.newBuilder().setPath(path).setAt(first).build();
                assertThrows(ClientFault.class, () -> client.show(request), path);
            }
        }
    }

    @Test
    void whatNamesNothingIsRefusedWithAReason() {
        for (String at : List.of("no-such-branch", "HEAD~4000", "2001-01-01", "--all", "v1:src")) {
            ClientFault fault = assertThrows(ClientFault.class, () -> search("quince", "auto", at), at);
            assertTrue(fault.getMessage().contains("remembers since"), at + ": " + fault.getMessage());
        }
    }

    @Test
    void goingBackAndForthBetweenMoreCommitsThanFitAnswersTheSame() throws Exception {
        List<List<String>> first = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 6; i++) {
                List<String> found = paths(search("\"heron\"", "auto", COMMIT_IDS.get(i * 5)));
                if (round == 0) {
                    first.add(found);
                } else {
                    assertEquals(first.get(i), found);
                }
            }
        }
    }

    @Test
    void manyAskForTheSameCommitAtOnce() throws Exception {
        String commit = COMMIT_IDS.get(3);
        List<String> expected = shown(repository.grep("-F", "-e", "lantern", commit));
        List<List<String>> answers = IntStream.range(0, 8)
                .parallel()
                .mapToObj(_ -> {
                    try {
                        return paths(search("\"lantern\"", "auto", commit));
                    } catch (ClientFault e) {
                        throw new AssertionError(e.getMessage(), e);
                    }
                })
                .toList();
        answers.forEach(answer -> assertEquals(expected, answer));
    }
}
