package ai.postdev.app;

import ai.postdev.cluster.Home;
import ai.postdev.cluster.HomeLock;
import ai.postdev.cluster.MetricsPage;
import ai.postdev.cluster.NodeBootstrap;
import ai.postdev.cluster.NodeEnd;
import ai.postdev.cluster.NodeRefused;
import ai.postdev.cluster.NodeSettings;
import ai.postdev.cluster.Role;
import ai.postdev.cluster.RunInfo;
import ai.postdev.cluster.RunningNode;
import ai.postdev.coordinator.gateway.AccessToken;
import ai.postdev.coordinator.gateway.GatewaySettings;
import ai.postdev.coordinator.gateway.GrpcDoor;
import ai.postdev.coordinator.gateway.NodeService;
import ai.postdev.coordinator.gateway.SocketDoor;
import ai.postdev.coordinator.metrics.NodeMetrics;
import ai.postdev.coordinator.openai.OpenAiDoor;
import ai.postdev.coordinator.openai.OpenAiSettings;
import ai.postdev.dragon.Dragon;
import ai.postdev.dragon.lake.LakeFiles;
import ai.postdev.dragon.lake.journal.JournalRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node from its start to the moment its doors are open, and what must happen when it ends. */
final class Node {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final Duration PARTS_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration REQUESTS_PATIENCE = Duration.ofSeconds(3);

    private Node() {}

    /**
     * Starts the node; returns when its doors are open.
     *
     * @throws NodeRefused with the reason if something forbids it
     */
    static void start(HomeLock lock, NodeSettings settings) {
        CompletableFuture<Optional<LakeFiles>> opening = openFiles(settings);
        ClusterDirectory directory = new ClusterDirectory();
        try {
            RunningNode<NodeGuardian.Command> node = NodeBootstrap.start(
                    lock, settings, NodeGuardian.create(settings, directory), () -> opened(opening));
            ActorSystem<NodeGuardian.Command> system = node.system();
            CompletionStage<NodeGuardian.Begun> begun = AskPattern.ask(
                    system,
                    replyTo -> new NodeGuardian.Begin(opened(opening), replyTo),
                    PARTS_TIMEOUT,
                    system.scheduler());
            openDoors(node, begun.toCompletableFuture().join(), directory);
        } catch (RuntimeException e) {
            closeOpened(opening);
            throw e;
        }
    }

    /** The journal opens beside the actor system: neither needs the other, and both take their time. */
    private static CompletableFuture<Optional<LakeFiles>> openFiles(NodeSettings settings) {
        CompletableFuture<Optional<LakeFiles>> opening = new CompletableFuture<>();
        if (!settings.roles().contains(Role.DRAGON)) {
            opening.complete(Optional.empty());
            return opening;
        }
        Thread.ofPlatform().name("lake-files").start(() -> {
            try {
                LakeFiles files = LakeFiles.open(settings.home().data(), settings.config());
                RestoredFolders.watch(files.journal(), settings.home().root());
                files.readAhead();
                opening.complete(Optional.of(files));
            } catch (JournalRefused e) {
                opening.completeExceptionally(new NodeRefused(e.getMessage(), e));
            } catch (RuntimeException | Error e) {
                opening.completeExceptionally(e);
            }
        });
        return opening;
    }

    private static Optional<LakeFiles> opened(CompletableFuture<Optional<LakeFiles>> opening) {
        try {
            return opening.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw e;
        }
    }

    private static void closeOpened(CompletableFuture<Optional<LakeFiles>> opening) {
        opening.handle((files, failure) -> {
                    if (failure == null) {
                        files.ifPresent(Node::close);
                    }
                    return Done.getInstance();
                })
                .join();
    }

