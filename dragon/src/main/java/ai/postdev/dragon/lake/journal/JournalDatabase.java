package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.protocol.Reply;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open RocksDB with the journal's families, and everything native around it. What the write-ahead log buffers is
 * handed to the operating system by hand (see {@link Durability}), so that all levels share one log and what survives is
 * always a prefix.
 */
final class JournalDatabase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalDatabase.class);

    private static final double BLOOM_BITS = 10;
    private static final long BLOCK_BYTES = 16 * 1024;
    /** Texts below this stay in the sorted files; larger ones get files of their own, which no compaction rewrites. */
    private static final long BLOB_FILE_FROM_BYTES = 1024;

    private static final double BLOB_COLLECT_AT = 0.3;
    /** Less is not worth a sorted file of its own. */
    private static final long GIVE_BACK_MIN = 8L << 20;

    static {
        RocksDB.loadLibrary();
    }

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final boolean readOnly;
    private final RocksDB db;
    private final ColumnFamilyHandle meta;
    private final ColumnFamilyHandle operations;
    private final ColumnFamilyHandle blobs;
    private final ColumnFamilyHandle derived;
    private final ColumnFamilyHandle quarantine;
    private final WriteOptions synced;
    private final WriteOptions unsynced;
    private final WriteOptions syncedAtOnce;
    private final WriteOptions unsyncedAtOnce;
    private final ReadOptions scan;

    private JournalDatabase(Path dir, JournalSettings settings, WALRecoveryMode recovery, Opening opening)
            throws RocksDBException {
        this.readOnly = opening != Opening.WRITABLE;
        try {
            LRUCache cache = keep(new LRUCache(settings.blockCacheBytes()));
            BloomFilter bloom = keep(new BloomFilter(BLOOM_BITS));
            DBOptions options = keep(new DBOptions())
                    .setCreateIfMissing(!readOnly)
                    .setCreateMissingColumnFamilies(!readOnly)
                    .setWalRecoveryMode(recovery)
                    .setParanoidChecks(opening != Opening.DAMAGED)
                    .setManualWalFlush(true)
                    .setMaxTotalWalSize(settings.walMaxBytes())
                    .setDbWriteBufferSize(settings.writeBufferBytes())
                    .setMaxOpenFiles(settings.openFilesMax())
                    .setMaxBackgroundJobs(settings.backgroundJobs())
                    .setBytesPerSync(1 << 20)
                    .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                    .setMaxLogFileSize(settings.logFileBytes())
                    .setKeepLogFileNum(settings.logFilesMax())
                    .setMaxManifestFileSize(16 << 20)
                    .setStatsDumpPeriodSec(0)
                    .setStatsPersistPeriodSec(0);
            ColumnFamilyOptions rows = keep(family(settings, cache, bloom, CompressionType.ZSTD_COMPRESSION));
            ColumnFamilyOptions texts = keep(family(settings, cache, bloom, CompressionType.NO_COMPRESSION))
                    .setEnableBlobFiles(true)
                    .setMinBlobSize(BLOB_FILE_FROM_BYTES)
                    .setEnableBlobGarbageCollection(true)
                    .setBlobGarbageCollectionForceThreshold(BLOB_COLLECT_AT)
                    .setBlobGarbageCollectionAgeCutoff(1.0);
            List<ColumnFamilyDescriptor> families = List.of(
                    new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, rows),
                    new ColumnFamilyDescriptor(name("operations"), rows),
                    new ColumnFamilyDescriptor(name("blobs"), texts),
                    new ColumnFamilyDescriptor(name("derived"), rows),
                    new ColumnFamilyDescriptor(name("quarantine"), rows));
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            db = keep(
                    readOnly
                            ? RocksDB.openReadOnly(options, dir.toString(), families, handles)
                            : RocksDB.open(options, dir.toString(), families, handles));
            handles.forEach(this::keep);
            meta = handles.get(0);
            operations = handles.get(1);
            blobs = handles.get(2);
            derived = handles.get(3);
            quarantine = handles.get(4);
            synced = keep(new WriteOptions()).setSync(true);
            unsynced = keep(new WriteOptions());
            syncedAtOnce = keep(new WriteOptions()).setSync(true).setNoSlowdown(true);
            unsyncedAtOnce = keep(new WriteOptions()).setNoSlowdown(true);
            scan = keep(new ReadOptions()).setFillCache(false);
        } catch (RocksDBException | RuntimeException | Error e) {
            releaseAll();
            throw e;
        }
    }

    /** Native memory of caches and buffers, in bytes; one cache serves all families. */
    long memoryBytes() throws RocksDBException {
        return db.getLongProperty(operations, "rocksdb.block-cache-usage")
                + buffered()
                + db.getAggregatedLongProperty("rocksdb.estimate-table-readers-mem");
    }

    /**
     * Writes what is buffered to sorted files, if it is much.
     *
     * @return bytes of memory given back
     */
    long giveBack() throws RocksDBException {
        long before = buffered();
        if (readOnly || before < GIVE_BACK_MIN) {
            return 0;
        }
        flush();
        return Math.max(0, before - buffered());
    }

    private long buffered() throws RocksDBException {
        return db.getAggregatedLongProperty("rocksdb.size-all-mem-tables");
    }

    /** The log first: the files must not know what it does not. */
    private void flush() throws RocksDBException {
        db.flushWal(true);
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
            db.flush(flush, families());
        }
    }

    static JournalDatabase open(Path dir, JournalSettings settings, WALRecoveryMode recovery) throws RocksDBException {
        return new JournalDatabase(dir, settings, recovery, Opening.WRITABLE);
    }

    /** For the time when the disk takes no writes: answers reads, the log's content included. */
    static JournalDatabase openReadOnly(Path dir, JournalSettings settings, WALRecoveryMode recovery)
            throws RocksDBException {
        return new JournalDatabase(dir, settings, recovery, Opening.READ_ONLY);
    }

    /** For bringing back what can be read: files of another size than expected and damaged logs are no hindrance. */
    static JournalDatabase openDamaged(Path dir, JournalSettings settings) throws RocksDBException {
        return new JournalDatabase(dir, settings, WALRecoveryMode.SkipAnyCorruptedRecords, Opening.DAMAGED);
    }

    private enum Opening {
        WRITABLE,
        READ_ONLY,
        DAMAGED
    }

    private static ColumnFamilyOptions family(
            JournalSettings settings, LRUCache cache, BloomFilter bloom, CompressionType compression) {
        return new ColumnFamilyOptions()
                .setCompressionType(compression)
                .setLevelCompactionDynamicLevelBytes(true)
                .setWriteBufferSize(settings.writeBufferBytes() / 2)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setBlockSize(BLOCK_BYTES)
                        .setFilterPolicy(bloom)
                        .setCacheIndexAndFilterBlocks(true)
                        .setPinL0FilterAndIndexBlocksInCache(true)
                        .setFormatVersion(6));
    }

    private static byte[] name(String family) {
        return family.getBytes(StandardCharsets.US_ASCII);
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.push(resource);
        return resource;
    }

    RocksDB db() {
        return db;
    }

    boolean readOnly() {
        return readOnly;
    }

    ColumnFamilyHandle meta() {
        return meta;
    }

    ColumnFamilyHandle operations() {
        return operations;
    }

    ColumnFamilyHandle blobs() {
        return blobs;
    }

    ColumnFamilyHandle derived() {
        return derived;
    }

    ColumnFamilyHandle quarantine() {
        return quarantine;
    }

    List<ColumnFamilyHandle> families() {
        return List.of(meta, operations, blobs, derived, quarantine);
    }

    WriteOptions synced() {
        return synced;
    }

    WriteOptions unsynced() {
        return unsynced;
    }

    /** As above, for writes that fail with {@code Incomplete} where they would have to wait. */
    WriteOptions atOnce(Durability durability) {
        return durability == Durability.FSYNC ? syncedAtOnce : unsyncedAtOnce;
    }

    /** For long scans, which must not push hot blocks out of the cache. */
    ReadOptions scan() {
        return scan;
    }

    /** What a database error means to the caller; {@code doing} completes "could not …". */
    static JournalRefused refused(String doing, Path dir, RocksDBException e) {
        Status.Code code =
                e.getStatus() == null ? Status.Code.Undefined : e.getStatus().getCode();
        String text = String.valueOf(e.getMessage());
        boolean missing = text.contains("No such file");
        if (code == Status.Code.Corruption || missing) {
            return JournalRefused.damaged(
                    "journal " + dir + " is damaged, could not " + doing + ": " + text
                            + ". Run `postdevai doctor --repair`",
                    e);
        }
        if (e.getStatus() != null && e.getStatus().getSubCode() == Status.SubCode.NoSpace) {
            return new JournalRefused(
                    Reply.Reason.PRECONDITION,
                    "the disk of journal " + dir + " is full, could not " + doing
                            + "; free some space, writes then go on by themselves",
                    e);
        }
        if (code == Status.Code.Incomplete) {
            return new JournalRefused(
                    Reply.Reason.PRECONDITION,
                    "the disk of journal " + dir + " is full or too slow, could not " + doing + ": " + text
                            + "; look at its free space, writes then go on by themselves",
                    e);
        }
        if (text.toLowerCase(Locale.ROOT).matches("(?s).*(lock file|lock hold).*")) {
            return new JournalRefused(
                    Reply.Reason.PRECONDITION,
                    "journal " + dir + " is in use by another node; stop that node first or use another home (" + text
                            + ")",
                    e);
        }
        String advice = code == Status.Code.IOError
                ? "; the folder must be readable and writable by this user, on a disk in good health"
                : "";
        return new JournalRefused(
                Reply.Reason.PRECONDITION, "could not " + doing + " in journal " + dir + ": " + text + advice, e);
    }

    /**
     * Hands what the log still buffers to the disk, turns the log into sorted files, so that the next start has nothing
     * to recover, and closes. The files are closed even if that fails.
     */
    @Override
    public void close() throws RocksDBException {
        try {
            if (!readOnly) {
                db.flushWal(true);
                try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
                    db.flush(flush, families());
                } catch (RocksDBException e) {
                    // The log is on disk and holds the same; the next start only takes longer to read it.
                    LOG.warn("what is in memory stays in the log only: {}", e.getMessage());
                }
            }
        } finally {
            releaseAll();
        }
    }

    private void releaseAll() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("a native handle did not close", e);
            }
        }
    }
}
