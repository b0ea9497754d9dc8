package ai.postdev.dragon.lake.metadata;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.NodeKey;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.dragon.lake.StoreEngine;
import ai.postdev.dragon.lake.column.SeenSequences;
import ai.postdev.dragon.lake.column.SnapshotFrames;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Folds nodes, edges and settings, and derives the graph that events imply: a commit touches its files, a note is about
 * its files. A removal takes away what its writer can have seen, the additions with earlier hybrid time; an addition
 * that comes later, or beside it at the same time, survives. Additions beyond the bounds are not held in memory but
 * remain in the journal; the view then says so. Removals are always taken in: they only make the answer smaller.
 */
public final class MetadataEngine implements StoreEngine<MetadataView> {
    /** Type of the node of a commit; its key is the commit id. */
    public static final String COMMIT = "commit";
    /** Type of the node of a file; its key is the project-relative path. */
    public static final String FILE = "file";
    /** Type of the node of a note; its key is {@code origin/sequence} of the operation that wrote it. */
    public static final String NOTE = "note";
    /** Edge from a commit to a file. */
    public static final String TOUCHES = "touches";
    /** Edge from a note to a file. */
    public static final String ABOUT = "about";

    /** Attribute of a commit or note: first line of its text. */
    public static final String TEXT = "text";
    /** Attribute of a commit or note: when it happened, in milliseconds since the epoch. */
    public static final String TIME = "time";

    static final int FORMAT = 2;
    /** The first, whose texts and lists are written row by row. */
    static final int FORMAT_ROW_BY_ROW = 1;

    private static final String STORE = "metadata";
    private static final int SUBJECT_MAX = 200;

    private final MetadataSettings bounds;
    private SeenSequences seen = new SeenSequences();
    private GraphColumns graph = new GraphColumns();
    private Map<String, List<SettingValue>> settings = new TreeMap<>();
    private MetadataView view;
    private GraphColumns.Bounds viewBounds;
    private boolean settingsChanged;
    private long beyondBound;

    /** An empty engine. */
    public MetadataEngine(MetadataSettings bounds) {
        this.bounds = bounds;
    }

    @Override
    public void apply(Operation operation) {
        switch (operation.body()) {
            case Body.PutNode put -> {
                if (seen.first(operation) && room(put.node())) {
                    graph.putNode(operation, put.node(), operation.time().millis(), put.attributes());
                }
            }
            case Body.RemoveNode remove -> {
                if (seen.first(operation)) {
                    graph.removeNode(operation, graph.node(remove.node()));
                }
            }
            case Body.PutEdge put -> {
                if (seen.first(operation)) {
                    edge(operation, put.from(), put.type(), put.to(), put.validFromMillis(), put.attributes());
                }
            }
            case Body.RemoveEdge remove -> {
                if (seen.first(operation)) {
                    onRemoveEdge(operation, remove);
                }
            }
            case Body.AppendEvent event -> {
                if (seen.first(operation)) {
                    onEvent(operation, event);
                }
            }
            case Body.SetSetting set -> {
                if (seen.first(operation)) {
                    onSetting(operation, set);
                }
            }
            case Body.PutDocument _, Body.RemoveDocument _, Body.PutEmbedding _, Body.PinEvent _, Body.DropEvents _ -> {
                // kept by the code store, the vector store and the history; no node stems from an event that can go
            }
        }
    }

    /** Whether one more version fits. Nodes that exist already need no room of their own. */
    private boolean room(NodeKey... keys) {
        GraphColumns.Bounds now = graph.bounds();
        boolean full = graph.versions() >= bounds.edgesMax();
        if (!full && now.nodes() + keys.length > bounds.nodesMax()) {
            for (NodeKey key : keys) {
                full |= graph.findNode(key, now) < 0;
            }
        }
        if (full) {
            beyondBound++;
        }
        return !full;
    }

    private void edge(
            Operation operation, NodeKey from, String type, NodeKey to, long valid, Map<String, String> attributes) {
        if (room(from, to)) {
            graph.putEdge(operation, from, type, to, valid, attributes);
        }
    }

    private void onRemoveEdge(Operation operation, Body.RemoveEdge remove) {
        graph.removeEdge(operation, graph.edgeFor(remove.from(), remove.type(), remove.to()));
    }

    private void onEvent(Operation operation, Body.AppendEvent event) {
        String commit = event.attributes().getOrDefault("commit", "");
        if (event.kind().equals("commit") && !commit.isEmpty()) {
            NodeKey node = new NodeKey(COMMIT, commit);
            if (!derived(node)) {
                derive(operation, event, node, TOUCHES);
            }
        } else if (event.kind().equals("note")) {
            derive(operation, event, new NodeKey(NOTE, operation.origin() + "/" + operation.sequence()), ABOUT);
        }
    }

