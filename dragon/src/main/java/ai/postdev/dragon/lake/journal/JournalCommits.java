package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.journal.JournalKeys.Slot;
import ai.postdev.dragon.lake.journal.JournalWrite.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.rocksdb.Checkpoint;
import org.rocksdb.RocksDBException;

/**
 * What changes a {@link Journal}: one change at a time, each whole or not at all, none after it was closed or while its disk
 * takes no writes. Safe on any thread; blocks.
 */
final class JournalCommits {
    private final Path dir;
    private final JournalRecovery recovery;
    private final Tails tails;
    private final JournalCounters counters;
    private final ReentrantLock committing = new ReentrantLock();
    /** Held for writing while texts are forgotten, so that a parser that is still at work brings nothing of them back. */
    private final ReentrantReadWriteLock deriving = new ReentrantReadWriteLock();

    private final TextVersions texts;
    private boolean closed; // guarded by committing

    JournalCommits(
            Path dir, JournalSettings settings, JournalRecovery recovery, Tails tails, JournalCounters counters) {
        this.dir = dir;
        this.recovery = recovery;
        this.tails = tails;
        this.counters = counters;
        this.texts = new TextVersions(settings);
    }

    /** As {@link Journal#commit}. */
    List<Outcome> commit(List<JournalWrite> group, Durability durability, Origin origin) {
        committing.lock();
        try {
            String refusal = refusal();
            if (!refusal.isEmpty()) {
                return all(group, new JournalWrite.Refused(Reply.Reason.PRECONDITION, refusal));
            }
            try (Staging staging = new Staging(recovery.database(), tails, texts, origin)) {
                return commit(group, durability, staging);
            }
        } finally {
            committing.unlock();
        }
    }

    private List<Outcome> commit(List<JournalWrite> group, Durability durability, Staging staging) {
        List<Outcome> outcomes = new ArrayList<>(group.size());
        try {
            for (JournalWrite write : group) {
                outcomes.add(staging.stage(write));
            }
            counters.stage(recovery.database(), staging.batch(), staging.blobs());
            if (outcomes.stream().anyMatch(JournalWrite.Written.class::isInstance)) {
                DurableWrite.write(recovery.database(), staging.batch(), durability);
            }
        } catch (RocksDBException e) {
            recovery.failed("write", e);
            return all(group, new JournalWrite.Refused(Reply.Reason.PRECONDITION, recovery.failure()));
        }
        tails.advance(staging.ends());
        counters.committed(staging.blobs(), durability);
        return outcomes;
    }

    private static List<Outcome> all(List<JournalWrite> group, Outcome outcome) {
        return group.stream().map(_ -> outcome).toList();
    }

    /** Why nothing can be written now; empty if writing is possible, if need be after opening again. */
    private String refusal() {
        return closed ? "journal " + dir + " is closed" : recovery.refusal();
    }

    private void requireWritable() throws JournalRefused {
        String refusal = refusal();
        if (!refusal.isEmpty()) {
            throw new JournalRefused(Reply.Reason.PRECONDITION, refusal);
        }
    }

    /** As {@link Journal#erase}. */
    long erase(Slot slot) throws JournalRefused {
        ProjectId project = slot.project();
        try (Erasure erasure =
                recovery.read("look for the dropped events of " + project, database -> Erasure.of(database, slot))) {
            if (erasure.isEmpty()) {
                return 0;
            }
            return inTurn(() -> recovery.read("erase events of " + project, erasure::write));
        }
    }

    /** As {@link Journal#putDerived(String, Map)}. */
    void putDerived(String kind, Map<ContentHash, byte[]> byHash) throws JournalRefused {
        if (!recovery.failure().isEmpty()) {
            throw new JournalRefused(Reply.Reason.PRECONDITION, recovery.failure());
        }
        deriving.readLock().lock();
        try {
            recovery.read("keep " + kind, database -> Texts.putDerived(database, kind, byHash));
        } finally {
            deriving.readLock().unlock();
        }
    }

    /** As {@link Journal#forget}. */
    Forgot forget(ProjectId project) throws JournalRefused {
        return inTurn(() -> {
            deriving.writeLock().lock();
            try {
                Forgot forgot = recovery.read(
                        "forget " + project, database -> Forgetting.forget(database, tails, project, texts, counters));
                tails.forget(project);
                return forgot;
            } finally {
                deriving.writeLock().unlock();
            }
        });
    }

    /** As {@link Journal#repair}. */
    RepairReport repair(ProjectId project) throws JournalRefused {
        return inTurn(() ->
                recovery.read("repair " + project, database -> Repair.repair(database, tails, project, counters)));
    }

    /** As {@link Journal#watched}. */
    void watched(RestoredFolder folder) throws JournalRefused {
        inTurn(() -> recovery.read("note that a folder is watched", database -> {
            database.db().delete(database.meta(), database.unsynced(), JournalKeys.folder(folder.project()));
            database.db().flushWal(false);
            return folder;
        }));
    }

    /** As {@link Journal#copyTo}. */
    void copyTo(Path folder) throws JournalRefused {
        inTurn(() -> recovery.read("copy it", database -> {
            database.db().flushWal(true);
            try (Checkpoint checkpoint = Checkpoint.create(database.db())) {
                checkpoint.createCheckpoint(folder.toString());
            }
            return folder;
        }));
    }

    /** Something that only one may do at a time. */
    private interface Turn<T> {
        T run() throws JournalRefused;
    }

    private <T> T inTurn(Turn<T> turn) throws JournalRefused {
        committing.lock();
        try {
            requireWritable();
            return turn.run();
        } finally {
            committing.unlock();
        }
    }

    /** As {@link Journal#close}. */
    void close() throws JournalRefused {
        committing.lock();
        try {
            if (!closed) {
                closed = true;
                recovery.close();
            }
        } finally {
            texts.close();
            committing.unlock();
        }
    }
}
