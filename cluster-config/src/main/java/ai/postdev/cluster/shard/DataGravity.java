package ai.postdev.cluster.shard;

import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.ClusterFacts.HeldProject;
import ai.postdev.actors.protocol.ClusterFacts.NodeFacts;
import ai.postdev.actors.wire.WireMessage;
import ai.postdev.cluster.FactBuckets;
import ai.postdev.cluster.NodeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.ddata.Key;
import org.apache.pekko.cluster.ddata.LWWMap;
import org.apache.pekko.cluster.ddata.typed.javadsl.DistributedData;
import org.apache.pekko.cluster.ddata.typed.javadsl.Replicator;
import org.apache.pekko.cluster.sharding.ShardCoordinator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.immutable.IndexedSeq;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;

/**
 * Places each shard, which is the lake of one project, by {@link Placement}. Runs at the node that coordinates the shards;
 * what nodes hold and how busy they are is read from Distributed Data, who they are from membership.
 */
final class DataGravity extends ShardCoordinator.AbstractShardAllocationStrategy {
    /** How long a majority may take to say what it knows; after that this node's own knowledge decides. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(DataGravity.class);

    private final ActorSystem<?> system;
    /** Projects that run nowhere now, and the reason last logged; at most one entry for each project of the cluster. */
    private final Map<String, String> waiting = new ConcurrentHashMap<>();

    DataGravity(ActorSystem<?> system) {
        this.system = system;
    }

    @Override
    public Future<ActorRef> allocateShard(
            ActorRef requester, String shardId, Map<ActorRef, IndexedSeq<String>> currentShardAllocations) {
        Map<Address, ActorRef> regions = new HashMap<>();
        currentShardAllocations.keySet().forEach(region -> regions.put(address(region), region));
        return FutureConverters.asScala(read(List.of(FactBuckets.held(new ProjectId(shardId))))
                .thenCombine(read(FactBuckets.nodes()), (held, nodes) -> {
                    List<Origin> holders = held.stream()
                            .filter(fact -> fact instanceof HeldProject h
                                    && h.project().value().equals(shardId))
                            .map(fact -> ((HeldProject) fact).node())
                            .toList();
                    Map<Origin, Address> members = members();
                    return switch (Placement.decide(
                            holders, members, regions.keySet(), address(requester), free(nodes, members))) {
                        case Placement.Decision.On(Address node) -> {
                            waiting.remove(shardId);
                            yield regions.get(node);
                        }
                        case Placement.Decision.Nowhere(String reason) -> nowhere(shardId, reason);
                    };
                }));
    }

    /**
     * No region at all: the coordinator sees that it is none of its regions and lets the callers ask again. A failure
     * would do the same, with an error and a stack trace in the log each time.
     */
    private ActorRef nowhere(String shardId, String reason) {
        if (!reason.equals(waiting.put(shardId, reason))) {
            LOG.info("the lake of {} cannot be opened yet: {}", shardId, reason);
        }
        return system.classicSystem().deadLetters();
    }

    /** Data does not move by itself, so neither do the lakes that lie on it. */
    @Override
    public Future<Set<String>> rebalance(
            Map<ActorRef, IndexedSeq<String>> currentShardAllocations, Set<String> rebalanceInProgress) {
        return Future.successful(Set.of());
    }

    private Address address(ActorRef region) {
        Address address = region.path().address();
        return address.hasLocalScope() ? Cluster.get(system.classicSystem()).selfAddress() : address;
    }

    private Map<Origin, Address> members() {
        Map<Origin, Address> members = new HashMap<>();
        for (Member member : Cluster.get(system.classicSystem()).state().getMembers()) {
            if (member.status() == MemberStatus.up() || member.status() == MemberStatus.weaklyUp()) {
                NodeSettings.nodeId(member.getRoles()).ifPresent(id -> members.put(id, member.address()));
            }
        }
        return members;
    }

    private static Map<Address, Long> free(List<WireMessage> nodes, Map<Origin, Address> members) {
        return nodes.stream()
                .filter(fact -> fact instanceof NodeFacts facts && members.containsKey(facts.node()))
                .map(NodeFacts.class::cast)
                .collect(Collectors.toMap(
                        facts -> members.get(facts.node()), NodeFacts::freeMemoryBytes, (one, _) -> one));
    }

    private CompletionStage<List<WireMessage>> read(List<Key<LWWMap<String, WireMessage>>> buckets) {
        CompletionStage<List<WireMessage>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (Key<LWWMap<String, WireMessage>> bucket : buckets) {
            all = all.thenCombine(read(bucket), (found, more) -> {
                found.addAll(more);
                return found;
            });
        }
        return all;
    }

    private CompletionStage<List<WireMessage>> read(Key<LWWMap<String, WireMessage>> bucket) {
        return ask(bucket, new Replicator.ReadMajority(READ_TIMEOUT))
                .thenCompose(answer -> answer instanceof Replicator.GetFailure<?>
                        ? ask(bucket, Replicator.readLocal())
                        : CompletableFuture.completedFuture(answer))
                .thenApply(answer -> answer instanceof Replicator.GetSuccess<LWWMap<String, WireMessage>> success
                        ? List.copyOf(success.get(bucket).getEntries().values())
                        : List.of());
    }

    private CompletionStage<Replicator.GetResponse<LWWMap<String, WireMessage>>> ask(
            Key<LWWMap<String, WireMessage>> bucket, Replicator.ReadConsistency consistency) {
        return AskPattern.ask(
                DistributedData.get(system).replicator(),
                replyTo -> new Replicator.Get<>(bucket, consistency, replyTo),
                READ_TIMEOUT.multipliedBy(3),
                system.scheduler());
    }
}
