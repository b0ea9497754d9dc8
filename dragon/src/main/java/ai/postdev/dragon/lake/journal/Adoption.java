package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.journal.JournalKeys.Slot;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes whole projects in from outside, all or none of them: a copy of the journal is made beside it (files that never
 * change are shared, so it costs little), the projects go into the copy, and {@link #finish} puts it in the journal's
 * place. A process that dies before leaves the journal as it was. No journal of the folder may be open. Adopted
 * operations keep their origins; if this home's own is among them it takes a new one, since an origin must never use a
 * sequence twice. One thread; blocks.
 */
public final class Adoption implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);
    private static final int BATCH_ROWS = 1_000;
    private static final long BATCH_BYTES = 4 << 20;

    private final JournalHome home;
    private final Set<ProjectId> projects;
    private final Origin own;
    private final JournalDatabase database;
    private final JournalCounters counters = new JournalCounters();
    private final ZstdCompressCtx zstd = new ZstdCompressCtx();
    private final WriteBatch batch = new WriteBatch();
    private final Set<ContentHash> waiting = new HashSet<>();
    private final Map<Slot, Long> next = new HashMap<>();
    private JournalCounters.Change texts = JournalCounters.Change.NONE;
    private boolean ownAdopted;
    private boolean closed;

    /**
     * Begins to take {@code projects} in.
     *
     * @param dir of the journal; made if there is none
     * @throws JournalRefused if one of them is there already, or the journal cannot be opened
     */
    public static Adoption begin(Path dir, JournalSettings settings, Set<ProjectId> projects) throws JournalRefused {
        JournalHome home = new JournalHome(dir);
        Origin own;
        try (Journal journal = Journal.open(dir, settings)) {
            Set<ProjectId> there = new TreeSet<>(projects);
            there.retainAll(journal.projects());
            if (!there.isEmpty()) {
                throw new JournalRefused(
                        Reply.Reason.PRECONDITION,
                        "project " + there.iterator().next() + " is in this home already, with "
                                + journal.operations(there.iterator().next()) + " operations; use another home"
                                + " (POSTDEVAI_HOME), or remove it here first: postdevai up, then postdevai forget "
                                + there.iterator().next());
            }
            own = journal.origin();
            journal.copyTo(home.restoring());
        }
        try {
            return new Adoption(home, settings, projects, own);
        } catch (RocksDBException e) {
            throw JournalDatabase.refused("open its copy", dir, e);
        }
    }

    private Adoption(JournalHome home, JournalSettings settings, Set<ProjectId> projects, Origin own)
            throws RocksDBException {
        this.home = home;
        this.projects = Set.copyOf(projects);
        this.own = own;
        zstd.setLevel(settings.zstdLevel());
        zstd.setContentSize(false);
        database = JournalDatabase.open(home.restoring(), settings, WALRecoveryMode.TolerateCorruptedTailRecords);
        counters.load(database);
    }

    /** The operations of an origin begin with {@code sequence}; to be told before the first of them. */
    public void start(ProjectId project, Origin origin, long sequence) throws JournalRefused {
        next.put(new Slot(project, origin, 1), sequence);
        if (sequence > 1) {
            doing(() -> batch.put(
                    database.meta(),
                    JournalKeys.start(project, origin),
                    ByteBuffer.allocate(Long.BYTES).putLong(sequence).array()));
        }
    }

    /** The next operation of its origin. */
    public void operation(Operation operation) throws JournalRefused {
        put(new Slot(operation.project(), operation.origin(), operation.sequence()), Records.operation(operation));
    }

    /** In the place of the next operation of an origin, which was lost to damage. */
    public void lost(ProjectId project, Origin origin, long sequence, String why) throws JournalRefused {
        put(new Slot(project, origin, sequence), Records.lost(why));
    }

    /** In the place of the next operation of an origin, an event that the rules of retention dropped. */
    public void dropped(ProjectId project, Origin origin, long sequence, long digest) throws JournalRefused {
        put(new Slot(project, origin, sequence), Records.dropped(digest));
    }

    /** Where the working tree of one of the projects is: comes with it, and not without. */
    public void folder(RestoredFolder folder) throws JournalRefused {
        doing(() -> batch.put(database.meta(), JournalKeys.folder(folder.project()), folder.bytes()));
    }

    private void put(Slot slot, byte[] record) throws JournalRefused {
        Slot origin = new Slot(slot.project(), slot.origin(), 1);
        long expected = next.getOrDefault(origin, 1L);
        if (!projects.contains(slot.project()) || slot.sequence() != expected) {
            throw new JournalRefused(
                    Reply.Reason.INVALID, slot + " cannot be taken in: expected sequence " + expected + " of it");
        }
        next.put(origin, expected + 1);
        ownAdopted |= slot.origin().equals(own);
        doing(() -> batch.put(database.operations(), JournalKeys.operation(slot), record));
        writeFull();
    }

    /** A text; nothing happens if it is there. */
    public void text(ContentHash hash, byte[] text) throws JournalRefused {
        if (waiting.contains(hash) || database.db().keyExists(database.blobs(), JournalKeys.blob(hash))) {
            return;
        }
        byte[] record = Records.blob(text, zstd);
        doing(() -> batch.put(database.blobs(), JournalKeys.blob(hash), record));
        waiting.add(hash);
        texts = texts.plus(text.length, record.length);
        writeFull();
    }

    private void writeFull() throws JournalRefused {
        if (batch.count() >= BATCH_ROWS || batch.getDataSize() >= BATCH_BYTES) {
            write();
        }
    }

    private void write() throws JournalRefused {
        doing(() -> {
            DurableWrite.write(database, batch, Durability.NONE);
            batch.clear();
        });
        waiting.clear();
    }

    private interface Work {
        void run() throws RocksDBException;
    }

    private void doing(Work work) throws JournalRefused {
        try {
            work.run();
        } catch (RocksDBException e) {
            throw JournalDatabase.refused("take a project in", home.dir(), e);
        }
    }

    /** Puts the copy in the journal's place: from here on the projects are there, whatever happens. */
    public void finish() throws JournalRefused {
        doing(() -> counters.stage(database, batch, texts));
        write();
        doing(() -> {
            if (ownAdopted) {
                JournalHome.newOrigin(database);
            }
            database.db().flushWal(true);
            try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
                database.db().flush(flush, database.families());
            }
            release();
        });
        try {
            home.replaceByRestored();
        } catch (IOException e) {
            throw new JournalRefused(
                    Reply.Reason.PRECONDITION,
                    "the restored journal cannot take its place in " + home.dir() + ": " + e
                            + "; see that the folder can be written, the next start then finishes it or clears it away",
                    e);
        }
    }

    private void release() throws RocksDBException {
        if (!closed) {
            closed = true;
            batch.close();
            zstd.close();
            database.close();
        }
    }

    /** Clears the copy away, unless it has taken its place. */
    @Override
    public void close() {
        try {
            release();
            Trees.remove(home.restoring());
        } catch (IOException | RocksDBException e) {
            LOG.warn("{} is left behind until the next start: {}", home.restoring(), e.getMessage());
        }
    }
}
