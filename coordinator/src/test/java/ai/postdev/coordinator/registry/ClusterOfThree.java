package ai.postdev.coordinator.registry;

import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.cluster.Home;
import ai.postdev.cluster.HomeLock;
import ai.postdev.cluster.NodeBootstrap;
import ai.postdev.cluster.NodeEnd;
import ai.postdev.cluster.NodeSettings;
import ai.postdev.cluster.RunningNode;
import ai.postdev.cluster.shard.LakeShards;
import ai.postdev.v1.Hit;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.ShowAnswer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Real nodes in this process, each with a home of its own and one shared CA. Their lakes answer with where they run. */
final class ClusterOfThree implements AutoCloseable {
    /**
     * One node.
     *
     * @param capabilities its registry
     */
    record Node(RunningNode<Void> running, ActorRef<Capabilities.Command> capabilities, LakeShards lakes) {}

    final List<Node> nodes = new ArrayList<>();

    ClusterOfThree(Path directory, String... roles) {
        Home first = null;
        for (String role : roles) {
            Home home = Home.at(directory.resolve("node-" + nodes.size()));
            Map<String, Object> settings = new HashMap<>();
            settings.put("postdevai.node.roles", role);
            settings.put("postdevai.node.exit-jvm", "off");
            settings.put("postdevai.cluster.first-port", 0);
            if (first != null) {
                settings.put(
                        "postdevai.cluster.join", nodes.getFirst().running().cluster());
                settings.put("postdevai.cluster.trust-dir", first.keys().toString());
            }
            HomeLock lock = home.lock();
            RunningNode<Void> running = NodeBootstrap.start(lock, NodeSettings.load(home, settings), Behaviors.empty());
            String id = running.settings().id().value();
            nodes.add(new Node(
                    running,
                    running.system()
                            .systemActorOf(
                                    Capabilities.create(running.settings()),
                                    "capabilities",
                                    org.apache.pekko.actor.typed.Props.empty()),
                    LakeShards.init(running.system(), entity -> lake(id))));
            first = first == null ? home : first;
        }
    }

    /** A lake that tells where it runs: enough to see that placing and calling work. */
    private static Behavior<LakeProtocol.Command> lake(String node) {
        return Behaviors.receiveMessage(command -> switch (command) {
            case LakeProtocol.Search search -> {
                search.replyTo()
                        .tell(new Reply.Answered<>(SearchAnswer.newBuilder()
                                .setQuery(search.request().getQuery())
                                .addHits(Hit.newBuilder().setPath(node))
                                .build()));
                yield Behaviors.same();
            }
            case LakeProtocol.Show show -> {
                show.replyTo()
                        .tell(new Reply.Answered<>(ShowAnswer.newBuilder()
                                .setText("x"
                                        .repeat(Integer.parseInt(show.request().getPath())))
                                .build()));
                yield Behaviors.same();
            }
            case LakeProtocol.Append append -> {
                long bytes = append.blobs().stream()
                        .mapToLong(blob -> blob.text().length)
                        .sum();
                append.replyTo()
                        .tell(new Reply.Answered<>(new LakeProtocol.Appended(
                                new Origin(node), bytes, HybridTime.ZERO, VersionVector.EMPTY)));
                yield Behaviors.same();
            }
            case LakeProtocol.Passivate.INSTANCE -> Behaviors.stopped();
            default -> Behaviors.unhandled();
        });
    }

    Node node(int index) {
        return nodes.get(index);
    }

    String id(int index) {
        return nodes.get(index).running().settings().id().value();
    }

    @Override
    public void close() throws Exception {
        for (Node node : nodes.reversed()) {
            NodeEnd.begin(node.running().system()).toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
    }
}
