package ai.postdev.dragon.lake.metadata;

import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.NodeKey;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.dragon.lake.column.Attributes;
import ai.postdev.dragon.lake.column.Chains;
import ai.postdev.dragon.lake.column.IntColumn;
import ai.postdev.dragon.lake.column.LongColumn;
import ai.postdev.dragon.lake.column.Slots;
import ai.postdev.dragon.lake.column.StringTable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * The graph as rows: nodes, edges, and for both their versions and removals, each with the stamp (hybrid time, origin)
 * of its operation. Whether something is valid is computed when it is read, from stamps alone, so replicas that heard
 * of the same operations in another order agree. One writer, readers on any thread below their {@link Bounds}.
 */
final class GraphColumns {
    private static final char BETWEEN = '\u0000';

    private final StringTable types = new StringTable();
    private final StringTable nodes = new StringTable();
    private final IntColumn edgeFrom = new IntColumn();
    private final IntColumn edgeType = new IntColumn();
    private final IntColumn edgeTo = new IntColumn();
    private final Slots edgeSlots = new Slots(edge -> edgeHash(edgeFrom(edge), edgeType(edge), edgeTo(edge)));
    private final Chains out = new Chains();
    private final Chains in = new Chains();

    private final StringTable origins = new StringTable();
    private final LongColumn stamps = new LongColumn();
    private final IntColumn stampOrigins = new IntColumn();
    private final LongColumn validFrom = new LongColumn();
    private final IntColumn attributeRows = new IntColumn();
    private final Attributes attributes = new Attributes();
    private final Chains nodeVersions = new Chains();
    private final Chains nodeRemovals = new Chains();
    private final Chains edgeVersions = new Chains();
    private final Chains edgeRemovals = new Chains();

    /** The node that was asked for last, and its row. Writer only. */
    private NodeKey lastKey;

    private int lastNode;

    /** Up to where a view may look. */
    record Bounds(
            int types,
            int nodes,
            int edges,
            int out,
            int in,
            int nodeVersions,
            int nodeRemovals,
            int edgeVersions,
            int edgeRemovals) {}

    Bounds bounds() {
        return new Bounds(
                types.size(),
                nodes.size(),
                edgeFrom.size(),
                out.links(),
                in.links(),
                nodeVersions.links(),
                nodeRemovals.links(),
                edgeVersions.links(),
                edgeRemovals.links());
    }

    // ---- writing

    int node(NodeKey key) {
        if (key.equals(lastKey)) {
            return lastNode; // a commit has an edge to each of its files
        }
        int known = nodes.size();
        int node = nodes.intern(key.type() + BETWEEN + key.key());
        if (node == known) {
            types.intern(key.type());
            out.ensure(node);
            in.ensure(node);
            nodeVersions.ensure(node);
            nodeRemovals.ensure(node);
        }
        lastKey = key;
        lastNode = node;
        return node;
    }

    void putNode(Operation operation, NodeKey key, long from, Map<String, String> facts) {
        nodeVersions.add(node(key), version(operation, from, facts));
    }

    void removeNode(Operation operation, int node) {
        nodeRemovals.add(node, version(operation, operation.time().millis(), Map.of()));
    }

    void putEdge(Operation operation, NodeKey from, String type, NodeKey to, long valid, Map<String, String> facts) {
        edgeVersions.add(edgeFor(from, type, to), version(operation, valid, facts));
    }

    /** The row of an edge, made if it is new; without a version it is not valid at any time. */
    int edgeFor(NodeKey from, String type, NodeKey to) {
        int fromRow = node(from);
        int toRow = node(to);
        int typeRow = types.intern(type);
        int edge = edge(fromRow, typeRow, toRow, edgeFrom.size());
        if (edge < 0) {
            edge = edgeFrom.append(fromRow);
            edgeType.append(typeRow);
            edgeTo.append(toRow);
            edgeVersions.ensure(edge);
            edgeRemovals.ensure(edge);
            edgeSlots.add(edgeHash(fromRow, typeRow, toRow), edge);
            out.add(fromRow, edge);
            in.add(toRow, edge);
        }
        return edge;
    }

    void removeEdge(Operation operation, int edge) {
        edgeRemovals.add(edge, version(operation, operation.time().millis(), Map.of()));
    }

    private int version(Operation operation, long from, Map<String, String> facts) {
        int row = stamps.append(operation.time().value());
        stampOrigins.append(origins.intern(operation.origin().value()));
        validFrom.append(from);
        attributeRows.append(attributes.append(facts));
        return row;
    }

    /** Rows of versions and removals together. */
    int versions() {
        return stamps.size();
    }

    // ---- finding

    int findNode(NodeKey key, Bounds bounds) {
        return nodes.find(key.type() + BETWEEN + key.key(), bounds.nodes());
    }

    int findType(String type, Bounds bounds) {
        return types.find(type, bounds.types());
    }

    int findEdge(int from, int type, int to, Bounds bounds) {
        return edge(from, type, to, bounds.edges());
    }

    private int edge(int from, int type, int to, int bound) {
        return edgeSlots.find(
                edgeHash(from, type, to),
                bound,
                edge -> edgeFrom.get(edge) == from && edgeTo.get(edge) == to && edgeType.get(edge) == type);
    }

    private static int edgeHash(int from, int type, int to) {
        return (from * 31 + to) * 31 + type;
    }

    NodeKey key(int node) {
        String text = nodes.text(node);
        int between = text.indexOf(BETWEEN);
        return new NodeKey(text.substring(0, between), text.substring(between + 1));
    }

    boolean isOfType(int node, String type) {
        String text = nodes.text(node);
        return text.startsWith(type) && text.length() > type.length() && text.charAt(type.length()) == BETWEEN;
    }

    String type(int type) {
        return types.text(type);
    }

