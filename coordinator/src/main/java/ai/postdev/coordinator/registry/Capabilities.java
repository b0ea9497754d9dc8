package ai.postdev.coordinator.registry;

import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.ClusterFacts.Checkout;
import ai.postdev.actors.protocol.ClusterFacts.HeldProject;
import ai.postdev.actors.protocol.ClusterFacts.NodeFacts;
import ai.postdev.actors.wire.WireMessage;
import ai.postdev.cluster.FactBuckets;
import ai.postdev.cluster.NodeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.ddata.Key;
import org.apache.pekko.cluster.ddata.LWWMap;
import org.apache.pekko.cluster.ddata.SelfUniqueAddress;
import org.apache.pekko.cluster.ddata.typed.javadsl.DistributedData;
import org.apache.pekko.cluster.ddata.typed.javadsl.Replicator;
import org.apache.pekko.cluster.ddata.typed.javadsl.ReplicatorMessageAdapter;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Tells all nodes what this one holds and can do, and keeps the {@link ClusterView} of what the others say. One on each
 * node.
 */
public final class Capabilities extends AbstractBehavior<Capabilities.Command> {
    /** What the registry understands. */
    public sealed interface Command {}

    /** This node holds the lake of a project, with these folders; replaces what was announced of it before. */
    public record Announce(ProjectId project, String name, List<Checkout> checkouts) implements Command {
        public Announce {
            checkouts = List.copyOf(checkouts);
        }
    }

    /** This node no longer holds a project: it was forgotten. */
    public record Withdraw(ProjectId project) implements Command {}

    /** The models that this node can serve now. */
    public record Serve(List<String> models) implements Command {
        public Serve {
            models = List.copyOf(models);
        }
    }

    /** Asks for the cluster as it is known now. */
    public record View(ActorRef<ClusterView> replyTo) implements Command {}

    /** Tells {@code subscriber} the view now and whenever it changes, until that actor ends. */
    public record Follow(ActorRef<ClusterView> subscriber) implements Command {}

    private record Unfollow(ActorRef<ClusterView> subscriber) implements Command {}

    private record ClusterChanged(ClusterEvent.ClusterDomainEvent event) implements Command {}

    private record FactsChanged(Replicator.SubscribeResponse<LWWMap<String, WireMessage>> response)
            implements Command {}

    private record Told(Replicator.UpdateResponse<LWWMap<String, WireMessage>> response) implements Command {}

    private enum Tick implements Command {
        INSTANCE
    }

    /** How long a majority may take to know of a new project; it goes on spreading after that. */
    private static final Duration TELL_TIMEOUT = Duration.ofSeconds(3);

    private final NodeSettings settings;
    private final ReplicatorMessageAdapter<Command, LWWMap<String, WireMessage>> replicator;
    private final SelfUniqueAddress self;

    private final Map<UniqueAddress, Member> members = new HashMap<>();
    private final Set<UniqueAddress> unreachable = new HashSet<>();
    private String leader = "";
    private final Map<String, Map<String, WireMessage>> facts = new HashMap<>();

    private final Map<ProjectId, HeldProject> own = new TreeMap<>();
    /** Withdrawn here, and perhaps not yet gone from what Distributed Data shows; a project forgotten is one entry. */
    private final Set<ProjectId> withdrawn = new HashSet<>();

    private final Set<ActorRef<ClusterView>> followers = new HashSet<>();
    private List<String> models = List.of();
    private Optional<Load> told = Optional.empty();
    private ClusterView view;

    /** The registry of a node that is a member of its cluster. */
    public static Behavior<Command> create(NodeSettings settings) {
        return Behaviors.setup(context ->
                DistributedData.<Command, LWWMap<String, WireMessage>>withReplicatorMessageAdapter(replicator ->
                        Behaviors.withTimers(timers -> new Capabilities(context, timers, replicator, settings))));
    }

