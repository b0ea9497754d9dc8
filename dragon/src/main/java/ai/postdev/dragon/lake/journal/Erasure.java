package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.OperationCodec;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.dragon.lake.journal.JournalKeys.Slot;
import java.nio.ByteBuffer;
import java.util.Set;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Takes dropped events out of the journal: first everything is read, without a lock, then one batch is written. Events
 * that something else was derived from stay whatever an operation says.
 */
final class Erasure implements AutoCloseable {
    /** Kinds whose events other stores are folded from: the graph of commits and notes. */
    private static final Set<String> KEPT = Set.of("commit", "note");

    private final ProjectId project;
    private final WriteBatch batch = new WriteBatch();
    private long bytes;

    private Erasure(ProjectId project) {
        this.project = project;
    }

    /** What is to be done for the operation at {@code slot}; empty if it drops nothing, or was followed before. */
    static Erasure of(JournalDatabase database, Slot slot) throws RocksDBException {
        Erasure erasure = new Erasure(slot.project());
        byte[] record = database.db().get(database.operations(), JournalKeys.operation(slot));
        if (record != null
                && Records.operation(slot, record) instanceof Records.Good good
                && good.operation().body() instanceof Body.DropEvents drop
                && database.db().get(database.meta(), JournalKeys.erasure(slot)) == null) {
            try {
                for (long sequence : drop.sequences()) {
                    erasure.take(database, new Slot(slot.project(), drop.of(), sequence), drop.kind());
                }
                erasure.batch.put(database.meta(), JournalKeys.erasure(slot), new byte[0]);
            } catch (RocksDBException e) {
                erasure.close();
                throw e;
            }
        }
        return erasure;
    }

    private void take(JournalDatabase database, Slot slot, String kind) throws RocksDBException {
        byte[] key = JournalKeys.operation(slot);
        byte[] record = database.db().get(database.operations(), key);
        if (record != null
                && Records.operation(slot, record) instanceof Records.Good(Operation operation)
                && operation.body() instanceof Body.AppendEvent event
                && event.kind().equals(kind)
                && !KEPT.contains(kind)) {
            byte[] mark = Records.dropped(Records.digest(ContentHash.of(OperationCodec.encode(operation))));
            batch.put(database.operations(), key, mark);
            bytes += record.length - mark.length;
        }
    }

    boolean isEmpty() {
        return batch.count() == 0;
    }

    /** Writes it, so that it is on the disk; the answer is how many bytes were taken out. Under the commit lock. */
    long write(JournalDatabase database) throws RocksDBException {
        byte[] owed = JournalKeys.erasures(project);
        batch.put(
                database.meta(),
                owed,
                ByteBuffer.allocate(Long.BYTES)
                        .putLong(owed(database, owed) + bytes)
                        .array());
        DurableWrite.write(database, batch, Durability.FSYNC);
        return bytes;
    }

    /** Bytes erased since the files were last rewritten. */
    private static long owed(JournalDatabase database, byte[] key) throws RocksDBException {
        byte[] noted = database.db().get(database.meta(), key);
        return noted == null || noted.length != Long.BYTES
                ? 0
                : ByteBuffer.wrap(noted).getLong();
    }

    /**
     * Rewrites the files that hold operations of a project, if at least {@code min} bytes, and any, were erased since that
     * was last done; other compactions and writes go on meanwhile. The answer is whether it was done.
     */
    static boolean giveBack(JournalDatabase database, ProjectId project, long min) throws RocksDBException {
        byte[] owed = JournalKeys.erasures(project);
        if (owed(database, owed) < Math.max(1, min)) {
            return false;
        }
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
            database.db().flush(flush, database.families());
        }
        try (CompactRangeOptions options = new CompactRangeOptions()
                .setExclusiveManualCompaction(false)
                .setBottommostLevelCompaction(CompactRangeOptions.BottommostLevelCompaction.kForce)) {
            database.db()
                    .compactRange(
                            database.operations(),
                            JournalKeys.project(project),
                            JournalKeys.afterProject(project),
                            options);
        }
        // Not synced: after a power failure it is done once more.
        database.db().delete(database.meta(), owed);
        database.db().flushWal(false);
        return true;
    }

    @Override
    public void close() {
        batch.close();
    }
}
