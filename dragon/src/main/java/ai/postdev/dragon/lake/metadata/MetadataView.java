package ai.postdev.dragon.lake.metadata;

import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.NodeKey;
import ai.postdev.actors.op.Origin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * The graph and the settings as they were known at one moment. Immutable; any thread. {@code asOf} asks what was valid
 * at a time, of all that this view knows. Answers come from memory but may take milliseconds: not for an actor's thread.
 */
public final class MetadataView {
    /** Any edge type, in {@link #neighbours}. */
    public static final String ANY = "";
    /** A time after every other: what is valid and not limited to the past. */
    public static final Instant NOW = Instant.ofEpochMilli(Long.MAX_VALUE);

    private final GraphColumns graph;
    private final GraphColumns.Bounds bounds;
    private final Map<String, List<SettingValue>> settings;
    private final int cochangeFilesMax;
    private final long beyondBound;
    private final long memoryBytes;
    private volatile Map<String, Integer> touchCounts;

    MetadataView(
            GraphColumns graph,
            GraphColumns.Bounds bounds,
            Map<String, List<SettingValue>> settings,
            int cochangeFilesMax,
            long beyondBound,
            long memoryBytes) {
        this.graph = graph;
        this.bounds = bounds;
        this.settings = settings;
        this.cochangeFilesMax = cochangeFilesMax;
        this.beyondBound = beyondBound;
        this.memoryBytes = memoryBytes;
    }

    /** Which edges of a node are meant. */
    public enum Direction {
        /** From the node to others. */
        OUT,
        /** From others to the node. */
        IN,
        /** Either. */
        BOTH
    }

    /** A node and what is known of it. */
    public record Node(NodeKey key, long validFromMillis, Map<String, String> attributes) {}

    /**
     * An edge seen from one of its ends.
     *
     * @param other the far end
     * @param outgoing whether the edge leads to {@code other}
     */
    public record Neighbour(
            NodeKey other, String type, boolean outgoing, long validFromMillis, Map<String, String> attributes) {}

    /**
     * A file that changes together with another.
     *
     * @param commits how many commits touched both
     * @param share of the commits of the rarer of the two files, 0 to 1
     */
    public record Cochange(String path, int commits, double share) {}

    /** A node, if it was put or derived and not removed; one that only edges mention is not. */
    public Optional<Node> node(NodeKey key) {
        return node(key, NOW);
    }

    /** Whether a node is known, be it only as an end of an edge, now or ever. */
    public boolean holds(NodeKey key) {
        return graph.findNode(key, bounds) >= 0;
    }

    /** A node as it was. */
    public Optional<Node> node(NodeKey key, Instant asOf) {
        int row = graph.findNode(key, bounds);
        int version = row < 0 ? -1 : graph.nodeAt(row, asOf.toEpochMilli(), bounds);
        return version < 0
                ? Optional.empty()
                : Optional.of(new Node(key, graph.validFrom(version), graph.attributes(version)));
    }

    /**
     * The edges of a node that were valid at a time, the latest first.
     *
     * @param edgeType {@link #ANY} or one type
     */
    public List<Neighbour> neighbours(NodeKey node, String edgeType, Direction direction, Instant asOf, int limit) {
        int row = graph.findNode(node, bounds);
        int type = edgeType.equals(ANY) ? -1 : graph.findType(edgeType, bounds);
        if (row < 0 || (type < 0 && !edgeType.equals(ANY))) {
            return List.of();
        }
        List<Neighbour> found = new ArrayList<>();
        if (direction != Direction.IN) {
            graph.eachOut(row, bounds, edge -> add(found, edge, type, true, asOf));
        }
        if (direction != Direction.OUT) {
            graph.eachIn(row, bounds, edge -> add(found, edge, type, false, asOf));
        }
        found.sort(Comparator.comparingLong(Neighbour::validFromMillis)
                .reversed()
                .thenComparing(Neighbour::type)
                .thenComparing(n -> n.other().type())
                .thenComparing(n -> n.other().key()));
        return List.copyOf(found.subList(0, Math.min(Math.max(0, limit), found.size())));
    }

    private boolean add(List<Neighbour> found, int edge, int type, boolean outgoing, Instant asOf) {
        if (type < 0 || graph.edgeType(edge) == type) {
            int version = graph.edgeAt(edge, asOf.toEpochMilli(), bounds);
            if (version >= 0) {
                found.add(new Neighbour(
                        graph.key(outgoing ? graph.edgeTo(edge) : graph.edgeFrom(edge)),
                        graph.type(graph.edgeType(edge)),
                        outgoing,
                        graph.validFrom(version),
                        graph.attributes(version)));
            }
        }
        return true;
    }

    /**
     * One edge of a path.
     *
     * @param to the node that it leads to on this path
     * @param outgoing whether the edge itself leads to {@code to}
     * @param origin the node that wrote it
     * @param recorded when it was written
     */
    public record Step(
            NodeKey to,
            String type,
            boolean outgoing,
            long validFromMillis,
            Map<String, String> attributes,
            Origin origin,
            HybridTime recorded) {}

    /**
     * How two nodes hang together.
     *
     * @param steps from the first to the second; empty: there is no such path within the bounds, or both are one
     * @param connected whether there is a path
     * @param complete false: the bound on edges ended the search, and there may be a path after all
     */
    public record Connection(List<Step> steps, boolean connected, boolean complete) {}

