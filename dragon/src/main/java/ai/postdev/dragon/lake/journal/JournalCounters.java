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
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong syncs = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    void load(JournalDatabase database) throws RocksDBException {
        byte[] value = database.db().get(database.meta(), BLOBS_KEY);
        ByteBuffer stored = ByteBuffer.wrap(value == null ? new byte[2 * Long.BYTES] : value);
        blobs.set(stored.getLong());
        blobBytes.set(stored.getLong());
    }

    /** Adds the counts after this commit to its batch. */
    void stage(JournalDatabase database, Staging staging) throws RocksDBException {
        if (staging.blobCount() > 0) {
            stage(database, staging.batch(), staging.blobCount(), staging.blobBytes());
        }
    }

    void stage(JournalDatabase database, WriteBatch batch, long blobsAdded, long bytesAdded) throws RocksDBException {
        batch.put(
                database.meta(),
                BLOBS_KEY,
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(blobs.get() + blobsAdded)
                        .putLong(blobBytes.get() + bytesAdded)
                        .array());
    }

    void committed(Staging staging, Durability durability) {
        added(staging.blobCount(), staging.blobBytes());
        commits.incrementAndGet();
        if (durability == Durability.FSYNC) {
            syncs.incrementAndGet();
        }
    }

    void added(long blobsAdded, long bytesAdded) {
        blobs.addAndGet(blobsAdded);
        blobBytes.addAndGet(bytesAdded);
    }

    void failed() {
        failed.incrementAndGet();
    }

    JournalStats stats(JournalDatabase database, long operations, String refusing) throws RocksDBException {
        return new JournalStats(
                operations,
                bytes(database, database.operations()),
                blobs.get(),
                blobBytes.get(),
                bytes(database, database.blobs()),
                bytes(database, database.derived()),
                commits.get(),
                syncs.get(),
                failed.get(),
                refusing);
    }

    private static long bytes(JournalDatabase database, ColumnFamilyHandle family) throws RocksDBException {
        return database.db().getLongProperty(family, "rocksdb.total-sst-files-size")
                + database.db().getLongProperty(family, "rocksdb.total-blob-file-size")
                + database.db().getLongProperty(family, "rocksdb.cur-size-all-mem-tables");
    }
}
