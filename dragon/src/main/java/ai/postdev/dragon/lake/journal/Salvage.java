package ai.postdev.dragon.lake.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.cluster.SafeFiles;
import ai.postdev.dragon.lake.journal.JournalKeys.Slot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.SstFileReader;
import org.rocksdb.SstFileReaderIterator;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies what can be read of a damaged database into a fresh one. An iterator cannot pass an unreadable block, so
 * operations are read from both ends, and what lies between is asked for one by one. If the database does not open at all,
 * its sorted files are read one by one. Of the log, the
 * rest of a block of 32 KiB is lost after its first bad record. Derived data is left behind.
 */
final class Salvage {
    private static final Logger LOG = LoggerFactory.getLogger(Salvage.class);

    private static final int BATCH = 1_000;
    /** Unreadable operations in a row after which an origin is taken to have ended. */
    private static final int UNREADABLE_MAX = 10_000;

    private JournalDatabase from;
    private final JournalDatabase to;
    private final Set<ContentHash> texts = new HashSet<>();
    private final Map<String, Long> starts = new HashMap<>();
    private JournalCounters.Change copied = JournalCounters.Change.NONE;

    private Salvage(JournalDatabase to) {
        this.to = to;
    }

    static SalvageReport run(JournalHome home, JournalSettings settings) throws JournalRefused {
        home.refuseNewerFormat();
        RocksLibrary.load(home.dir().resolve("native"));
        Path partial = home.dir().resolve("rocks.partial");
        makeRoom(home);
        try (FileChannel lock = FileChannel.open(
                        home.rocks().resolve("LOCK"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = lock.tryLock()) {
            if (held == null) {
                throw new JournalRefused(
                        Reply.Reason.PRECONDITION,
                        "journal " + home.dir() + " is in use by a running node; stop that node first");
            }
            Trees.remove(partial);
            Trees.remove(home.salvaged()); // of a salvage that broke off before it set the damaged files aside
            Map<ProjectId, RepairReport> projects = copy(home, settings, partial);
            FileList.restore(home.rocks());
            // Each step is on the disk before the next: in another order, a cut of the power would leave no journal.
            SafeFiles.move(partial, home.salvaged());
            Path aside = free(home.dir());
            SafeFiles.move(home.rocks(), aside);
            SafeFiles.move(home.salvaged(), home.rocks());
            home.writeFormat();
            return new SalvageReport(projects, aside);
        } catch (JournalRefused e) {
            throw e;
        } catch (RocksDBException e) {
            throw new JournalRefused(
                    Reply.Reason.PRECONDITION,
                    "journal " + home.dir() + " cannot be salvaged: " + e.getMessage()
                            + ". Restore a backup, or move the folder away to start anew",
                    e);
        } catch (IOException | OverlappingFileLockException e) {
            throw new JournalRefused(
                    Reply.Reason.PRECONDITION, "journal " + home.dir() + " cannot be salvaged now: " + e, e);
        }
    }

    /** Where the database is gone there is nothing to read, and an empty one is what comes of it. */
    private static void makeRoom(JournalHome home) throws JournalRefused {
        try {
            home.finishBrokenOff();
            Files.createDirectories(home.rocks());
        } catch (IOException e) {
            throw new JournalRefused(
                    Reply.Reason.PRECONDITION, "journal " + home.dir() + " cannot be salvaged now: " + e, e);
        }
    }

    private static Map<ProjectId, RepairReport> copy(JournalHome home, JournalSettings settings, Path partial)
            throws RocksDBException, JournalRefused, IOException {
        try (JournalDatabase to =
                JournalDatabase.open(partial, settings, WALRecoveryMode.TolerateCorruptedTailRecords)) {
            Salvage salvage = new Salvage(to);
            try (JournalDatabase from = openDamaged(home, settings)) {
                salvage.copy(from);
            } catch (RocksDBException e) {
                refuseNewer(e);
                // Without the list of its files it is no database any more; the files themselves may still be whole.
                LOG.warn("journal {} is read file by file: {}", home.dir(), e.getMessage());
                salvage.files(home.rocks());
            }
            JournalCounters counters = new JournalCounters();
            try (WriteBatch batch = new WriteBatch()) {
                counters.stage(to, batch, salvage.copied);
                to.db().write(to.unsynced(), batch);
                counters.changed(salvage.copied);
            }
            Tails tails = new Tails();
            tails.advance(Rows.index(to, home.dir(), settings, new ArrayList<>()));
            Map<ProjectId, RepairReport> projects = new TreeMap<>();
            for (ProjectId project : tails.projects()) {
                projects.put(project, Repair.repair(to, tails, project, counters));
            }
            return projects;
        }
    }

    private static JournalDatabase openDamaged(JournalHome home, JournalSettings settings)
            throws RocksDBException, IOException {
        try {
            return JournalDatabase.openDamaged(home.rocks(), settings);
        } catch (RocksDBException e) {
            refuseNewer(e);
            if (!FileList.mend(home.rocks())) {
                throw e;
            }
            LOG.warn("journal {} has a damaged list of files: {}", home.dir(), e.getMessage());
            return JournalDatabase.openDamaged(home.rocks(), settings);
        }
    }

    /** What a newer version of the database wrote is no damage. */
    private static void refuseNewer(RocksDBException e) throws RocksDBException {
        if (e.getStatus() != null && e.getStatus().getCode() == Status.Code.NotSupported) {
            throw e;
        }
    }

    private void copy(JournalDatabase damaged) throws RocksDBException {
        from = damaged;
        starts();
        operations();
        texts();
        quarantine();
    }

    /** Takes operations from the sorted files one by one; larger texts lie elsewhere and count as lost. */
    private void files(Path rocks) throws RocksDBException, IOException {
        List<Path> sorted;
        try (Stream<Path> all = Files.list(rocks)) {
            sorted = all.filter(file -> file.toString().endsWith(".sst"))
                    .sorted()
                    .toList();
        }
        try (Options options = new Options();
                ReadOptions reading = new ReadOptions();
                Batch batch = new Batch()) {
            for (Path file : sorted) {
                try (SstFileReader reader = new SstFileReader(options)) {
                    reader.open(file.toString());
                    String family = new String(reader.getTableProperties().getColumnFamilyName(), US_ASCII);
                    if (family.equals("operations") || family.equals("default")) {
                        rows(reader, reading, batch, family.equals("default"));
                    }
                } catch (RocksDBException e) {
                    LOG.warn("{} cannot be read: {}", file, e.getMessage());
                }
            }
        }
    }

    private void rows(SstFileReader reader, ReadOptions reading, Batch batch, boolean meta) throws RocksDBException {
        try (SstFileReaderIterator at = reader.newIterator(reading)) {
            for (at.seekToFirst(); at.isValid(); at.next()) {
                if (!meta) {
                    take(batch, at.key(), at.value());
                } else if (JournalKeys.isStart(at.key())) {
                    batch.put(new Row(to.meta(), at.key(), at.value()));
                }
            }
            at.status();
        }
    }

    /** Origins that do not begin with 1 say so; unreadable, the sequences before would count as lost. */
    private void starts() throws RocksDBException {
        try (Batch batch = new Batch();
                RocksIterator at = from.db().newIterator(from.meta(), from.scan())) {
            for (at.seekToFirst(); at.isValid(); at.next()) {
                if (JournalKeys.isStart(at.key()) && at.value().length == Long.BYTES) {
                    batch.put(new Row(to.meta(), at.key(), at.value()));
                    starts.put(
                            HexFormat.of().formatHex(at.key()),
                            ByteBuffer.wrap(at.value()).getLong());
                }
            }
            readable(at);
        }
    }

    private static String origin(Slot slot) {
        return HexFormat.of().formatHex(JournalKeys.start(slot.project(), slot.origin()));
    }

    private void operations() throws RocksDBException {
        Slot last = null;
        Slot first = null;
        try (Batch batch = new Batch();
                RocksIterator at = from.db().newIterator(from.operations(), from.scan())) {
            for (at.seekToFirst(); at.isValid(); at.next()) {
                last = take(batch, at.key(), at.value());
            }
            if (readable(at)) {
                return;
            }
            byte[] stop = last == null ? new byte[0] : JournalKeys.operation(last);
            for (at.seekToLast(); at.isValid() && Arrays.compareUnsigned(at.key(), stop) > 0; at.prev()) {
                first = take(batch, at.key(), at.value());
            }
            readable(at);
            if (last != null) {
                boolean sameOrigin = first != null && first.sameOrigin(last);
                between(batch, last, last.sequence() + 1, sameOrigin ? first.sequence() : Long.MAX_VALUE);
            }
            if (first != null && (last == null || !first.sameOrigin(last))) {
                between(batch, first, starts.getOrDefault(origin(first), 1L), first.sequence());
            }
        }
    }

    /** Asks for each operation of an origin from one sequence to before another. */
    private void between(Batch batch, Slot origin, long start, long end) throws RocksDBException {
        int unreadable = 0;
        for (long sequence = start; sequence < end && unreadable < UNREADABLE_MAX; sequence++) {
            byte[] key = JournalKeys.operation(origin.project(), origin.origin(), sequence);
            try {
                byte[] record = from.db().get(from.operations(), key);
                if (record == null) {
                    return;
                }
                take(batch, key, record);
                unreadable = 0;
            } catch (RocksDBException e) {
                tolerate(e);
                unreadable++;
            }
        }
    }

    /** Copies one row; the answer is its place, null if its key is none of ours. */
    private Slot take(Batch batch, byte[] key, byte[] record) throws RocksDBException {
        Slot slot;
        try {
            slot = JournalKeys.slot(key);
        } catch (IllegalArgumentException _) {
            batch.put(new Row(to.quarantine(), key, record));
            return null;
        }
        batch.put(new Row(to.operations(), key, record));
        if (Records.operation(slot, record) instanceof Records.Good good
                && good.operation().body() instanceof Body.PutDocument put) {
            texts.add(put.hash());
        }
        return slot;
    }

    private void texts() throws RocksDBException {
        try (Batch batch = new Batch()) {
            // Of a version the text that it is a version of too, which may belong to no operation that can be read.
            Deque<ContentHash> left = new ArrayDeque<>(texts);
            while (!left.isEmpty()) {
                ContentHash hash = left.remove();
                try {
                    byte[] record = from.db().get(from.blobs(), JournalKeys.blob(hash));
                    if (record != null) {
                        batch.put(new Row(to.blobs(), JournalKeys.blob(hash), record));
                        copied = copied.plus(Records.textLength(record), record.length);
                        Records.version(record)
                                .map(Records.Version::base)
                                .filter(texts::add)
                                .ifPresent(left::add);
                    }
                } catch (RocksDBException e) {
                    tolerate(e); // reported by the repair that follows, as a lost text
                }
            }
        }
    }

    private void quarantine() throws RocksDBException {
        try (Batch batch = new Batch();
                RocksIterator at = from.db().newIterator(from.quarantine(), from.scan())) {
            for (at.seekToFirst(); at.isValid(); at.next()) {
                batch.put(new Row(to.quarantine(), at.key(), at.value()));
            }
            readable(at);
        }
    }

    private static boolean readable(RocksIterator at) throws RocksDBException {
        try {
            at.status();
            return true;
        } catch (RocksDBException e) {
            tolerate(e);
            return false;
        }
    }

    private static void tolerate(RocksDBException e) throws RocksDBException {
        boolean damage = e.getStatus() != null && e.getStatus().getCode() == Status.Code.Corruption;
        boolean gone = String.valueOf(e.getMessage()).contains("No such file");
        if (!damage && !gone) {
            throw e;
        }
    }

    private record Row(ColumnFamilyHandle family, byte[] key, byte[] value) {}

    /** Rows on their way to the fresh database; the rest goes when it is closed. */
    private final class Batch implements AutoCloseable {
        private final WriteBatch rows = new WriteBatch();

        void put(Row row) throws RocksDBException {
            rows.put(row.family(), row.key(), row.value());
            if (rows.count() == BATCH) {
                to.db().write(to.unsynced(), rows);
                rows.clear();
            }
        }

        @Override
        public void close() throws RocksDBException {
            try {
                to.db().write(to.unsynced(), rows);
            } finally {
                rows.close();
            }
        }
    }

    private static Path free(Path dir) {
        int number = 1;
        while (Files.exists(dir.resolve("damaged-" + number))) {
            number++;
        }
        return dir.resolve("damaged-" + number);
    }
}
