package ai.postdev.dragon.lake.history;

import ai.postdev.actors.op.Origin;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which rows are dropped and which are pinned, as they were when a view was made. Never changed: the next view that
 * differs gets new ones, at one scan of the rows.
 *
 * @param dropped rows that no view shows
 * @param pinned rows that no rule drops
 * @param droppedByKind rows among {@code dropped}
 * @param heldBytes of the texts in dropped rows
 * @param count events dropped since ever, in a row or not
 * @param textBytes of their texts
 * @param droppings the operations that dropped them
 */
record EventMarks(
        BitSet dropped,
        BitSet pinned,
        Map<String, Long> droppedByKind,
        long heldBytes,
        long count,
        long textBytes,
        List<DroppedEvents.Dropping> droppings) {
    static final EventMarks NONE = new EventMarks(new BitSet(), new BitSet(), Map.of(), 0, 0, 0, List.of());

    static EventMarks of(HistoryColumns columns, DroppedEvents dropped, PinnedEvents pinned) {
        BitSet gone = new BitSet();
        BitSet kept = new BitSet();
        Map<String, Long> byKind = new HashMap<>();
        long bytes = 0;
        for (int row = 0; row < columns.size(); row++) {
            Origin origin = columns.origin(row);
            long sequence = columns.sequence(row);
            String kind = columns.kind(columns.kindRow(row));
            if (dropped.contains(origin, sequence) && !RetentionRule.KEPT.contains(kind)) {
                gone.set(row);
                byKind.merge(kind, 1L, Long::sum);
                bytes += columns.textBytes(row);
            } else if (pinned.contains(origin, sequence)) {
                kept.set(row);
            }
        }
        return new EventMarks(
                gone, kept, Map.copyOf(byKind), bytes, dropped.count(), dropped.textBytes(), dropped.droppings());
    }
}
