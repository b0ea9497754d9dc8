package ai.postdev.cluster;

import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.ClusterFacts;
import ai.postdev.actors.wire.WireMessage;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pekko.cluster.ddata.Key;
import org.apache.pekko.cluster.ddata.LWWMap;
import org.apache.pekko.cluster.ddata.LWWMapKey;

/**
 * Where {@link ClusterFacts} lie in Distributed Data. Each kind is split into maps by a hash of the key: a map travels
 * whole when much changes at once, and one map of everything is quadratic in its size.
 */
public final class FactBuckets {
    private static final List<Key<LWWMap<String, WireMessage>>> NODES = buckets("postdevai-nodes-", 4);
    private static final List<Key<LWWMap<String, WireMessage>>> HELD = buckets("postdevai-held-", 32);

    private FactBuckets() {}

    /** All maps of {@link ClusterFacts.NodeFacts}; the key is the node's id. */
    public static List<Key<LWWMap<String, WireMessage>>> nodes() {
        return NODES;
    }

    /** All maps of {@link ClusterFacts.HeldProject}; the key is {@link #heldKey}. */
    public static List<Key<LWWMap<String, WireMessage>>> held() {
        return HELD;
    }

    /** The map with the facts of a node. */
    public static Key<LWWMap<String, WireMessage>> nodes(Origin node) {
        return NODES.get(Math.floorMod(node.value().hashCode(), NODES.size()));
    }

    /** The map with all holders of a project. */
    public static Key<LWWMap<String, WireMessage>> held(ProjectId project) {
        return HELD.get(Math.floorMod(project.value().hashCode(), HELD.size()));
    }

    /** The node is part of the key, so that every entry has one writer. */
    public static String heldKey(ProjectId project, Origin node) {
        return project.value() + "@" + node.value();
    }

    private static List<Key<LWWMap<String, WireMessage>>> buckets(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(bucket -> LWWMapKey.<String, WireMessage>create(prefix + bucket))
                .toList();
    }
}
