package ai.postdev.dragon.lake.metadata;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A shortest path between two nodes over the edges that were valid at a time, either way along each edge: breadth first
 * from both ends, always from the end with fewer nodes to go on from. Of equally short paths the one whose nodes come
 * first by type and key, the same on every replica. One use; one thread.
 *
 * <p>Source of the algorithm: Pohl, "Bi-directional Search", Machine Intelligence 6, 1971.
 */
final class ShortestPath {
    private final GraphColumns graph;
    private final GraphColumns.Bounds bounds;
    private final long asOf;
    private final int edgesMax;
    private int visited;

    /** One edge of a path: the row of the edge and of the version that holds, and the node that it leads to. */
    record Hop(int edge, int version, int to) {}

    /** How a node was reached: from which, over which edge; -1 at an end. */
    private record Reached(int from, int edge, int version) {}

    ShortestPath(GraphColumns graph, GraphColumns.Bounds bounds, long asOf, int edgesMax) {
        this.graph = graph;
        this.bounds = bounds;
        this.asOf = asOf;
        this.edgesMax = edgesMax;
    }

    /** How many edges were looked at. */
    int visited() {
        return visited;
    }

    /** Whether the search ended because of the bound on edges: there may be a path that was not found. */
    boolean cut() {
        return visited > edgesMax;
    }

    /** The hops from one node to another, at most {@code hopsMax}; empty if there is no such path. */
    Optional<List<Hop>> find(int from, int to, int hopsMax) {
        if (from == to) {
            return Optional.of(List.of());
        }
        Map<Integer, Reached> ahead = new HashMap<>(Map.of(from, new Reached(-1, -1, -1)));
        Map<Integer, Reached> back = new HashMap<>(Map.of(to, new Reached(-1, -1, -1)));
        List<Integer> aheadEdge = List.of(from);
        List<Integer> backEdge = List.of(to);
        for (int hops = 0; hops < hopsMax && !aheadEdge.isEmpty() && !backEdge.isEmpty(); hops++) {
            boolean forward = aheadEdge.size() <= backEdge.size();
            Map<Integer, Reached> level = level(forward ? aheadEdge : backEdge, forward ? ahead : back);
            if (cut()) {
                return Optional.empty();
            }
            (forward ? ahead : back).putAll(level);
            Map<Integer, Reached> other = forward ? back : ahead;
            Optional<Integer> meeting =
                    level.keySet().stream().filter(other::containsKey).min(byKey());
            if (meeting.isPresent()) {
                return Optional.of(path(meeting.get(), ahead, back));
            }
            if (forward) {
                aheadEdge = List.copyOf(level.keySet());
            } else {
                backEdge = List.copyOf(level.keySet());
            }
        }
        return Optional.empty();
    }

    /** The nodes one hop beyond some, each by its first edge in the order of keys. */
    private Map<Integer, Reached> level(List<Integer> edge, Map<Integer, Reached> known) {
        Map<Integer, Reached> level = new HashMap<>();
        List<Integer> ordered = new ArrayList<>(edge);
        ordered.sort(byKey());
        for (int node : ordered) {
            graph.eachOut(node, bounds, row -> reach(node, row, graph.edgeTo(row), known, level));
            graph.eachIn(node, bounds, row -> reach(node, row, graph.edgeFrom(row), known, level));
        }
        return level;
    }

    private boolean reach(int from, int edge, int to, Map<Integer, Reached> known, Map<Integer, Reached> level) {
        visited++;
        if (cut()) {
            return false;
        }
        Reached before = level.get(to);
        boolean worse = before != null && (before.from() != from || !firstOf(edge, before.edge()));
        if (!known.containsKey(to) && !worse) {
            int version = graph.edgeAt(edge, asOf, bounds);
            if (version >= 0) {
                level.put(to, new Reached(from, edge, version));
            }
        }
        return true;
    }

    /** Of two edges between the same nodes: by type, the one that leaves the lesser node first. */
    private boolean firstOf(int edge, int other) {
        int byType = graph.type(graph.edgeType(edge)).compareTo(graph.type(graph.edgeType(other)));
        return byType != 0 ? byType < 0 : byKey().compare(graph.edgeFrom(edge), graph.edgeFrom(other)) < 0;
    }

    private Comparator<Integer> byKey() {
        return Comparator.comparing((Integer node) -> graph.key(node).type())
                .thenComparing(node -> graph.key(node).key());
    }

    private static List<Hop> path(int meeting, Map<Integer, Reached> ahead, Map<Integer, Reached> back) {
        List<Hop> hops = new ArrayList<>();
        int node = meeting;
        for (Reached by = ahead.get(node); by.edge() >= 0; by = ahead.get(node)) {
            hops.addFirst(new Hop(by.edge(), by.version(), node));
            node = by.from();
        }
        node = meeting;
        for (Reached by = back.get(node); by.edge() >= 0; by = back.get(node)) {
            hops.add(new Hop(by.edge(), by.version(), by.from()));
            node = by.from();
        }
        return hops;
    }
}
