package ai.postdev.app.bench;

import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.LakeStatus;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.StatusRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What it takes a node to come back, with its snapshots and from the journal alone, and whether questions wait while a
 * snapshot is written.
 */
public final class RecoveryBench {
    private static final int ROUNDS = 3;
    private static final Duration SNAPSHOT_WITHIN = Duration.ofMinutes(2);
    private static final Duration BESIDE = Duration.ofSeconds(20);
    private static final long LOOK_EVERY_MILLIS = 5;
    private static final double MILLION = 1e6;

    private final ScratchRun frame;
    private final BenchNode node;
    private final Path tree;

    private RecoveryBench(ScratchRun frame, Path tree) {
        this.frame = frame;
        this.node = frame.node();
        this.tree = tree;
    }

    /** Runs it; the answer is an exit code. */
    public static int run(Path launcher, Path tree, PrintStream out, PrintStream err) {
        return ScratchRun.of("recovery", launcher, out, err, frame -> new RecoveryBench(frame, tree).measure());
    }

    private void measure() throws IOException, InterruptedException, ClientFault {
        frame.machineRow();
        Path saves = Scratch.smallProject(frame.scratch().resolve("saves"));
        node.launch("up", tree.toString());
        node.launch("up", saves.toString());
        List<SearchRequest> questions = Questions.of(tree, 40);
        LakeStatus lake;
        try (NodeClient client = node.client()) {
            whole(client, questions.getFirst());
            lake = client.status(StatusRequest.getDefaultInstance()).getLake();
            frame.row(
                    "journal",
                    "%d operations, %.1f MB with texts",
                    lake.getOperations(),
                    lake.getJournalBytes() / MILLION);
            besideASnapshot(client, questions, saves);
        }
        for (int round = 0; round < ROUNDS; round++) {
            node.launch("stop");
            restart("restart with snapshots", questions.getFirst());
        }
        for (int round = 0; round < ROUNDS; round++) {
            node.launch("stop");
            removeSnapshots();
            restart("restart from the journal alone", questions.getFirst());
        }
    }

    /** Asks until the answer lacks nothing; when that began to be so, in nanoseconds of {@link System#nanoTime}. */
    private static long whole(NodeClient client, SearchRequest question) throws ClientFault, InterruptedException {
        long deadline = System.nanoTime() + BenchNode.PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            SearchAnswer answer = client.search(question);
            if (answer.getComplete()) {
                return System.nanoTime();
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        throw new IllegalStateException(
                "answers still lack something after " + BenchNode.PATIENCE.toMinutes() + " min");
    }

    private void restart(String what, SearchRequest question) throws IOException, InterruptedException, ClientFault {
        long start = System.nanoTime();
        node.launch("up");
        long up = System.nanoTime();
        try (NodeClient client = node.client()) {
            client.search(question);
            long first = System.nanoTime();
            long whole = whole(client, question);
            frame.row(
                    what,
                    "doors open after %.2f s, first answer after %.2f s, a whole one after %.2f s",
                    (up - start) / 1e9,
                    (first - start) / 1e9,
                    (whole - start) / 1e9);
        }
    }

    /** Questions for a while, and the same while the snapshot is written that follows a save and some quiet. */
    private void besideASnapshot(NodeClient client, List<SearchRequest> questions, Path saves)
            throws IOException, ClientFault {
        Latencies before = new Latencies();
        ask(client, questions, before, BESIDE, Long.MIN_VALUE);
        long known = newestSnapshot();
        Files.writeString(saves.resolve("Part0.java"), "class Saved {}\n");
        Latencies beside = new Latencies();
        boolean seen = ask(client, questions, beside, SNAPSHOT_WITHIN, known);
        frame.row("questions", before.toString());
        frame.row("questions until a snapshot was written", seen ? beside.toString() : "none was written");
    }

    /** Asks for so long, or until a snapshot newer than {@code known} is there; whether there is one. */
    private boolean ask(
            NodeClient client, List<SearchRequest> questions, Latencies latencies, Duration time, long known)
            throws IOException, ClientFault {
        long end = System.nanoTime() + time.toNanos();
        for (int i = 0; System.nanoTime() < end; i++) {
            long start = System.nanoTime();
            client.search(questions.get(i % questions.size()));
            latencies.add(System.nanoTime() - start);
            if (known != Long.MIN_VALUE && i % questions.size() == 0 && newestSnapshot() > known) {
                return true;
            }
        }
        return false;
    }

    private Path lakes() {
        return frame.scratch().resolve("home/data/lakes");
    }

    private long newestSnapshot() throws IOException {
        try (Stream<Path> files = Files.walk(lakes(), 2)) {
            return files.filter(RecoveryBench::isSnapshot)
                    .mapToLong(file -> file.toFile().lastModified())
                    .max()
                    .orElse(0);
        }
    }

    private static boolean isSnapshot(Path file) {
        return file.getFileName().toString().startsWith("snapshot");
    }

    private void removeSnapshots() throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(lakes(), 2)) {
            all = files.filter(RecoveryBench::isSnapshot).toList();
        }
        for (Path folder : all) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }
}
