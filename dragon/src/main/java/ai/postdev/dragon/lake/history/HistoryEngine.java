package ai.postdev.dragon.lake.history;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.Operation;
import ai.postdev.dragon.lake.StoreEngine;
import ai.postdev.dragon.lake.column.SeenSequences;
import ai.postdev.dragon.lake.column.SnapshotFrames;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Folds events into columns; nothing is ever changed or removed. A commit that two machines report is one commit: the
 * second report is passed over. Events beyond the bound are not held in memory but remain in the journal; the view then
 * says so.
 */
public final class HistoryEngine implements StoreEngine<HistoryView> {
    /** The kind of an event that reports a commit. */
    public static final String COMMIT = "commit";
    /** The attribute that holds a commit's id. */
    public static final String COMMIT_ID = "commit";

    static final int FORMAT = 2;
    private static final String STORE = "history";

    private final HistorySettings settings;
    private SeenSequences seen = new SeenSequences();
    private HistoryColumns columns = new HistoryColumns();
    private Map<String, Long> counts = new HashMap<>();
    private HistoryView view;
    private boolean changed = true;
    private long beyondBound;

    /** An empty engine. */
    public HistoryEngine(HistorySettings settings) {
        this.settings = settings;
    }

    @Override
    public void apply(Operation operation) {
        if (!(operation.body() instanceof Body.AppendEvent event) || !seen.first(operation)) {
            return;
        }
        String commit = event.kind().equals(COMMIT) ? event.attributes().getOrDefault(COMMIT_ID, "") : "";
        if (!commit.isEmpty() && columns.commit(commit, columns.bounds()) >= 0) {
            return;
        }
        if (columns.size() == settings.eventsMax()) {
            beyondBound++;
            changed = true;
            return;
        }
        int row = columns.append(operation, event, settings.textMax());
        if (!commit.isEmpty()) {
            columns.nameCommit(commit, row);
        }
        counts.merge(event.kind(), 1L, Long::sum);
        changed = true;
    }

    @Override
    public HistoryView view() {
        if (changed) {
            view = new HistoryView(columns, columns.bounds(), Map.copyOf(counts), beyondBound, columns.memoryBytes());
            changed = false;
        }
        return view;
    }

    @Override
    public void writeSnapshot(DataOutput out) throws IOException {
        SnapshotFrames.write(STORE, FORMAT, out, data -> {
            seen.write(data);
            data.writeLong(beyondBound);
            columns.write(data);
        });
    }

    @Override
    public void readSnapshot(DataInput in) throws IOException {
        SeenSequences readSeen = new SeenSequences();
        HistoryColumns read = new HistoryColumns();
        long[] beyond = new long[1];
        SnapshotFrames.read(STORE, FORMAT, in, data -> {
            readSeen.read(data);
            beyond[0] = data.readLong();
            read.read(data);
        });
        seen = readSeen;
        columns = read;
        beyondBound = beyond[0];
        counts = new HashMap<>();
        for (int row = 0; row < read.size(); row++) {
            counts.merge(read.kind(read.kindRow(row)), 1L, Long::sum);
        }
        changed = true;
    }

    @Override
    public void close() {
        columns = new HistoryColumns();
        counts = new HashMap<>();
        changed = true;
    }
}
