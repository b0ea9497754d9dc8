package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.dragon.lake.journal.JournalKeys.Slot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;

/**
 * Finds what is unreadable in a project and, if asked, sets it aside. An operation's place keeps a marker, so that the
 * sequences stay without gaps and nobody uses the place again.
 */
final class Repair {
    private final JournalDatabase database;
    private final WriteBatch moves; // null when only looking
    private final List<String> lost = new ArrayList<>();
    private final Map<ContentHash, List<Slot>> texts = new LinkedHashMap<>();
    private final List<ContentHash> lostTexts = new ArrayList<>();
    private long readable;
    private JournalCounters.Change removed = JournalCounters.Change.NONE;
    private boolean physical;

    private Repair(JournalDatabase database, WriteBatch moves) {
        this.database = database;
        this.moves = moves;
    }

    static RepairReport inspect(JournalDatabase database, Tails tails, ProjectId project)
            throws RocksDBException, JournalRefused {
        return new Repair(database, null).look(tails, project);
    }

    static RepairReport repair(JournalDatabase database, Tails tails, ProjectId project, JournalCounters counters)
            throws RocksDBException, JournalRefused {
        try (WriteBatch moves = new WriteBatch()) {
            Repair repair = new Repair(database, moves);
            RepairReport report = repair.look(tails, project);
            counters.stage(database, moves, repair.removed.negated());
            database.db().write(database.synced(), moves);
            counters.changed(repair.removed.negated());
            return report;
        }
    }

    private RepairReport look(Tails tails, ProjectId project) throws RocksDBException, JournalRefused {
        for (Map.Entry<Origin, Tails.Tail> end : tails.of(project).entrySet()) {
            long next = end.getValue().start();
            long last = end.getValue().sequence();
            while (next <= last) {
                List<Rows.Row> rows = page(project, end.getKey(), next, last);
                long until = rows.isEmpty() ? last : rows.getLast().slot().sequence();
                for (Rows.Row row : rows) {
                    for (; next < row.slot().sequence(); next++) {
                        lost(new Slot(project, end.getKey(), next), Optional.empty(), "missing");
                    }
                    take(row);
                    next++;
                }
                for (; next <= until; next++) {
                    lost(new Slot(project, end.getKey(), next), Optional.empty(), "missing");
                }
            }
        }
        for (Map.Entry<ContentHash, List<Slot>> text : texts.entrySet()) {
            take(text.getKey(), text.getValue());
        }
        return new RepairReport(readable, lost, lostTexts, physical);
    }

    /** A page of rows; row by row where a block of the file is unreadable. */
    private List<Rows.Row> page(ProjectId project, Origin origin, long from, long to) throws RocksDBException {
        try {
            return Rows.page(database, project, origin, from, to);
        } catch (RocksDBException e) {
            corruption(e);
        }
        List<Rows.Row> rows = new ArrayList<>();
        for (long sequence = from; sequence <= to; sequence++) {
            Slot slot = new Slot(project, origin, sequence);
            try {
                byte[] record = database.db().get(database.operations(), JournalKeys.operation(slot));
                if (record != null) {
                    rows.add(new Rows.Row(slot, record));
                }
            } catch (RocksDBException e) {
                corruption(e);
            }
        }
        return rows;
    }

    private void corruption(RocksDBException e) throws RocksDBException {
        boolean damage = e.getStatus() != null && e.getStatus().getCode() == Status.Code.Corruption;
        boolean gone = String.valueOf(e.getMessage()).contains("No such file");
        if (!damage && !gone) {
            throw e;
        }
        physical = true;
    }

    private void take(Rows.Row row) throws RocksDBException, JournalRefused {
        switch (row.found()) {
            case Records.Good good -> {
                readable++;
                if (good.operation().body() instanceof Body.PutDocument put) {
                    // Only the place is kept: the bodies of a whole project would fill the memory.
                    texts.computeIfAbsent(put.hash(), _ -> new ArrayList<>(1)).add(row.slot());
                }
            }
            case Records.Dropped _ -> readable++;
            case Records.Lost _ -> {
                // An earlier repair has set it aside already.
            }
            case Records.Newer newer -> throw Rows.newer(row.slot(), newer);
            case Records.Unreadable bad -> lost(row.slot(), Optional.of(row.record()), bad.why());
        }
    }

    private void lost(Slot slot, Optional<byte[]> record, String why) throws RocksDBException {
        lost.add(slot + ": " + why);
        if (moves != null) {
            byte[] key = JournalKeys.operation(slot);
            if (record.isPresent()) {
                moves.put(database.quarantine(), key, record.get());
            }
            moves.put(database.operations(), key, Records.lost(why));
        }
    }

    private void take(ContentHash hash, List<Slot> documents) throws RocksDBException {
        boolean readableText;
        try {
            Optional<byte[]> text = Texts.read(database, hash);
            readableText = text.isPresent() && ContentHash.of(text.get()).equals(hash);
        } catch (JournalRefused _) {
            readableText = false;
        } catch (RocksDBException e) {
            corruption(e);
            readableText = false;
        }
        if (!readableText) {
            lostTexts.add(hash);
            if (moves != null && Texts.stored(database, hash)) {
                remove(hash);
            }
            if (moves != null) {
                // A document without its text must not look as if it were remembered: who compares with the disk would
                // not read the file again.
                for (Slot document : documents) {
                    moves.put(
                            database.operations(),
                            JournalKeys.operation(document),
                            Records.lost("its text " + hash + " is lost"));
                }
            }
        }
    }

    /** Sets a text aside, so that the next write of it stores it again. */
    private void remove(ContentHash hash) throws RocksDBException {
        byte[] key = JournalKeys.blob(hash);
        try {
            byte[] record = database.db().get(database.blobs(), key);
            moves.put(database.quarantine(), key, record);
            removed = removed.plus(Records.textLength(record), record.length);
        } catch (RocksDBException e) {
            corruption(e);
        }
        moves.delete(database.blobs(), key);
    }
}
