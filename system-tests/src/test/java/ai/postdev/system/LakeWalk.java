package ai.postdev.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.app.NodeMain;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.ClientSettings;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.developer.ingest.TestRepository;
import ai.postdev.developer.watch.RandomWork;
import ai.postdev.v1.Event;
import ai.postdev.v1.Hit;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.ProjectsRequest;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.ShowRequest;
import ai.postdev.v1.StopRequest;
import ai.postdev.v1.TimelineRequest;
import ai.postdev.v1.UpRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Random work on a real repository under the eyes of a real node, which is asked through its socket as the command line
 * asks it. After each burst of work, and after each end and start of the node, what it remembers and finds equals what
 * is on the disk.
 */
final class LakeWalk implements AutoCloseable {
    private static final int BURST_MAX = 30;
    private static final int UNSEEN_MAX = 20;
    private static final int WORDS_ASKED = 6;
    private static final int EVERYTHING = 1_000;

    private final Path home;
    private final int steps;
    private final int stepsOfALife;
    private final long seed;
    private final Random random;
    private final TestRepository repository;
    private final RandomWork work;
    private final Set<String> seenWords = new TreeSet<>();
    private NodeProcess node;
    private NodeClient client;
    private int step;
    private int lives;
    private long sequence;
    private int moments;
    private int searches;
    private long waitedNanos;

    LakeWalk(Path dir, long seed, int steps, int lives) {
        this.home = dir.resolve("home");
        this.seed = seed;
        this.steps = steps;
        this.stepsOfALife = Math.max(1, steps / lives);
        this.random = new Random(seed);
        this.repository = TestRepository.create(dir.resolve("repo"));
        this.work = new RandomWork(repository, random, path -> path.endsWith(".env") || path.endsWith(".pem"));
    }

    /** Walks to the end; the answer says what was done, for people. */
    String walk() throws Exception {
        work.begin();
        start();
        client.up(UpRequest.newBuilder().addPaths(repository.root().toString()).build(), NodeProcess.PATIENCE, _ -> {});
        agree();
        while (step < steps) {
            int until = Math.min(steps, step + stepsOfALife);
            while (step < until) {
                work(1 + random.nextInt(BURST_MAX));
                agree();
            }
            agreeOnHistory();
            if (step < steps) {
                restart();
                agree();
            }
        }
        return "%d steps, %d moments compared, %d searches, %d lives of the node, %.0f ms until equal in the mean"
                .formatted(step, moments, searches, lives, waitedNanos / 1e6 / moments);
    }

    private void work(int count) {
        for (int i = 0; i < count; i++, step++) {
            work.step();
        }
    }

    // ---- the node's lives

    private void start() throws IOException {
        lives++;
        // The embedder costs memory and time, and nothing here asks for meaning.
        node = NodeProcess.start(NodeMain.class, home, Map.of(), Map.of("POSTDEVAI_EMBEDDER_ENABLED", "false"));
        client = new NodeClient(
                Path.of(node.up().socket()),
                "no node in " + home,
                ClientSettings.DEFAULT.withDeadline(NodeProcess.PATIENCE));
    }

    /** Ends the node in one of three ways, with work going on before, during and after, and starts it again. */
    private void restart() throws Exception {
        work(random.nextInt(UNSEEN_MAX));
        switch (lives % 3) {
            case 1 -> client.stop(StopRequest.getDefaultInstance());
            case 2 -> node.kill();
            default -> node.terminate();
        }
        work(random.nextInt(UNSEEN_MAX));
        node.exitCode();
        client.close();
        work(random.nextInt(UNSEEN_MAX));
        start();
    }

    // ---- comparing

