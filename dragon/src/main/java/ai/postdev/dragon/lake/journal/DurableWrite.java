package ai.postdev.dragon.lake.journal;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;

/** Writes a batch so that it is as durable as was asked for when the call returns. Called under the commit lock. */
final class DurableWrite {
    /** How long a write waits for a database whose memory is full, and how often it looks. */
    private static final Duration STALL_MAX = Duration.ofSeconds(10);

    private static final Duration STALL_LOOK = Duration.ofMillis(2);

    private DurableWrite() {}

    static void write(JournalDatabase database, WriteBatch batch, Durability durability) throws RocksDBException {
        // A write that only repeats what is stored must still be as durable as it asks for.
        if (batch.count() > 0) {
            patiently(database, batch, durability);
        } else if (durability == Durability.FSYNC) {
            database.db().flushWal(true);
        }
        if (durability == Durability.OS) {
            database.db().flushWal(false);
        }
    }

    /**
     * The database asks writers to wait while it writes its memory to disk. On a full disk it would have them wait for
     * ever, in silence: so it is told to say so instead, and the waiting is done here, within a bound.
     */
    private static void patiently(JournalDatabase database, WriteBatch batch, Durability durability)
            throws RocksDBException {
        long began = System.nanoTime();
        while (true) {
            try {
                database.db().write(database.atOnce(durability), batch);
                return;
            } catch (RocksDBException e) {
                boolean stalled = e.getStatus() != null && e.getStatus().getCode() == Status.Code.Incomplete;
                if (!stalled || System.nanoTime() - began > STALL_MAX.toNanos()) {
                    throw e;
                }
                LockSupport.parkNanos(STALL_LOOK.toNanos());
            }
        }
    }
}
