package ai.postdev.dragon.lake.history;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.dragon.lake.StoreEngine;
import ai.postdev.dragon.lake.column.SeenSequences;
import ai.postdev.dragon.lake.column.SnapshotFrames;
import java.io.DataInput;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Folds events into columns; nothing is ever changed there. A commit that two machines report is one commit: the
 * second report is passed over. A dropped event stays in its row, out of sight, until the history is folded anew from the
 * journal; one that comes after its drop gets no row. Which events are dropped and pinned does not depend on the order in
 * which operations come. Events beyond the bound are not held in memory but remain in the journal; the view then
 * says so.
 */
public final class HistoryEngine implements StoreEngine<HistoryView> {
    /** The kind of an event that reports a commit. */
    public static final String COMMIT = "commit";
    /** The attribute that holds a commit's id. */
    public static final String COMMIT_ID = "commit";

    static final int FORMAT = 6;
    /** Without dropped and pinned events, and with another index of fingerprints; read as a history that has none. */
    static final int FORMAT_BEFORE_RETENTION = 2;
    /**
     * The last with fingerprints in chains, where each event's paths end, and other signatures of blocks: these are made
     * anew. One before it had signatures of three bytes.
     */
    static final int FORMAT_OF_CHAINED_FINGERPRINTS = 4;

    /** The last whose columns are written row by row, each row in all its bits. */
    static final int FORMAT_ROW_BY_ROW = 5;

    private static final String STORE = "history";

    private final HistorySettings settings;
    private SeenSequences seen = new SeenSequences();
    private HistoryColumns columns = new HistoryColumns();
    private Map<String, Long> counts = new HashMap<>();
    private HistoryView view;
    private boolean changed = true;
    private long beyondBound;
    private DroppedEvents dropped = new DroppedEvents();
    private PinnedEvents pinned = new PinnedEvents();
    private EventMarks marks = EventMarks.NONE;
    private boolean unmarked;
    /** For the writer. */
    private final IndexedText.Looking looking = new IndexedText.Looking();

    /** An empty engine. */
    public HistoryEngine(HistorySettings settings) {
        this.settings = settings;
    }

    @Override
    public void apply(Operation operation) {
        apply(operation, null);
    }

    /** Most of the work is to look at each event's text, and it does not matter who does it when. */
    @Override
    public Runnable prepare(List<Operation> operations) {
        IndexedText.Looking here = new IndexedText.Looking();
        IndexedText[] texts = new IndexedText[operations.size()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = operations.get(i).body() instanceof Body.AppendEvent event ? here.look(event.text()) : null;
        }
        return () -> {
            for (int i = 0; i < texts.length; i++) {
                apply(operations.get(i), texts[i]);
            }
        };
    }

    /** @param text what was seen in the event's text; null if nobody looked yet */
    private void apply(Operation operation, IndexedText text) {
        switch (operation.body()) {
            case Body.AppendEvent event -> {
                if (seen.first(operation)) {
                    onEvent(operation, event, text);
                }
            }
            case Body.PinEvent pin -> {
                if (seen.first(operation)) {
                    pinned.add(operation, pin);
                    unmarked = true;
                }
            }
            case Body.DropEvents drop -> {
                if (seen.first(operation) && !RetentionRule.KEPT.contains(drop.kind())) {
                    dropped.add(operation, drop);
                    unmarked = true;
                }
            }
            case Body.PutDocument _,
                    Body.RemoveDocument _,
                    Body.PutNode _,
                    Body.RemoveNode _,
                    Body.PutEdge _,
                    Body.RemoveEdge _,
                    Body.PutEmbedding _,
                    Body.SetSetting _ -> {
                // kept by the other stores
            }
        }
    }

    private void onEvent(Operation operation, Body.AppendEvent event, IndexedText text) {
        if (dropped.contains(operation.origin(), operation.sequence()) && !RetentionRule.KEPT.contains(event.kind())) {
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
        int row =
                columns.append(operation, event, settings.textMax(), text == null ? looking.look(event.text()) : text);
        if (!commit.isEmpty()) {
            columns.nameCommit(commit, row);
        }
        counts.merge(event.kind(), 1L, Long::sum);
        unmarked |= pinned.contains(operation.origin(), operation.sequence());
        changed = true;
    }

    @Override
    public HistoryView view() {
        if (unmarked) {
            marks = new EventMarks(columns, columns.size(), dropped.copy(), pinned.copy());
            unmarked = false;
            changed = true;
        }
        if (changed) {
            view = new HistoryView(
                    columns,
                    columns.bounds(),
                    Map.copyOf(counts),
                    beyondBound,
                    columns.memoryBytes() + dropped.memoryBytes() + pinned.memoryBytes(),
                    marks);
            changed = false;
        }
        return view;
    }

    @Override
    public Frozen freeze() {
        VersionVector folded = seen.vector();
        long beyond = beyondBound;
        HistoryColumns all = columns;
        HistoryColumns.Frozen frozen = all.freeze();
        DroppedEvents droppedNow = dropped.copy();
        PinnedEvents pinnedNow = pinned.copy();
        return out -> SnapshotFrames.write(STORE, FORMAT, out, data -> {
            SeenSequences.write(folded, data);
            data.writeLong(beyond);
            all.write(frozen, data);
            droppedNow.write(data);
            pinnedNow.write(data);
        });
    }

    @Override
    public void readSnapshot(DataInput in) throws IOException {
        SeenSequences readSeen = new SeenSequences();
        HistoryColumns read = new HistoryColumns();
        long[] beyond = new long[1];
        DroppedEvents readDropped = new DroppedEvents();
        PinnedEvents readPinned = new PinnedEvents();
        SnapshotFrames.read(STORE, FORMAT_BEFORE_RETENTION, FORMAT, in, (version, data) -> {
            readSeen.read(data);
            beyond[0] = data.readLong();
            read.read(version, data);
            if (version > FORMAT_BEFORE_RETENTION) {
                readDropped.read(data);
                readPinned.read(data);
            }
        });
        seen = readSeen;
        columns = read;
        dropped = readDropped;
        pinned = readPinned;
        marks = EventMarks.NONE;
        unmarked = true;
        beyondBound = beyond[0];
        counts = read.countKinds();
        changed = true;
    }

    @Override
    public void close() {
        columns = new HistoryColumns();
        counts = new HashMap<>();
        dropped = new DroppedEvents();
        pinned = new PinnedEvents();
        marks = EventMarks.NONE;
        changed = true;
    }
}
