package ai.postdev.app.bench;

import ai.postdev.cluster.RunInfo;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.ModelStatus;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.StatusAnswer;
import ai.postdev.v1.StatusRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Measures what a user waits for, on a tree of theirs and with a node of its own in a home that is removed afterwards:
 * start, first reading, questions, saves, restart, the command line, and what the node costs when nothing happens.
 * Everything goes through the launcher and the doors, as in daily use; the tree itself is only read.
 */
public final class NodeBench {
    /** How long the node is left alone before it is called idle, and how long it is watched then. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    private static final int CLI_CALLS = 20;

    private final ScratchRun frame;
    private final BenchNode node;
    private final Path tree;

    private NodeBench(ScratchRun frame, Path tree) {
        this.frame = frame;
        this.node = frame.node();
        this.tree = tree;
    }

    /** Runs everything; the answer is an exit code. */
    public static int run(Path launcher, Path tree, boolean embeddings, PrintStream out, PrintStream err) {
        return ScratchRun.of("node", launcher, out, err, frame -> new NodeBench(frame, tree).measure(embeddings));
    }

    private void measure(boolean embeddings) throws IOException, InterruptedException, ClientFault {
        Path saves = Scratch.smallProject(frame.scratch().resolve("saves"));
        frame.machineRow();
        long start = System.nanoTime();
        launch("up", saves.toString());
        frame.row("node start, and a small project searchable", seconds(start));
        launch("stop");

        start = System.nanoTime();
        launch("up", tree.toString());
        double up = secondsSince(start);
        launch("search", "where is the configuration read", "--project", tree.toString());
        frame.row("up to first answer, node start included", seconds(start));
        try (NodeClient client = client()) {
            double bytes = project(client).getBytes();
            frame.row(
                    "text searchable",
                    "%.1f MB in %.1f s, node start included: %.1f MB/s",
                    bytes / 1e6,
                    up,
                    bytes / 1e6 / up);
            await(
                    client,
                    status -> project(status).getParsed() >= project(status).getFiles());
            double parsed = secondsSince(start);
            frame.row("symbols complete", "after %.1f s: %.1f MB/s", parsed, bytes / 1e6 / parsed);
            if (embeddings) {
                await(
                        client,
                        status -> model(status)
                                .map(model -> model.getWaiting() == 0)
                                .orElse(true));
                double all = secondsSince(start);
                long embedded = model(client.status(StatusRequest.getDefaultInstance()))
                        .map(ModelStatus::getEmbedded)
                        .orElse(0L);
                frame.row("embeddings complete", "%d after %.0f s: %.0f a second", embedded, all, embedded / all);
            }
            questions(client);
        }
        launch("up", saves.toString());
        try (NodeClient client = client()) {
            Saves.Measured measured = new Saves(client, saves).measure();
            frame.row("save to searchable", measured.saved().toString());
            frame.row("event of the save to searchable", measured.event().toString());
        }
        if (embeddings) {
            idle();
        }
        long calls = System.nanoTime();
        for (int i = 0; i < CLI_CALLS; i++) {
            launch("search", "read the configuration", "--limit", "1");
        }
        frame.row("one call of the command line", "%.0f ms", secondsSince(calls) * 1e3 / CLI_CALLS);
        launch("stop");
        start = System.nanoTime();
        launch("up");
        launch("search", "where is the configuration read", "--limit", "1", "--project", tree.toString());
        frame.row("restart to first answer", seconds(start));
        launch("stop");
        start = System.nanoTime();
        launch("up", tree.toString());
        frame.row("restart until the folder is compared", seconds(start));
        launch("stop");
    }

    private void questions(NodeClient client) throws IOException, InterruptedException, ClientFault {
        List<SearchRequest> asked = Questions.of(tree, 40);
        frame.row(
                "question over the socket, warm",
                Questions.overSocket(client, asked).toString());
        RunInfo info = node.info();
        frame.row("question over gRPC, warm", Questions.overGrpc(info, asked).toString());
        RegexSideBySide.rows(client, tree, BenchNode.PATIENCE).forEach(row -> frame.row("regular expression", row));
    }

    private void idle() throws IOException, InterruptedException {
        RunInfo info = node.info();
        ProcessHandle process =
                ProcessHandle.of(info.pid()).orElseThrow(() -> new IllegalStateException("no such node"));
        Thread.sleep(IDLE);
        Optional<Duration> before = process.info().totalCpuDuration();
        Thread.sleep(IDLE);
        Optional<Duration> after = process.info().totalCpuDuration();
        if (before.isPresent() && after.isPresent()) {
            double share = (double) after.get().minus(before.get()).toNanos() / IDLE.toNanos();
            frame.row("idle node", "%.2f %% of one processor over %d s", 100 * share, IDLE.toSeconds());
        }
        frame.row("memory of the node", Scratch.residentBytes(info.pid()));
    }

    // ---- plumbing

    private NodeClient client() {
        return node.client();
    }

    private void launch(String... arguments) throws IOException, InterruptedException {
        node.launch(arguments);
    }

    private ProjectStatus project(NodeClient client) throws ClientFault {
        return project(client.status(StatusRequest.getDefaultInstance()));
    }

    private ProjectStatus project(StatusAnswer status) {
        return BenchNode.project(status, tree);
    }

    private static Optional<ModelStatus> model(StatusAnswer status) {
        return status.getModelsList().stream().findFirst();
    }

    private static void await(NodeClient client, Predicate<StatusAnswer> done)
            throws ClientFault, InterruptedException {
        BenchNode.await(client, done);
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private static String seconds(long since) {
        return String.format(Locale.ROOT, "%.1f s", secondsSince(since));
    }
}
