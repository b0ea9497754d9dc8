package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.Reply;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal's database and what becomes of it when a write fails: writes are refused with the reason, reads go on, and
 * it is opened again as soon as the disk lets it. Reads may come from any thread; all else is called under the journal's
 * commit lock.
 */
final class JournalRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(JournalRecovery.class);

    private final JournalHome home;
    private final JournalSettings settings;
    private final Tails tails;
    private final JournalCounters counters;
    private final ReentrantReadWriteLock handle = new ReentrantReadWriteLock();
    private JournalDatabase database; // guarded by handle; null when closed or when nothing could be opened
    private volatile String failure = ""; // why writes are refused; empty when they are not
    private long triedAt; // nanoTime of the last try to recover

    JournalRecovery(JournalHome home, JournalSettings settings, Tails tails, JournalCounters counters) {
        this.home = home;
        this.settings = settings;
        this.tails = tails;
        this.counters = counters;
    }

    /** Opens the database for the first time. */
    JournalDatabase open() throws RocksDBException, JournalRefused {
        database = home.open(settings);
        return database;
    }

    /** The database, for a write that {@link #refusal} did not refuse. */
    JournalDatabase database() {
        return database;
    }

    /** Why writes are refused since one failed; empty when they are not. Any thread. */
    String failure() {
        return failure;
    }

    /** A write failed; {@code doing} completes "could not …". From now on writes are refused. */
    void failed(String doing, RocksDBException e) {
        JournalRefused refused = JournalDatabase.refused(doing, home.dir(), e);
        LOG.error("{}; reads go on, writes are refused", refused.getMessage());
        failure = refused.getMessage();
        triedAt = System.nanoTime();
        counters.failed();
    }

    /** Why nothing can be written now; empty if writing is possible, if need be after opening again. */
    String refusal() {
        long free = home.freeBytes();
        if (free < settings.freeBytesMin()) {
            return "the disk of journal " + home.dir() + " has " + free + " bytes free, expected at least "
                    + settings.freeBytesMin() + "; free some space, writes then go on by themselves";
        }
        if (!failure.isEmpty()
                && System.nanoTime() - triedAt >= settings.recoverInterval().toNanos()) {
            recover();
        }
        return failure;
    }

    /**
     * Opens the database again. A write that was refused but had reached the log is taken back, so that its sequence is
     * free again; without that, the caller's view and the journal would differ.
     */
    private void recover() {
        triedAt = System.nanoTime();
        handle.writeLock().lock();
        try {
            try {
                if (database != null) {
                    closeDatabase();
                }
                database = home.open(settings);
                Map<ProjectId, Map<Origin, Tails.Tail>> found =
                        Rows.index(database, home.dir(), settings, new ArrayList<>());
                Rows.dropAfter(database, found, tails);
                tails.clear();
                tails.advance(Rows.index(database, home.dir(), settings, new ArrayList<>()));
                counters.load(database);
                failure = "";
                LOG.info("journal {} takes writes again", home.dir());
            } catch (RocksDBException | JournalRefused e) {
                failure = e instanceof JournalRefused
                        ? e.getMessage()
                        : JournalDatabase.refused("open again", home.dir(), (RocksDBException) e)
                                .getMessage();
                readOnly();
            }
        } finally {
            handle.writeLock().unlock();
        }
    }

    /** The disk takes no writes yet: at least answer reads. */
    private void readOnly() {
        try {
            if (database == null) {
                database = home.openReadOnly(settings);
            }
        } catch (JournalRefused e) {
            failure = failure + "; reading failed too: " + e.getMessage();
        }
    }

    private void closeDatabase() {
        try {
            database.close();
        } catch (RocksDBException e) {
            LOG.warn("journal {} closed after a failure: {}", home.dir(), e.getMessage());
        } finally {
            database = null;
        }
    }

    /** Something that reads the database. */
    interface Read<T> {
        T from(JournalDatabase database) throws RocksDBException, JournalRefused;
    }

    /** Reads while nobody closes the database or opens it again; {@code doing} completes "could not …". Any thread. */
    <T> T read(String doing, Read<T> read) throws JournalRefused {
        handle.readLock().lock();
        try {
            if (database == null) {
                throw new JournalRefused(
                        Reply.Reason.UNAVAILABLE, failure.isEmpty() ? "journal " + home.dir() + " is closed" : failure);
            }
            return read.from(database);
        } catch (RocksDBException e) {
            throw JournalDatabase.refused(doing, home.dir(), e);
        } finally {
            handle.readLock().unlock();
        }
    }

    /** Waits for reads, syncs and closes; whoever reads later is refused. */
    void close() throws JournalRefused {
        handle.writeLock().lock();
        try {
            if (database != null) {
                database.close();
            }
        } catch (RocksDBException e) {
            throw JournalDatabase.refused("close it", home.dir(), e);
        } finally {
            database = null;
            handle.writeLock().unlock();
        }
    }
}
