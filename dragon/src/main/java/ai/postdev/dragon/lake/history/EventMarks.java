package ai.postdev.dragon.lake.history;

import ai.postdev.actors.op.Origin;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Which rows are dropped and which are pinned, as they were when a view was made; shared by the views after it until that
 * changes. The rows are looked for once, when the first reader asks, on its thread: the writer never scans. Safe on any
 * thread.
 */
final class EventMarks {
    static final EventMarks NONE = new EventMarks(new HistoryColumns(), 0, new DroppedEvents(), new PinnedEvents());

    private final HistoryColumns columns;
    private final int rows;
    private final DroppedEvents dropped;
    private final PinnedEvents pinned;
    private volatile Rows marked; // guarded by this for writing

    /**
     * The rows that are marked; never changed.
     *
     * @param dropped rows that no view shows
     * @param pinned rows that no rule drops
     * @param droppedByKind rows among {@code dropped}
     * @param heldBytes of the texts in dropped rows
     */
    record Rows(BitSet dropped, BitSet pinned, Map<String, Long> droppedByKind, long heldBytes) {}

    /**
     * Marks of the rows that there are now; of later ones none is dropped, and one that is pinned makes new marks.
     *
     * @param dropped handed over, never changed afterwards; so is {@code pinned}
     */
    EventMarks(HistoryColumns columns, int rows, DroppedEvents dropped, PinnedEvents pinned) {
        this.columns = columns;
        this.rows = rows;
        this.dropped = dropped;
        this.pinned = pinned;
    }

    DroppedEvents droppedEvents() {
        return dropped;
    }

    Rows rows() {
        Rows known = marked;
        if (known == null) {
            synchronized (this) {
                known = marked;
                if (known == null) {
                    known = mark();
                    marked = known;
                }
            }
        }
        return known;
    }

    private Rows mark() {
        BitSet gone = new BitSet();
        BitSet kept = new BitSet();
        Map<String, Long> byKind = new HashMap<>();
        long bytes = 0;
        for (int row = 0; row < rows; row++) {
            Origin origin = columns.origin(row);
            long sequence = columns.sequence(row);
            if (dropped.contains(origin, sequence)) {
                String kind = columns.kind(columns.kindRow(row));
                if (!RetentionRule.KEPT.contains(kind)) {
                    gone.set(row);
                    byKind.merge(kind, 1L, Long::sum);
                    bytes += columns.textBytes(row);
                    continue;
                }
            }
            if (pinned.contains(origin, sequence)) {
                kept.set(row);
            }
        }
        return new Rows(gone, kept, Map.copyOf(byKind), bytes);
    }
}
