package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.dragon.lake.journal.JournalKeys.Slot;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Hands out operations page by page, and refuses to pass over one that is unreadable or missing. */
final class Replay {
    private Replay() {}

    /** Reads a page of rows under the journal's lock. */
    interface Pages {
        List<Rows.Row> read(Origin origin, long from, long end) throws JournalRefused;
    }

    static ReplayReport run(
            ProjectId project,
            VersionVector after,
            VersionVector upTo,
            Map<Origin, Long> starts,
            Pages pages,
            ReplayVisitor to)
            throws JournalRefused {
        long count = 0;
        long lost = 0;
        // An origin that goes on where another ended comes after it.
        List<Map.Entry<Origin, Long>> inOrder = upTo.sequences().entrySet().stream()
                .sorted(Comparator.comparing(end -> starts.getOrDefault(end.getKey(), 1L)))
                .toList();
        for (Map.Entry<Origin, Long> end : inOrder) {
            long next = Math.max(after.sequence(end.getKey()) + 1, starts.getOrDefault(end.getKey(), 1L));
            while (next <= end.getValue()) {
                List<Rows.Row> rows = pages.read(end.getKey(), next, end.getValue());
                if (rows.isEmpty()) {
                    throw Rows.damaged(new Slot(project, end.getKey(), next), "is missing");
                }
                for (Rows.Row row : rows) {
                    if (row.slot().sequence() != next) {
                        throw Rows.damaged(new Slot(project, end.getKey(), next), "is missing");
                    }
                    switch (row.found()) {
                        case Records.Good good -> {
                            to.operation(good.operation());
                            count++;
                        }
                        case Records.Lost mark -> {
                            to.lost(end.getKey(), next, mark.why());
                            lost++;
                        }
                        case Records.Dropped mark -> to.dropped(end.getKey(), next, mark.digest());
                        case Records.Newer newer -> throw Rows.newer(row.slot(), newer);
                        case Records.Unreadable bad -> throw Rows.damaged(row.slot(), "is unreadable: " + bad.why());
                    }
                    next++;
                }
            }
        }
        return new ReplayReport(count, lost, upTo, !upTo.covers(after));
    }
}
