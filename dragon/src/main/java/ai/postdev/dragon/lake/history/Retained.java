package ai.postdev.dragon.lake.history;

import ai.postdev.actors.op.Origin;
import java.util.List;
import java.util.Map;

/**
 * What retention keeps and dropped of one project's events.
 *
 * @param pinned events that no rule drops
 * @param dropped events dropped since ever
 * @param droppedBytes of their texts, as memory held them
 * @param heldBytes of the texts of those that memory still holds, out of sight
 * @param heldShare share of the rows in memory that are dropped events, 0 to 1
 * @param droppings for each operation that dropped events its origin and sequence, in the order in which they came
 */
public record Retained(
        long pinned,
        long dropped,
        long droppedBytes,
        long heldBytes,
        double heldShare,
        List<Map.Entry<Origin, Long>> droppings) {
    public Retained {
        droppings = List.copyOf(droppings);
    }

    static Retained of(EventMarks marks, int events) {
        EventMarks.Rows rows = marks.rows();
        DroppedEvents dropped = marks.droppedEvents();
        return new Retained(
                rows.pinned().cardinality(),
                dropped.count(),
                dropped.textBytes(),
                rows.heldBytes(),
                events == 0 ? 0 : (double) rows.dropped().cardinality() / events,
                dropped.droppings().stream()
                        .map(dropping -> Map.entry(dropping.origin(), dropping.sequence()))
                        .toList());
    }
}
