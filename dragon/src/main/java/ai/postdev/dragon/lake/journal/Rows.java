package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.journal.JournalKeys.Slot;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/** Reads the operations family in order, and mends its end on opening. */
final class Rows {
    private static final int PAGE_ROWS = 1_000;
    private static final long PAGE_BYTES = 4 << 20;

    private Rows() {}

    /** One stored record. */
    record Row(Slot slot, byte[] record) {
        Records.Found found() {
            return Records.operation(slot, record);
        }
    }

    /** The next rows of an origin from sequence {@code from} to {@code to}, as they stand; a gap shows as a gap. */
    static List<Row> page(JournalDatabase database, ProjectId project, Origin origin, long from, long to)
            throws RocksDBException {
        List<Row> rows = new ArrayList<>();
        long bytes = 0;
        byte[] first = JournalKeys.operation(project, origin, from);
        try (RocksIterator at = database.db().newIterator(database.operations(), database.scan())) {
            for (at.seek(first); at.isValid() && rows.size() < PAGE_ROWS && bytes <= PAGE_BYTES; at.next()) {
                long sequence = JournalKeys.sequence(at.key(), first);
                if (sequence < 0 || sequence > to) {
                    break;
                }
                byte[] record = at.value();
                bytes += record.length;
                rows.add(new Row(new Slot(project, origin, sequence), record));
            }
            at.status();
        }
        return rows;
    }

    /** One row; empty if there is none. A look-up costs a fraction of what a scan of one row does. */
    static Optional<Row> row(JournalDatabase database, Slot slot) throws RocksDBException {
        byte[] record = database.db().get(database.operations(), database.scan(), JournalKeys.operation(slot));
        return Optional.ofNullable(record).map(found -> new Row(slot, found));
    }

    /**
     * Finds where every origin ends. A record at an end that cannot be read is moved to quarantine, up to the bound of
     * the settings; its place is added to {@code cut}.
     */
    static Map<ProjectId, Map<Origin, Tails.Tail>> index(
            JournalDatabase database, Path dir, JournalSettings settings, List<Slot> cut)
            throws RocksDBException, JournalRefused {
        Map<ProjectId, Map<Origin, Tails.Tail>> index = new TreeMap<>();
        try (RocksIterator at = database.db().newIterator(database.operations(), database.scan());
                WriteBatch moves = new WriteBatch()) {
            at.seekToFirst();
            while (at.isValid()) {
                Slot first = slot(at, dir);
                Tails.Tail tail = tail(database, dir, at, first, settings.tailCutMax(), moves, cut);
                if (tail.sequence() > 0) {
                    index.computeIfAbsent(first.project(), _ -> new TreeMap<>()).put(first.origin(), tail);
                }
                at.seek(JournalKeys.afterOrigin(first.project(), first.origin()));
            }
            at.status();
            if (moves.count() > 0) {
                database.db().write(database.synced(), moves);
            }
        }
        return index;
    }

    /** Walks back from the end of an origin to the last record that is whole, and on to the last known time. */
    private static Tails.Tail tail(
            JournalDatabase database,
            Path dir,
            RocksIterator at,
            Slot first,
            int cutMax,
            WriteBatch moves,
            List<Slot> cut)
            throws RocksDBException, JournalRefused {
        long last = 0;
        int cutHere = 0;
        at.seekForPrev(JournalKeys.operation(first.project(), first.origin(), Long.MAX_VALUE));
        for (; at.isValid() && slot(at, dir).sameOrigin(first); at.prev()) {
            Slot slot = slot(at, dir);
            switch (Records.operation(slot, at.value())) {
                case Records.Good good -> {
                    return new Tails.Tail(
                            start(database, first),
                            last == 0 ? slot.sequence() : last,
                            good.operation().time());
                }
                case Records.Lost _, Records.Dropped _ -> last = last == 0 ? slot.sequence() : last;
                case Records.Newer newer -> throw newer(slot, newer);
                case Records.Unreadable unreadable -> {
                    if (last > 0) {
                        continue; // in the middle: replay refuses with the place, repair mends
                    }
                    if (++cutHere > cutMax) {
                        throw new JournalRefused(
                                Reply.Reason.PRECONDITION,
                                "the last " + cutMax + " operations of origin " + first.origin() + " in project "
                                        + first.project() + " are all unreadable (" + slot + " " + unreadable.why()
                                        + "): more than a crash leaves. Restore a backup, or raise"
                                        + " postdevai.lake.journal.tail-cut-max to cut them");
                    }
                    moves.put(database.quarantine(), at.key(), at.value());
                    moves.delete(database.operations(), at.key());
                    cut.add(slot);
                }
            }
        }
        at.status();
        return new Tails.Tail(start(database, first), last, HybridTime.ZERO);
    }

    private static long start(JournalDatabase database, Slot origin) throws RocksDBException {
        byte[] noted = database.db().get(database.meta(), JournalKeys.start(origin.project(), origin.origin()));
        return noted == null || noted.length != Long.BYTES
                ? 1
                : ByteBuffer.wrap(noted).getLong();
    }

    /** Removes from the stored operations what lies after the known tails. */
    static void dropAfter(JournalDatabase database, Map<ProjectId, Map<Origin, Tails.Tail>> stored, Tails known)
            throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            for (Map.Entry<ProjectId, Map<Origin, Tails.Tail>> project : stored.entrySet()) {
                for (Origin origin : project.getValue().keySet()) {
                    long last = known.of(project.getKey(), origin).sequence();
                    batch.deleteRange(
                            database.operations(),
                            JournalKeys.operation(project.getKey(), origin, last + 1),
                            JournalKeys.afterOrigin(project.getKey(), origin));
                }
            }
            database.db().write(database.synced(), batch);
        }
    }

    static JournalRefused newer(Slot slot, Records.Newer newer) {
        return new JournalRefused(
                Reply.Reason.PRECONDITION,
                slot + " was written by a newer version of the program (" + newer.why()
                        + "); start that version, or a newer one");
    }

    static JournalRefused damaged(Slot slot, String what) {
        return JournalRefused.damaged(
                slot + " " + what + ", and newer operations follow it. Run `postdevai doctor --repair`: it sets the"
                        + " record aside and rebuilds what the working tree and git can give back",
                null);
    }

    private static Slot slot(RocksIterator at, Path dir) throws JournalRefused {
        byte[] key = at.key();
        try {
            return JournalKeys.slot(key);
        } catch (IllegalArgumentException e) {
            throw JournalRefused.damaged(
                    "journal " + dir + " holds something that is no operation: " + e.getMessage()
                            + ". Run `postdevai doctor --repair`",
                    e);
        }
    }
}
