package ai.postdev.app.bench;

import ai.postdev.cluster.Home;
import ai.postdev.cluster.RunInfo;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.ClientSettings;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.StatusAnswer;
import ai.postdev.v1.StatusRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A measurement's own node, in a home of its own, used by the launcher and the doors as in daily use. */
final class BenchNode {
    /** Bound on every wait for background work. */
    static final Duration PATIENCE = Duration.ofMinutes(20);

    private final Path launcher;
    private final Path scratch;

    BenchNode(Path launcher, Path scratch) {
        this.launcher = launcher;
        this.scratch = scratch;
    }

    private Home home() {
        return Home.at(scratch.resolve("home"));
    }

    RunInfo info() throws IOException {
        return RunInfo.read(home()).orElseThrow(() -> new IllegalStateException("the node has ended"));
    }

    NodeClient client() {
        return new NodeClient(
                Path.of(RunInfo.read(home())
                        .orElseThrow(() -> new IllegalStateException("the node has ended"))
                        .socket()),
                "the node of the measurement has ended",
                ClientSettings.DEFAULT);
    }

    /** However the measurement ended, its node ends too. */
    void end() throws IOException, InterruptedException {
        if (RunInfo.read(home()).isPresent()) {
            launch("stop");
        }
    }

    static ProjectStatus project(StatusAnswer status, Path tree) {
        return status.getProjectsList().stream()
                .filter(each -> each.getRoot().equals(tree.toString()))
                .findAny()
                .orElseThrow(() -> new IllegalStateException(tree + " is not in the answer to status"));
    }

    static void await(NodeClient client, Predicate<StatusAnswer> done) throws ClientFault, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!done.test(client.status(StatusRequest.getDefaultInstance()))) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("background work did not end within " + PATIENCE.toMinutes() + " min");
            }
            Thread.sleep(100);
        }
    }

    /** Runs the launcher as a user would. */
    void launch(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(launcher.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().put("POSTDEVAI_HOME", scratch.resolve("home").toString());
        Path log = scratch.resolve("launch.log");
        Process process = builder.redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(
                        Files.createTempFile(scratch, "empty", "").toFile()))
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroy();
            throw new IllegalStateException("postdevai " + arguments[0] + " did not end");
        }
        // 1: nothing was found, which is an answer
        if (process.exitValue() > 1) {
            throw new IllegalStateException("postdevai " + String.join(" ", arguments) + " ended with "
                    + process.exitValue() + ": " + Files.readString(log).strip());
        }
    }
}