    /**
     * The shortest way from one node to another along edges that were valid at a time, in either direction.
     *
     * @param stepsMax edges of a path
     * @param edgesMax edges looked at
     */
    public Connection connection(NodeKey from, NodeKey to, Instant asOf, int stepsMax, int edgesMax) {
        int fromRow = graph.findNode(from, bounds);
        int toRow = graph.findNode(to, bounds);
        if (fromRow < 0 || toRow < 0) {
            return new Connection(List.of(), false, true);
        }
        ShortestPath search = new ShortestPath(graph, bounds, asOf.toEpochMilli(), edgesMax);
        Optional<List<ShortestPath.Hop>> path = search.find(fromRow, toRow, stepsMax);
        return new Connection(
                path.orElse(List.of()).stream().map(this::step).toList(), path.isPresent(), !search.cut());
    }

    private Step step(ShortestPath.Hop hop) {
        return new Step(
                graph.key(hop.to()),
                graph.type(graph.edgeType(hop.edge())),
                graph.edgeTo(hop.edge()) == hop.to(),
                graph.validFrom(hop.version()),
                graph.attributes(hop.version()),
                graph.origin(hop.version()),
                graph.recorded(hop.version()));
    }

    /** The commits that touched a file, newest first. */
    public List<Node> touching(String path, int limit) {
        return neighbours(new NodeKey(MetadataEngine.FILE, path), MetadataEngine.TOUCHES, Direction.IN, NOW, limit)
                .stream()
                .map(edge ->
                        node(edge.other()).orElseGet(() -> new Node(edge.other(), edge.validFromMillis(), Map.of())))
                .toList();
    }

    /** How many commits touched a file. */
    public int touchCount(String path) {
        return touchCounts().getOrDefault(path, 0);
    }

    /** For each file that a commit touched, by how many. Computed once for each view. */
    public Map<String, Integer> touchCounts() {
        Map<String, Integer> counts = touchCounts;
        if (counts == null) {
            counts = countTouches();
            touchCounts = counts;
        }
        return counts;
    }

    private Map<String, Integer> countTouches() {
        int touches = graph.findType(MetadataEngine.TOUCHES, bounds);
        int[] counts = new int[bounds.nodes()];
        for (int edge = 0; edge < bounds.edges() && touches >= 0; edge++) {
            if (graph.edgeType(edge) == touches && graph.edgeAt(edge, Long.MAX_VALUE, bounds) >= 0) {
                counts[graph.edgeTo(edge)]++;
            }
        }
        Map<String, Integer> named = new HashMap<>();
        for (int node = 0; node < counts.length; node++) {
            if (counts[node] > 0) {
                named.put(graph.key(node).key(), counts[node]);
            }
        }
        return Map.copyOf(named);
    }

    /**
     * The files that commits touch together with a file, most often first. Commits that touch very many files are left
     * out: they say nothing about which files belong together.
     */
    public List<Cochange> changesWith(String path, int limit) {
        int file = graph.findNode(new NodeKey(MetadataEngine.FILE, path), bounds);
        int touches = graph.findType(MetadataEngine.TOUCHES, bounds);
        if (file < 0 || touches < 0) {
            return List.of();
        }
        Map<Integer, Integer> together = new HashMap<>();
        int[] considered = {0};
        graph.eachIn(file, bounds, valid(touches, edge -> {
            List<Integer> files = new ArrayList<>();
            graph.eachOut(graph.edgeFrom(edge), bounds, valid(touches, other -> {
                files.add(graph.edgeTo(other));
                return files.size() <= cochangeFilesMax;
            }));
            if (files.size() <= cochangeFilesMax) {
                considered[0]++;
                files.stream().filter(other -> other != file).forEach(other -> together.merge(other, 1, Integer::sum));
            }
            return true;
        }));
        return together.entrySet().stream()
                .map(e -> cochange(e.getKey(), e.getValue(), considered[0]))
                .sorted(Comparator.comparingInt(Cochange::commits).reversed().thenComparing(Cochange::path))
                .limit(limit)
                .toList();
    }

    private Cochange cochange(int other, int commits, int considered) {
        String path = graph.key(other).key();
        int rarer = Math.max(commits, Math.min(considered, touchCount(path)));
        return new Cochange(path, commits, (double) commits / rarer);
    }

    private IntPredicate valid(int type, IntPredicate then) {
        return edge ->
                graph.edgeType(edge) != type || graph.edgeAt(edge, Long.MAX_VALUE, bounds) < 0 || then.test(edge);
    }

    /** The value of a setting; empty if it was never set or was removed. */
    public Optional<String> setting(String key) {
        return settingHistory(key).stream().findFirst().map(SettingValue::value).filter(value -> !value.isEmpty());
    }

    /** The values that a setting was given, the one in force first, then those that lost or were replaced. */
    public List<SettingValue> settingHistory(String key) {
        return settings.getOrDefault(key, List.of());
    }

    /** Settings in force. */
    public Map<String, String> settings() {
        Map<String, String> values = new HashMap<>();
        settings.keySet().forEach(key -> setting(key).ifPresent(value -> values.put(key, value)));
        return values;
    }

    /** Nodes ever mentioned, the ends of edges included. */
    public long nodeCount() {
        return bounds.nodes();
    }

    /** Edges ever put. */
    public long edgeCount() {
        return bounds.edges();
    }

    /** Additions that were not taken into memory because a bound was reached. */
    public long beyondBound() {
        return beyondBound;
    }

    /** Bytes of memory that the engine held when the view was made. */
    public long memoryBytes() {
        return memoryBytes;
    }
}