    private Capabilities(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            ReplicatorMessageAdapter<Command, LWWMap<String, WireMessage>> replicator,
            NodeSettings settings) {
        super(context);
        this.settings = settings;
        this.replicator = replicator;
        this.self = DistributedData.get(context.getSystem()).selfUniqueAddress();
        this.view = new ClusterView(settings.id(), "", List.of(), Map.of());
        Cluster.get(context.getSystem())
                .subscriptions()
                .tell(Subscribe.create(
                        context.messageAdapter(ClusterEvent.ClusterDomainEvent.class, ClusterChanged::new),
                        ClusterEvent.ClusterDomainEvent.class));
        FactBuckets.nodes().forEach(bucket -> replicator.subscribe(bucket, FactsChanged::new));
        FactBuckets.held().forEach(bucket -> replicator.subscribe(bucket, FactsChanged::new));
        timers.startTimerWithFixedDelay(Tick.INSTANCE, Duration.ZERO, settings.loadInterval());
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::on).build();
    }

    private Behavior<Command> on(Command command) {
        switch (command) {
            case Announce announce -> onAnnounce(announce);
            case Withdraw(ProjectId project) -> onWithdraw(project);
            case Serve(List<String> served) -> {
                models = served;
                tellNode(Load.now());
            }
            case View(ActorRef<ClusterView> replyTo) -> replyTo.tell(view);
            case Follow(ActorRef<ClusterView> subscriber) -> onFollow(subscriber);
            case Unfollow(ActorRef<ClusterView> subscriber) -> followers.remove(subscriber);
            case ClusterChanged(ClusterEvent.ClusterDomainEvent event) -> onClusterChanged(event);
            case FactsChanged(Replicator.SubscribeResponse<LWWMap<String, WireMessage>> response) ->
                onFactsChanged(response);
            case Told(Replicator.UpdateResponse<LWWMap<String, WireMessage>> response) -> onTold(response);
            case Tick.INSTANCE -> onTick();
        }
        return this;
    }

    private void onAnnounce(Announce announce) {
        HeldProject held = new HeldProject(announce.project(), settings.id(), announce.name(), announce.checkouts());
        if (held.equals(own.put(announce.project(), held))) {
            return;
        }
        withdrawn.remove(announce.project());
        refresh();
        // A majority, because the node that places lakes may be another one and must know at once.
        tell(
                FactBuckets.held(announce.project()),
                new Replicator.WriteMajority(TELL_TIMEOUT),
                map -> map.put(self, FactBuckets.heldKey(announce.project(), settings.id()), held));
        tellNode(Load.now());
    }

    private void onWithdraw(ProjectId project) {
        own.remove(project);
        withdrawn.add(project);
        refresh();
        // Also what a registry before this one announced: a restart forgets what is its own, the cluster does not.
        tell(
                FactBuckets.held(project),
                new Replicator.WriteMajority(TELL_TIMEOUT),
                map -> map.remove(self, FactBuckets.heldKey(project, settings.id())));
        tellNode(Load.now());
    }

    private void onFollow(ActorRef<ClusterView> subscriber) {
        if (followers.add(subscriber)) {
            getContext().watchWith(subscriber, new Unfollow(subscriber));
        }
        subscriber.tell(view);
    }

    private void onTick() {
        Load now = Load.now();
        // An idle machine says nothing: what it said before is still true.
        if (told.isEmpty() || now.differs(told.get())) {
            tellNode(now);
        }
    }

    private void tellNode(Load load) {
        told = Optional.of(load);
        NodeFacts node = new NodeFacts(
                settings.id(),
                settings.version(),
                models,
                load.processors(),
                load.cpu(),
                load.memoryBytes(),
                load.freeMemoryBytes(),
                own.size(),
                System.currentTimeMillis());
        tell(
                FactBuckets.nodes(settings.id()),
                Replicator.writeLocal(),
                map -> map.put(self, settings.id().value(), node));
    }

    private void tell(
            Key<LWWMap<String, WireMessage>> bucket,
            Replicator.WriteConsistency consistency,
            java.util.function.Function<LWWMap<String, WireMessage>, LWWMap<String, WireMessage>> change) {
        replicator.askUpdate(
                replyTo -> new Replicator.Update<>(bucket, LWWMap.empty(), consistency, replyTo, change), Told::new);
    }

    private void onTold(Replicator.UpdateResponse<LWWMap<String, WireMessage>> response) {
        if (response instanceof Replicator.UpdateTimeout<?>) {
            getContext()
                    .getLog()
                    .info(
                            "{} is not yet known to a majority of the nodes; it goes on spreading",
                            response.key().id());
        } else if (!(response instanceof Replicator.UpdateSuccess<?>)) {
            getContext()
                    .getLog()
                    .warn(
                            "{} could not be told to the cluster: {}",
                            response.key().id(),
                            response);
        }
    }

    private void onFactsChanged(Replicator.SubscribeResponse<LWWMap<String, WireMessage>> response) {
        if (response instanceof Replicator.Changed<LWWMap<String, WireMessage>> changed) {
            facts.put(changed.key().id(), changed.dataValue().getEntries());
        } else {
            facts.remove(response.key().id());
        }
        refresh();
    }

    private void onClusterChanged(ClusterEvent.ClusterDomainEvent event) {
        // The events are Pekko's and not sealed: those that say nothing about the view pass.
        if (event instanceof ClusterEvent.MemberEvent change) {
            Member member = change.member();
            if (member.status() == MemberStatus.removed()) {
                members.remove(member.uniqueAddress());
                unreachable.remove(member.uniqueAddress());
            } else {
                members.put(member.uniqueAddress(), member);
            }
        } else if (event instanceof ClusterEvent.UnreachableMember change) {
            unreachable.add(change.member().uniqueAddress());
        } else if (event instanceof ClusterEvent.ReachableMember change) {
            unreachable.remove(change.member().uniqueAddress());
        } else if (event instanceof ClusterEvent.LeaderChanged change) {
            leader = Optional.ofNullable(change.getLeader())
                    .map(Capabilities::hostPort)
                    .orElse("");
        } else {
            return;
        }
        refresh();
    }

    private void refresh() {
        Map<Origin, NodeFacts> byNode = new HashMap<>();
        Map<ProjectId, List<HeldProject>> projects = new HashMap<>();
        for (Map<String, WireMessage> bucket : facts.values()) {
            for (WireMessage fact : bucket.values()) {
                if (fact instanceof NodeFacts node) {
                    byNode.put(node.node(), node);
                } else if (fact instanceof HeldProject held && !known(held)) {
                    projects.computeIfAbsent(held.project(), _ -> new ArrayList<>())
                            .add(held);
                }
            }
        }
        // What this node says of itself is true at once, whenever it comes back from Distributed Data.
        own.forEach((project, held) ->
                projects.computeIfAbsent(project, _ -> new ArrayList<>()).add(held));
        projects.values().forEach(holders -> holders.sort(Comparator.comparing(HeldProject::node)));
        List<ClusterView.NodeView> nodes = members.values().stream()
                .map(member -> node(member, byNode))
                .sorted(Comparator.comparing(ClusterView.NodeView::address))
                .toList();
        ClusterView fresh = new ClusterView(settings.id(), leader, nodes, projects);
        if (!fresh.equals(view)) {
            view = fresh;
            followers.forEach(follower -> follower.tell(fresh));
        }
    }

    /** Whether this node knows better, because the fact is its own. */
    private boolean known(HeldProject held) {
        return held.node().equals(settings.id())
                && (own.containsKey(held.project()) || withdrawn.contains(held.project()));
    }

    private ClusterView.NodeView node(Member member, Map<Origin, NodeFacts> byNode) {
        Optional<Origin> id = NodeSettings.nodeId(member.getRoles());
        return new ClusterView.NodeView(
                id,
                hostPort(member.address()),
                member.status().toString(),
                NodeSettings.roles(member.getRoles()),
                !unreachable.contains(member.uniqueAddress()),
                id.map(byNode::get));
    }

    private static String hostPort(Address address) {
        return address.getHost().orElse("?") + ":" + address.getPort().orElse(0);
    }
}
