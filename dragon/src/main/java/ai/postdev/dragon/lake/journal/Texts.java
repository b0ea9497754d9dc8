package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.ContentHash;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Reads and writes what is kept by content hash: texts, and data derived from them. */
final class Texts {
    /**
     * A base is kept in full. It may have been lost, set aside by a repair and stored again as a version, each time one
     * further from what a version of it needs.
     */
    private static final int BASES_MAX = 8;

    private Texts() {}

    static boolean stored(JournalDatabase database, ContentHash hash) {
        return database.db().keyExists(database.blobs(), JournalKeys.blob(hash));
    }

    static Optional<byte[]> read(JournalDatabase database, ContentHash hash) throws RocksDBException, JournalRefused {
        byte[] record = database.db().get(database.blobs(), JournalKeys.blob(hash));
        if (record == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(text(database, record));
        } catch (IOException e) {
            throw JournalRefused.damaged(
                    "text " + hash + " is unreadable: " + e.getMessage()
                            + ". Run `postdevai doctor --repair`: it reads the file again where it still exists",
                    e);
        }
    }

    /**
     * The text in a record.
     *
     * @throws IOException if it cannot be read, or what it is a version of cannot
     */
    static byte[] text(JournalDatabase database, byte[] record) throws RocksDBException, IOException {
        return text(database, record, 0);
    }

    private static byte[] text(JournalDatabase database, byte[] record, int bases)
            throws RocksDBException, IOException {
        Optional<Records.Version> version = Records.version(record);
        if (version.isEmpty()) {
            return Records.text(record);
        }
        ContentHash base = version.get().base();
        byte[] of = database.db().get(database.blobs(), JournalKeys.blob(base));
        if (of == null || bases == BASES_MAX) {
            throw new IOException("it is a version of text " + base + ", which is gone");
        }
        byte[] before;
        try {
            before = text(database, of, bases + 1);
        } catch (IOException e) {
            throw new IOException("it is a version of text " + base + ", which is unreadable: " + e.getMessage(), e);
        }
        return Records.text(record, before);
    }

    static Optional<byte[]> derived(JournalDatabase database, String kind, ContentHash hash) throws RocksDBException {
        byte[] record = database.db().get(database.derived(), JournalKeys.derived(kind, hash));
        return record == null ? Optional.empty() : Records.derivedBytes(record);
    }

    /** Keeps derived data of texts that are stored; what was derived from a text forgotten meanwhile is dropped. */
    static int putDerived(JournalDatabase database, String kind, Map<ContentHash, byte[]> byHash)
            throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            for (Map.Entry<ContentHash, byte[]> one : byHash.entrySet()) {
                if (stored(database, one.getKey())) {
                    batch.put(
                            database.derived(),
                            JournalKeys.derived(kind, one.getKey()),
                            Records.derived(one.getValue()));
                }
            }
            database.db().write(database.unsynced(), batch);
            return batch.count();
        }
    }

    static boolean dropDerived(JournalDatabase database, String kind) throws RocksDBException {
        database.db()
                .deleteRange(
                        database.derived(), database.unsynced(), JournalKeys.kind(kind), JournalKeys.afterKind(kind));
        return true;
    }
}