    int edgeFrom(int edge) {
        return edgeFrom.get(edge);
    }

    int edgeType(int edge) {
        return edgeType.get(edge);
    }

    int edgeTo(int edge) {
        return edgeTo.get(edge);
    }

    void eachOut(int node, Bounds bounds, IntPredicate more) {
        out.each(node, bounds.out(), more);
    }

    void eachIn(int node, Bounds bounds, IntPredicate more) {
        in.each(node, bounds.in(), more);
    }

    long validFrom(int version) {
        return validFrom.get(version);
    }

    Map<String, String> attributes(int version) {
        return attributes.map(attributeRows.get(version));
    }

    /** When the operation of a version was written. */
    HybridTime recorded(int version) {
        return new HybridTime(stamps.get(version));
    }

    /** The node that wrote the operation of a version. */
    Origin origin(int version) {
        return new Origin(origins.text(stampOrigins.get(version)));
    }

    // ---- validity

    /** The version of an edge that holds at a time: the latest stamp among the valid ones; -1 if there is none. */
    int edgeAt(int edge, long atMillis, Bounds bounds) {
        long removed = Math.max(
                latest(edgeRemovals, edge, atMillis, bounds.edgeRemovals()),
                Math.max(
                        latest(nodeRemovals, edgeFrom(edge), atMillis, bounds.nodeRemovals()),
                        latest(nodeRemovals, edgeTo(edge), atMillis, bounds.nodeRemovals())));
        return best(edgeVersions, edge, atMillis, removed, bounds.edgeVersions());
    }

    /** The version of a node that holds at a time, or -1. */
    int nodeAt(int node, long atMillis, Bounds bounds) {
        long removed = latest(nodeRemovals, node, atMillis, bounds.nodeRemovals());
        return best(nodeVersions, node, atMillis, removed, bounds.nodeVersions());
    }

    /** Stamp of the latest removal up to a time, or -1: a removal takes away every version with an earlier stamp. */
    private long latest(Chains removals, int row, long atMillis, int bound) {
        long[] latest = {-1};
        removals.each(row, bound, removal -> {
            long stamp = stamps.get(removal);
            if (new HybridTime(stamp).millis() <= atMillis) {
                latest[0] = Math.max(latest[0], stamp);
            }
            return true;
        });
        return latest[0];
    }

    private int best(Chains versions, int row, long atMillis, long removed, int bound) {
        int[] best = {-1};
        versions.each(row, bound, version -> {
            // equal stamps: an addition beside a removal survives it
            boolean holds = validFrom.get(version) <= atMillis && stamps.get(version) >= removed;
            if (holds && (best[0] < 0 || later(version, best[0]))) {
                best[0] = version;
            }
            return true;
        });
        return best[0];
    }

    private boolean later(int version, int than) {
        int byStamp = Long.compareUnsigned(stamps.get(version), stamps.get(than));
        if (byStamp != 0) {
            return byStamp > 0;
        }
        return origins.text(stampOrigins.get(version)).compareTo(origins.text(stampOrigins.get(than))) > 0;
    }

    // ---- snapshot

    /** How much there is now, to be written on any thread. Writer only. */
    Frozen freeze() {
        return new Frozen(
                bounds(),
                origins.size(),
                versions(),
                attributes.bounds(),
                chains().stream().map(Chains::bounds).toList());
    }

    /** How much there was at a moment. */
    record Frozen(Bounds bounds, int origins, int versions, Attributes.Bounds attributes, List<Chains.Bounds> chains) {}

    /** Writes what there was at a moment. Any thread. */
    void write(Frozen frozen, DataOutput data) throws IOException {
        types.save(frozen.bounds().types(), data);
        nodes.save(frozen.bounds().nodes(), data);
        origins.save(frozen.origins(), data);
        for (IntColumn column : List.of(edgeFrom, edgeType, edgeTo)) {
            column.write(frozen.bounds().edges(), data);
        }
        stampOrigins.write(frozen.versions(), data);
        attributeRows.write(frozen.versions(), data);
        stamps.write(frozen.versions(), data);
        validFrom.write(frozen.versions(), data);
        attributes.save(frozen.attributes(), data);
        List<Chains> chains = chains();
        for (int i = 0; i < chains.size(); i++) {
            chains.get(i).save(frozen.chains().get(i), data);
        }
    }

    /** @param format of the snapshot */
    void read(int format, DataInput data) throws IOException {
        boolean former = format == MetadataEngine.FORMAT_ROW_BY_ROW;
        for (StringTable table : List.of(types, nodes, origins)) {
            if (former) {
                table.read(data);
            } else {
                table.load(data);
            }
        }
        for (IntColumn column : ints()) {
            column.read(data);
        }
        stamps.read(data);
        validFrom.read(data);
        if (former) {
            attributes.read(data);
        } else {
            attributes.load(data);
        }
        for (Chains chains : chains()) {
            if (former) {
                chains.read(data);
            } else {
                chains.load(data);
            }
        }
        edgeSlots.fill(edgeFrom.size());
    }

    private List<IntColumn> ints() {
        return List.of(edgeFrom, edgeType, edgeTo, stampOrigins, attributeRows);
    }

    private List<Chains> chains() {
        return List.of(out, in, nodeVersions, nodeRemovals, edgeVersions, edgeRemovals);
    }

    long memoryBytes() {
        return ints().stream().mapToLong(IntColumn::memoryBytes).sum()
                + chains().stream().mapToLong(Chains::memoryBytes).sum()
                + types.memoryBytes()
                + nodes.memoryBytes()
                + origins.memoryBytes()
                + stamps.memoryBytes()
                + validFrom.memoryBytes()
                + attributes.memoryBytes()
                + edgeSlots.memoryBytes();
    }
}
