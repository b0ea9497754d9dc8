package ai.postdev.dragon.lake.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Counts that a scan would be too dear for. Those of the texts are stored with every commit that changes them. */
final class JournalCounters {
    private static final byte[] BLOBS_KEY = "blobs".getBytes(StandardCharsets.US_ASCII);

    private final AtomicLong blobs = new AtomicLong();
    private final AtomicLong blobBytes = new AtomicLong();
    private final AtomicLong blobDiskBytes = new AtomicLong();
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong syncs = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    void load(JournalDatabase database) throws RocksDBException {
        byte[] value = database.db().get(database.meta(), BLOBS_KEY);
        ByteBuffer stored = ByteBuffer.wrap(value == null ? new byte[3 * Long.BYTES] : value);
        blobs.set(stored.getLong());
        blobBytes.set(stored.getLong());
        blobDiskBytes.set(stored.getLong());
    }

    /** Texts that came, or with negative numbers went. */
    record Change(long blobs, long bytes, long diskBytes) {
        static final Change NONE = new Change(0, 0, 0);

        Change plus(long bytesMore, long diskBytesMore) {
            return new Change(blobs + 1, bytes + bytesMore, diskBytes + diskBytesMore);
        }

        Change plus(Change other) {
            return new Change(blobs + other.blobs, bytes + other.bytes, diskBytes + other.diskBytes);
        }

        Change negated() {
            return new Change(-blobs, -bytes, -diskBytes);
        }
    }

    /** Puts the counts as they are after {@code change} into the batch that makes it. */
    void stage(JournalDatabase database, WriteBatch batch, Change change) throws RocksDBException {
        if (change.equals(Change.NONE)) {
            return;
        }
        batch.put(
                database.meta(),
                BLOBS_KEY,
                ByteBuffer.allocate(3 * Long.BYTES)
                        .putLong(blobs.get() + change.blobs())
                        .putLong(blobBytes.get() + change.bytes())
                        .putLong(blobDiskBytes.get() + change.diskBytes())
                        .array());
    }

    void committed(Change change, Durability durability) {
        changed(change);
        commits.incrementAndGet();
        if (durability == Durability.FSYNC) {
            syncs.incrementAndGet();
        }
    }

    void changed(Change change) {
        blobs.addAndGet(change.blobs());
        blobBytes.addAndGet(change.bytes());
        blobDiskBytes.addAndGet(change.diskBytes());
    }

    void failed() {
        failed.incrementAndGet();
    }

    JournalStats stats(JournalDatabase database, long operations, long diskBytes, String refusing)
            throws RocksDBException {
        return new JournalStats(
                operations,
                sorted(database, database.operations()),
                blobs.get(),
                blobBytes.get(),
                blobDiskBytes.get(),
                sorted(database, database.derived()),
                diskBytes,
                commits.get(),
                syncs.get(),
                failed.get(),
                refusing);
    }

    private static long sorted(JournalDatabase database, ColumnFamilyHandle family) throws RocksDBException {
        return database.db().getLongProperty(family, "rocksdb.total-sst-files-size");
    }
}