    private static void openDoors(
            RunningNode<NodeGuardian.Command> node, NodeGuardian.Begun parts, ClusterDirectory directory) {
        ActorSystem<NodeGuardian.Command> system = node.system();
        NodeSettings settings = node.settings();
        Home home = settings.home();
        onEnd(system, home, parts);
        Path tokenFile = home.keys().resolve("token");
        GatewaySettings gateway = GatewaySettings.from(settings.config());
        LocalFacts facts = new LocalFacts(node, parts, tokenFile);
        NodeService service = new NodeService(new NodeService.Parts(
                system,
                parts.lakes()::lake,
                parts.workspaces(),
                parts.archive(),
                parts.models(),
                parts.serving(),
                parts.embeddings(),
                directory,
                facts,
                parts.redact(),
                Clock.systemDefaultZone(),
                gateway));
        MetricsPage.serve(system.classicSystem(), NodeMetrics.CONTENT_TYPE, service::metrics);
        try {
            AccessToken token = AccessToken.in(tokenFile);
            GrpcDoor grpc = GrpcDoor.open(system, service, facts, token, gateway)
                    .toCompletableFuture()
                    .join();
            NodeEnd.onDoorsClose(
                    system, "grpc", () -> grpc.close(REQUESTS_PATIENCE).thenApply(_ -> Done.getInstance()));
            String grpcAddress =
                    grpc.address().getHostString() + ":" + grpc.address().getPort();
            SocketDoor socket = SocketDoor.open(system, service, home.prepareSocket(), gateway);
            NodeEnd.onDoorsClose(system, "socket", () -> {
                close(socket);
                return done();
            });
            ServerBinding http = OpenAiDoor.open(
                            system, service, token, OpenAiSettings.from(settings.config()), Clock.systemUTC())
                    .toCompletableFuture()
                    .join();
            NodeEnd.onDoorsClose(
                    system, "http", () -> http.terminate(REQUESTS_PATIENCE).thenApply(_ -> Done.getInstance()));
            RunInfo info = node.runInfo()
                    .withDoors(
                            grpcAddress, OpenAiDoor.address(http), socket.path().toString(), tokenFile.toString());
            facts.opened(info);
            info.write(home);
        } catch (IOException e) {
            throw new NodeRefused("the doors cannot be opened: " + e.getMessage(), e);
        } catch (CompletionException e) {
            throw new NodeRefused(
                    "the doors cannot be opened: "
                            + (e.getCause() == null
                                    ? e.getMessage()
                                    : e.getCause().getMessage()),
                    e);
        }
    }

    private static void onEnd(ActorSystem<NodeGuardian.Command> system, Home home, NodeGuardian.Begun parts) {
        NodeEnd.onDoorsClose(system, "run-file", () -> {
            try {
                Files.deleteIfExists(home.runFile());
            } catch (IOException e) {
                LOG.warn("{} was not removed: {}", home.runFile(), e.getMessage());
            }
            return done();
        });
        NodeEnd.onWorkStops(system, "workspaces", () -> stopWatching(system));
        NodeEnd.onLakesFlush(
                system,
                "lakes",
                () -> parts.lakesHere().close().thenApply(done -> {
                    parts.dragon().ifPresent(Node::close);
                    return done;
                }));
    }

    private static CompletionStage<Done> stopWatching(ActorSystem<NodeGuardian.Command> system) {
        CompletionStage<Done> stopped =
                AskPattern.ask(system, NodeGuardian.StopWatching::new, REQUESTS_PATIENCE, system.scheduler());
        return stopped.exceptionally(failure -> {
            LOG.warn("the watchers did not end in time: {}", failure.getMessage());
            return Done.getInstance();
        });
    }

    private static void close(LakeFiles lakeFiles) {
        try {
            lakeFiles.close();
        } catch (JournalRefused e) {
            LOG.warn("the journal was not closed: {}", e.getMessage());
        }
    }

    private static void close(Dragon dragon) {
        try {
            dragon.close();
        } catch (JournalRefused e) {
            LOG.warn("the journal was not closed: {}", e.getMessage());
        }
    }

    private static void close(SocketDoor socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.warn("the socket was not closed: {}", e.getMessage());
        }
    }

    private static CompletionStage<Done> done() {
        return CompletableFuture.completedFuture(Done.getInstance());
    }
}