    /** Whether another report of the same commit was folded in before; the node alone may stem from an edge. */
    private boolean derived(NodeKey commit) {
        GraphColumns.Bounds now = graph.bounds();
        int row = graph.findNode(commit, now);
        int version = row < 0 ? -1 : graph.nodeAt(row, Long.MAX_VALUE, now);
        return version >= 0 && graph.attributes(version).containsKey(TIME);
    }

    private void derive(Operation operation, Body.AppendEvent event, NodeKey node, String type) {
        if (!room(node)) {
            return;
        }
        Map<String, String> facts = new TreeMap<>(event.attributes());
        facts.put(TEXT, subject(event.text()));
        facts.put(TIME, Long.toString(event.timeMillis()));
        graph.putNode(operation, node, event.timeMillis(), facts);
        for (String path : event.paths()) {
            if (!path.isEmpty()) {
                edge(operation, node, type, new NodeKey(FILE, path), event.timeMillis(), Map.of());
            }
        }
    }

    /** The first line: the whole text is in the history. */
    private static String subject(String text) {
        String first = text.strip().lines().findFirst().orElse("");
        return first.length() <= SUBJECT_MAX ? first : first.substring(0, SUBJECT_MAX);
    }

    private void onSetting(Operation operation, Body.SetSetting set) {
        SettingValue value = new SettingValue(set.value(), operation.time(), operation.origin(), operation.sequence());
        List<SettingValue> values = new ArrayList<>(settings.getOrDefault(set.key(), List.of()));
        values.add(value);
        values.sort(SettingValue.WINNER_FIRST);
        if (values.size() > bounds.settingHistoryMax()) {
            values.removeLast();
        }
        settings.put(set.key(), List.copyOf(values));
        settingsChanged = true;
    }

    @Override
    public MetadataView view() {
        GraphColumns.Bounds now = graph.bounds();
        if (settingsChanged || view == null || !now.equals(viewBounds) || beyondBound != view.beyondBound()) {
            // the same view again keeps what it has counted: embeddings and documents do not change it
            view = new MetadataView(
                    graph, now, Map.copyOf(settings), bounds.cochangeFilesMax(), beyondBound, graph.memoryBytes());
            viewBounds = now;
            settingsChanged = false;
        }
        return view;
    }

    @Override
    public Frozen freeze() {
        VersionVector folded = seen.vector();
        long beyond = beyondBound;
        GraphColumns all = graph;
        GraphColumns.Frozen frozen = all.freeze();
        Map<String, List<SettingValue>> set = new TreeMap<>(settings);
        return out -> SnapshotFrames.write(STORE, FORMAT, out, data -> {
            SeenSequences.write(folded, data);
            data.writeLong(beyond);
            all.write(frozen, data);
            data.writeInt(set.size());
            for (Map.Entry<String, List<SettingValue>> entry : set.entrySet()) {
                writeText(data, entry.getKey());
                data.writeInt(entry.getValue().size());
                for (SettingValue value : entry.getValue()) {
                    writeText(data, value.value());
                    data.writeLong(value.time().value());
                    data.writeUTF(value.origin().value());
                    data.writeLong(value.sequence());
                }
            }
        });
    }

    /** Any length, unlike {@code writeUTF}. */
    private static void writeText(DataOutput data, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        data.writeInt(bytes.length);
        data.write(bytes);
    }

    private static String readText(DataInput data) throws IOException {
        byte[] bytes = new byte[data.readInt()];
        data.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void readSnapshot(DataInput in) throws IOException {
        SeenSequences readSeen = new SeenSequences();
        GraphColumns readGraph = new GraphColumns();
        Map<String, List<SettingValue>> readSettings = new TreeMap<>();
        long[] beyond = new long[1];
        SnapshotFrames.read(STORE, FORMAT_ROW_BY_ROW, FORMAT, in, (version, data) -> {
            readSeen.read(data);
            beyond[0] = data.readLong();
            readGraph.read(version, data);
            int count = data.readInt();
            for (int i = 0; i < count; i++) {
                String key = readText(data);
                int values = data.readInt();
                List<SettingValue> list = new ArrayList<>(values);
                for (int v = 0; v < values; v++) {
                    list.add(new SettingValue(
                            readText(data),
                            new HybridTime(data.readLong()),
                            new Origin(data.readUTF()),
                            data.readLong()));
                }
                readSettings.put(key, List.copyOf(list));
            }
        });
        seen = readSeen;
        graph = readGraph;
        settings = readSettings;
        beyondBound = beyond[0];
        settingsChanged = true;
    }

    @Override
    public void close() {
        graph = new GraphColumns();
        settings = new TreeMap<>();
        settingsChanged = true;
    }
}
