package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.ContentHash;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Texts that take the place of others are kept as what is new in them: compressed with a text that is kept in full, the
 * base, as dictionary. A base is never such a version itself, so reading a text takes at most two look-ups, and at most
 * {@link JournalSettings#versionsMax} versions are lost with a base. Not safe for several threads; those that commit take
 * turns.
 */
final class TextVersions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TextVersions.class);

    /** Texts beyond it are kept in full: the window of compression would not reach over both. */
    static final int TEXT_MAX = 1 << 20;
    /** A version is kept as what is new if that takes at most this part of what it takes in full. */
    private static final int WORTH_PART = 2;
    /** Faster levels look at few places of the dictionary only. */
    private static final int LEVEL_MIN = 3;
    /** Bytes that are written at once where many versions are turned into full texts. */
    private static final long BATCH_BYTES = 8L << 20;

    private final ZstdCompressCtx full = new ZstdCompressCtx();
    private final int level;
    private final int versionsMax;

    TextVersions(JournalSettings settings) {
        full.setLevel(settings.zstdLevel());
        full.setContentSize(false);
        level = Math.max(LEVEL_MIN, settings.zstdLevel());
        versionsMax = settings.versionsMax();
    }

    /** The record of a text in full. */
    byte[] inFull(byte[] text) {
        return Records.blob(text, full);
    }

    /**
     * The record of a text.
     *
     * @param before the text that it takes the place of; where that is not stored, or has little in common, it is kept in
     *     full
     */
    byte[] record(JournalDatabase database, byte[] text, Optional<ContentHash> before) throws RocksDBException {
        byte[] whole = inFull(text);
        byte[] version = before.isEmpty() || text.length > TEXT_MAX || versionsMax == 0
                ? whole
                : version(database, text, before.get(), whole);
        return version.length * WORTH_PART <= whole.length ? version : whole;
    }

    private byte[] version(JournalDatabase database, byte[] text, ContentHash before, byte[] whole)
            throws RocksDBException {
        byte[] record = database.db().get(database.blobs(), JournalKeys.blob(before));
        if (record == null) {
            return whole;
        }
        Optional<Records.Version> known = Records.version(record);
        int number = known.map(Records.Version::number).orElse(0) + 1;
        ContentHash base = known.map(Records.Version::base).orElse(before);
        byte[] baseRecord = known.isEmpty() ? record : database.db().get(database.blobs(), JournalKeys.blob(base));
        if (number > versionsMax || baseRecord == null || Records.textLength(baseRecord) > TEXT_MAX) {
            return whole;
        }
        try {
            byte[] dictionary = Records.text(baseRecord);
            return Records.version(
                    new Records.Version(base, number), text.length, Zstd.compressUsingDict(text, dictionary, level));
        } catch (IOException | ZstdException e) {
            LOG.info("text after {} is kept in full: {}", before, e.getMessage());
            return whole;
        }
    }

    /**
     * Keeps in full what is kept as a version of texts that are about to go. Reads all texts; each step is written for
     * itself, as it changes nothing that can be read.
     *
     * @param gone texts that go; versions among them are passed over
     */
    void detach(JournalDatabase database, Set<ContentHash> gone, JournalCounters counters) throws RocksDBException {
        if (gone.isEmpty()) {
            return;
        }
        JournalCounters.Change change = JournalCounters.Change.NONE;
        try (WriteBatch batch = new WriteBatch();
                RocksIterator at = database.db().newIterator(database.blobs(), database.scan())) {
            for (at.seekToFirst(); at.isValid(); at.next()) {
                byte[] record = at.value();
                Optional<Records.Version> version = Records.version(record);
                if (version.isPresent()
                        && gone.contains(version.get().base())
                        && !gone.contains(ContentHash.fromBytes(at.key()))) {
                    change = change.plus(inFull(database, batch, at.key(), record));
                }
                if (batch.getDataSize() >= BATCH_BYTES) {
                    write(database, batch, counters, change);
                    change = JournalCounters.Change.NONE;
                }
            }
            at.status();
            write(database, batch, counters, change);
        }
    }

    private JournalCounters.Change inFull(JournalDatabase database, WriteBatch batch, byte[] key, byte[] record)
            throws RocksDBException {
        try {
            byte[] whole = inFull(Texts.text(database, record));
            batch.put(database.blobs(), key, whole);
            return new JournalCounters.Change(0, 0, (long) whole.length - record.length);
        } catch (IOException e) {
            LOG.warn("a text stays unreadable: {}", e.getMessage()); // it was before; `doctor` names it
            return JournalCounters.Change.NONE;
        }
    }

    private static void write(
            JournalDatabase database, WriteBatch batch, JournalCounters counters, JournalCounters.Change change)
            throws RocksDBException {
        counters.stage(database, batch, change);
        database.db().write(database.unsynced(), batch);
        counters.changed(change);
        batch.clear();
    }

    @Override
    public void close() {
        full.close();
    }
}