    /** Waits until the node says that it holds what is on the disk; then everything that it says must be so. */
    private void agree() throws Exception {
        DiskOracle disk = new DiskOracle(work.expected());
        String head = repository.git("rev-parse", "HEAD").strip();
        long since = System.nanoTime();
        long deadline = since + NodeProcess.PATIENCE.toNanos();
        String difference = difference(disk, head);
        while (!difference.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not equal within " + NodeProcess.PATIENCE + told() + "\n" + difference + "\n"
                        + project() + "\n" + node.log());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            difference = difference(disk, head);
        }
        waitedNanos += System.nanoTime() - since;
        moments++;
        patterns(disk);
        words(disk);
        for (String path : disk.texts().keySet()) {
            disk.wordOf(path).ifPresent(seenWords::add);
        }
    }

    private String told() {
        return ", seed " + seed + ", step " + step + ", life " + lives + ", last work " + work.recent();
    }

    private ProjectStatus project() throws ClientFault {
        return client.projects(ProjectsRequest.getDefaultInstance()).getProjects(0);
    }

    /** How what the node holds differs from the disk; empty if it does not. */
    private String difference(DiskOracle disk, String head) throws ClientFault {
        ProjectStatus project = project();
        boolean settled = project.getIndexed()
                && project.getFiles() == disk.texts().size()
                && project.getParsed() == project.getFiles()
                && project.getCommit().equals(head);
        if (!settled) {
            return "the node is not done: " + project;
        }
        Map<String, String> held = new TreeMap<>();
        for (String path : disk.texts().keySet()) {
            held.put(path, shown(path));
        }
        // After a node was killed its ranked text is made again behind the open doors, and answers say so until then.
        SearchAnswer all = asked("/^/", "");
        SearchAnswer ranked = asked("line", "text");
        if (!all.getComplete() || !ranked.getComplete()) {
            return "answers are not complete: " + all.getMissingList() + ranked.getMissingList();
        }
        for (Hit hit : all.getHitsList()) {
            held.putIfAbsent(hit.getPath(), "(should not be there)");
        }
        return RandomWork.difference(disk.texts(), held);
    }

    private String shown(String path) throws ClientFault {
        try {
            return client.show(ShowRequest.newBuilder().setPath(path).build()).getText();
        } catch (ClientFault e) {
            if (e.code() == FaultCode.NOT_FOUND) {
                return "(not there)";
            }
            throw e;
        }
    }

    private SearchAnswer search(String query, String mode) throws ClientFault {
        SearchAnswer answer = asked(query, mode);
        assertTrue(answer.getComplete(), () -> answer.getMissingList() + told());
        return answer;
    }

    private SearchAnswer asked(String query, String mode) throws ClientFault {
        searches++;
        SearchAnswer answer = client.search(SearchRequest.newBuilder()
                .setQuery(query)
                .setMode(mode)
                .setLimit(EVERYTHING)
                .build());
        long now = answer.getAsOf(0).getSequence();
        assertTrue(now >= sequence, () -> "an answer of sequence " + now + " after one of " + sequence + told());
        sequence = now;
        return answer;
    }

    private void patterns(DiskOracle disk) throws ClientFault {
        String digit = Integer.toString(random.nextInt(10));
        grep(disk, "^", false);
        grep(disk, "^line$", false);
        grep(disk, "text \\d*" + digit + "\\b", false);
        grep(disk, "CLASS\\s+kind\\w+|^DEF ", true);
        grep(disk, "return " + digit + "\\d*;?\\r?$", false);
        grep(disk, "zu[bdfgh]+[kmnpt]{1,2}ox", false);
        grep(disk, "no end$", false);
    }

    private void grep(DiskOracle disk, String regex, boolean ignoreCase) throws ClientFault {
        Map<String, DiskOracle.Lines> found = new TreeMap<>();
        for (Hit hit : search("/" + regex + "/" + (ignoreCase ? "i" : ""), "").getHitsList()) {
            String lines = hit.getWhy(0);
            found.put(
                    hit.getPath(),
                    new DiskOracle.Lines(hit.getStartLine(), Integer.parseInt(lines.substring(0, lines.indexOf(' ')))));
        }
        assertEquals(disk.matching(regex, ignoreCase), found, () -> "regex " + regex + told());
    }

    /** Words that are there are found where they are, in every way of asking; words that went are found nowhere. */
    private void words(DiskOracle disk) throws ClientFault {
        List<String> paths = new ArrayList<>(disk.texts().keySet());
        Set<String> asked = new HashSet<>();
        for (int i = 0; i < WORDS_ASKED && !paths.isEmpty(); i++) {
            disk.wordOf(paths.get(random.nextInt(paths.size()))).ifPresent(asked::add);
        }
        List<String> seen = new ArrayList<>(seenWords);
        for (int i = 0; i < WORDS_ASKED && !seen.isEmpty(); i++) {
            asked.add(seen.get(random.nextInt(seen.size())));
        }
        for (String word : asked) {
            Set<String> where = disk.containing(word);
            assertEquals(where, paths(search('"' + word + '"', "")), () -> "literal " + word + told());
            assertEquals(where, paths(search(word, "text")), () -> "ranked " + word + told());
            assertEquals(where, paths(search(word, "")), () -> "auto " + word + told());
            Set<String> defined = paths(search(word, "symbol"));
            assertTrue(
                    defined.containsAll(disk.defining(word)) && where.containsAll(defined),
                    () -> "symbol " + word + " found in " + defined + ", defined in " + disk.defining(word) + told());
        }
    }

    private static Set<String> paths(SearchAnswer answer) {
        return answer.getHitsList().stream().map(Hit::getPath).collect(Collectors.toCollection(TreeSet::new));
    }

    private void agreeOnHistory() throws Exception {
        Set<String> commits = Set.of(repository.git("rev-list", "HEAD").split("\n"));
        node.await("it remembers all commits, seed " + seed, () -> {
            try {
                Set<String> told = new HashSet<>();
                for (Event event : client.timeline(TimelineRequest.newBuilder()
                                .setKind("commit")
                                .setLimit(EVERYTHING)
                                .build())
                        .getEventsList()) {
                    told.add(event.getAttributesOrDefault("commit", ""));
                }
                return told.containsAll(commits) ? Optional.of(told) : Optional.empty();
            } catch (ClientFault e) {
                throw new AssertionError(node.log(), e);
            }
        });
    }

    @Override
    public void close() throws Exception {
        client.close();
        node.close();
    }
}
