package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes a project and what only it refers to. */
final class Forgetting {
    private static final Logger LOG = LoggerFactory.getLogger(Forgetting.class);

    private Forgetting() {}

    static Forgot forget(
            JournalDatabase database, Tails tails, ProjectId project, TextVersions versions, JournalCounters counters)
            throws RocksDBException {
        Set<ContentHash> only = new HashSet<>();
        long operations = texts(database, tails, project, only::add);
        boolean allKnown = true;
        for (ProjectId other : tails.projects()) {
            if (!other.equals(project)) {
                long readable = texts(database, tails, other, only::remove);
                allKnown &= readable
                        == tails.of(other).values().stream()
                                .mapToLong(tail -> tail.sequence() - tail.start() + 1)
                                .sum();
            }
        }
        if (!allKnown) {
            // What an unreadable operation refers to is unknown, so nothing that it might need may go.
            LOG.warn("forgetting {}: its texts stay, another project has unreadable operations", project);
            only.clear();
        }
        versions.detach(database, only, counters);
        return remove(database, project, only, operations, counters);
    }

    /** Hands out the hash of every text a project refers to; the answer is how many operations could be read. */
    private static long texts(JournalDatabase database, Tails tails, ProjectId project, Consumer<ContentHash> to)
            throws RocksDBException {
        long readable = 0;
        for (Map.Entry<Origin, Tails.Tail> end : tails.of(project).entrySet()) {
            long next = end.getValue().start();
            long last = end.getValue().sequence();
            while (next <= last) {
                List<Rows.Row> rows = Rows.page(database, project, end.getKey(), next, last);
                if (rows.isEmpty()) {
                    break;
                }
                for (Rows.Row row : rows) {
                    Records.Found found = row.found();
                    if (found instanceof Records.Dropped) {
                        readable++; // an event: refers to no text
                    } else if (found instanceof Records.Good good) {
                        readable++;
                        if (good.operation().body() instanceof Body.PutDocument put) {
                            to.accept(put.hash());
                        }
                    }
                }
                next = rows.getLast().slot().sequence() + 1;
            }
        }
        return readable;
    }

    private static Forgot remove(
            JournalDatabase database,
            ProjectId project,
            Set<ContentHash> texts,
            long operations,
            JournalCounters counters)
            throws RocksDBException {
        List<String> kinds = kinds(database);
        JournalCounters.Change gone = JournalCounters.Change.NONE;
        try (WriteBatch batch = new WriteBatch()) {
            byte[] from = JournalKeys.project(project);
            byte[] to = JournalKeys.afterProject(project);
            batch.deleteRange(database.operations(), from, to);
            batch.deleteRange(database.quarantine(), from, to);
            batch.deleteRange(database.meta(), JournalKeys.starts(project), JournalKeys.afterStarts(project));
            batch.deleteRange(database.meta(), JournalKeys.erasures(project), JournalKeys.afterErasures(project));
            batch.delete(database.meta(), JournalKeys.folder(project));
            for (ContentHash hash : texts) {
                byte[] record = database.db().get(database.blobs(), JournalKeys.blob(hash));
                if (record != null) {
                    gone = gone.plus(Records.textLength(record), record.length);
                    batch.delete(database.blobs(), JournalKeys.blob(hash));
                }
                for (String kind : kinds) {
                    batch.delete(database.derived(), JournalKeys.derived(kind, hash));
                }
            }
            counters.stage(database, batch, gone.negated());
            database.db().write(database.synced(), batch);
        }
        counters.changed(gone.negated());
        erase(database);
        return new Forgot(operations, gone.blobs(), gone.bytes());
    }

    private static List<String> kinds(JournalDatabase database) throws RocksDBException {
        List<String> kinds = new ArrayList<>();
        try (RocksIterator at = database.db().newIterator(database.derived(), database.scan())) {
            at.seekToFirst();
            while (at.isValid()) {
                String kind = JournalKeys.kindOf(at.key());
                kinds.add(kind);
                at.seek(JournalKeys.afterKind(kind));
            }
            at.status();
        }
        return kinds;
    }

    /** Deleted is not gone: rewrites the files, and with the flush the log's old parts go too. */
    private static void erase(JournalDatabase database) throws RocksDBException {
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
            database.db().flush(flush, database.families());
        }
        for (ColumnFamilyHandle family : database.families()) {
            database.db().compactRange(family);
        }
    }
}
