package ai.postdev.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The orderly end of a node, in phases: doors close, work in hand finishes, lakes flush, the cluster is left. */
public final class NodeEnd {
    private static final String LAKES_FLUSH = "lakes-flush"; // as postdevai-cluster.conf places it
    private static final Logger LOG = LoggerFactory.getLogger(NodeEnd.class);

    private NodeEnd() {}

    /** Runs {@code task} when new requests must no longer be taken. */
    public static void onDoorsClose(ActorSystem<?> system, String name, Supplier<CompletionStage<Done>> task) {
        add(system, CoordinatedShutdown.PhaseServiceUnbind(), name, task);
    }

    /** Runs {@code task} when the doors are closed: requests under way finish or are broken off. */
    public static void onRequestsDone(ActorSystem<?> system, String name, Supplier<CompletionStage<Done>> task) {
        add(system, CoordinatedShutdown.PhaseServiceRequestsDone(), name, task);
    }

    /** Runs {@code task} when watching and other background work must end. */
    public static void onWorkStops(ActorSystem<?> system, String name, Supplier<CompletionStage<Done>> task) {
        add(system, CoordinatedShutdown.PhaseServiceStop(), name, task);
    }

    /** Runs {@code task} when nothing writes any more and lakes must put what they hold on disk. */
    public static void onLakesFlush(ActorSystem<?> system, String name, Supplier<CompletionStage<Done>> task) {
        add(system, LAKES_FLUSH, name, task);
    }

    /** Begins the end of the node; the answer comes when the actor system has ended. */
    public static CompletionStage<Done> begin(ActorSystem<?> system) {
        return CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.unknownReason());
    }

    private static void add(ActorSystem<?> system, String phase, String name, Supplier<CompletionStage<Done>> task) {
        CoordinatedShutdown.get(system).addTask(phase, name, task);
    }

    static void whenEnded(ActorSystem<?> system, NodeSettings settings, HomeLock lock) {
        add(system, CoordinatedShutdown.PhaseBeforeServiceUnbind(), "withdraw-run-file", () -> {
            withdraw(settings.home());
            return CompletableFuture.completedFuture(Done.getInstance());
        });
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
        system.getWhenTerminated().whenComplete((done, failure) -> {
            Optional<String> cause = shutdown.getShutdownReason().flatMap(NodeEnd::explain);
            cause.ifPresent(LOG::error);
            // In its own thread: the exit waits for the shutdown hooks, one of which may wait for this very callback.
            Thread end = new Thread(
                    () -> {
                        lock.close();
                        if (settings.exitJvm()) {
                            cause.ifPresent(text -> System.err.println("postdevai: " + text));
                            Runtime.getRuntime().exit(cause.isPresent() ? EXIT_FAILED : 0);
                        }
                    },
                    "node-end");
            end.setDaemon(true);
            end.start();
        });
    }

    private static final int EXIT_FAILED = 5;

    private static void withdraw(Home home) {
        try {
            Files.deleteIfExists(home.runFile());
        } catch (IOException e) {
            LOG.warn("cannot remove {}; clients will find out that the process is gone", home.runFile(), e);
        }
    }

    private static Optional<String> explain(CoordinatedShutdown.Reason reason) {
        if (reason == CoordinatedShutdown.clusterDowningReason()) {
            return Optional.of(
                    "this node was cut off from the others of its cluster, which went on without it; nothing "
                            + "that was acknowledged is lost; start it again to join them again");
        }
        if (reason == CoordinatedShutdown.clusterJoinUnsuccessfulReason()) {
            return Optional.of("this node could not join its cluster");
        }
        return Optional.empty();
    }
}
