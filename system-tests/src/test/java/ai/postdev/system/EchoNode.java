package ai.postdev.system;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.ClusterFacts.HeldProject;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.cluster.Home;
import ai.postdev.cluster.HomeLock;
import ai.postdev.cluster.NodeBootstrap;
import ai.postdev.cluster.NodeRefused;
import ai.postdev.cluster.NodeSettings;
import ai.postdev.cluster.RunningNode;
import ai.postdev.cluster.shard.LakeShards;
import ai.postdev.coordinator.registry.Capabilities;
import ai.postdev.coordinator.registry.ClusterView;
import ai.postdev.v1.Hit;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A real node without a lake's stores: it starts, joins, places and calls as the product does, in a tenth of the memory.
 * Its lakes answer a search with the id of the node they run on. HTTP on loopback: {@code /search/PROJECT},
 * {@code /announce/PROJECT}, {@code /holder/PROJECT}, {@code /id}.
 */
final class EchoNode {
    private static final Duration PATIENCE = Duration.ofSeconds(100);

    private EchoNode() {}

    public static void main(String[] arguments) throws IOException {
        Home home = Home.locate();
        RunningNode<Void> node;
        try {
            HomeLock lock = home.lock();
            node = NodeBootstrap.start(lock, NodeSettings.load(home, Map.of()), Behaviors.empty());
        } catch (NodeRefused refused) {
            System.err.println("postdevai: " + refused.getMessage());
            Runtime.getRuntime().halt(4);
            return;
        }
        String id = node.settings().id().value();
        LakeShards lakes = LakeShards.init(node.system(), _ -> lake(id));
        ActorRef<Capabilities.Command> capabilities =
                node.system().systemActorOf(Capabilities.create(node.settings()), "capabilities", Props.empty());
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/id", exchange -> answer(exchange, 200, id));
        http.createContext("/announce/", exchange -> {
            capabilities.tell(new Capabilities.Announce(new ProjectId(last(exchange)), last(exchange), List.of()));
            answer(exchange, 200, id);
        });
        http.createContext("/holder/", exchange -> {
            ClusterView view = AskPattern.ask(
                            capabilities,
                            Capabilities.View::new,
                            PATIENCE,
                            node.system().scheduler())
                    .toCompletableFuture()
                    .join();
            List<HeldProject> holders = view.projects().getOrDefault(new ProjectId(last(exchange)), List.of());
            answer(
                    exchange,
                    200,
                    holders.isEmpty() ? "" : holders.getFirst().node().value());
        });
        http.createContext("/search/", exchange -> search(exchange, lakes));
        http.start();
        node.runInfo()
                .withDoors("", "127.0.0.1:" + http.getAddress().getPort(), "", "")
                .write(home);
    }

    private static void search(HttpExchange exchange, LakeShards lakes) throws IOException {
        try {
            Reply<SearchAnswer> reply = lakes.lake(new ProjectId(last(exchange)))
                    .<Reply<SearchAnswer>>ask(
                            replyTo -> new LakeProtocol.Search(
                                    SearchRequest.newBuilder().setQuery("where").build(), replyTo),
                            PATIENCE)
                    .toCompletableFuture()
                    .join();
            answer(
                    exchange,
                    200,
                    ((Reply.Answered<SearchAnswer>) reply).answer().getHits(0).getPath());
        } catch (CompletionException e) {
            answer(exchange, 503, e.toString());
        }
    }

    private static String last(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static Behavior<LakeProtocol.Command> lake(String node) {
        return Behaviors.receiveMessage(command -> switch (command) {
            case LakeProtocol.Search search -> {
                search.replyTo()
                        .tell(new Reply.Answered<>(SearchAnswer.newBuilder()
                                .addHits(Hit.newBuilder().setPath(node))
                                .build()));
                yield Behaviors.same();
            }
            case LakeProtocol.Passivate.INSTANCE -> Behaviors.stopped();
            default -> Behaviors.unhandled();
        });
    }
}
