package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import ai.postdev.dragon.lake.BlobSource;
import ai.postdev.dragon.lake.journal.JournalKeys.Slot;
import ai.postdev.dragon.lake.journal.JournalWrite.Outcome;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was acknowledged, on disk: operations, texts by hash, and data derived from them. One for a home, shared by all
 * its projects. Every method is safe on any thread and may touch the disk; writes take turns, reads never wait for them.
 * After a failed write (disk full, I/O error) the journal refuses writes, goes on answering reads, and opens itself
 * again as soon as the disk lets it.
 */
public final class Journal implements BlobSource, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private final JournalHome home;
    private final JournalSettings settings;
    private final Tails tails = new Tails();
    private final JournalCounters counters = new JournalCounters();
    private final JournalRecovery recovery;
    private final JournalCommits commits;
    private volatile Origin origin;
    private OpenReport opened;

    private Journal(JournalHome home, JournalSettings settings) {
        this.home = home;
        this.settings = settings;
        recovery = new JournalRecovery(home, settings, tails, counters);
        commits = new JournalCommits(home.dir(), settings, recovery, tails, counters);
    }

    /**
     * Opens the journal under {@code dir}, and makes it if there is none.
     *
     * @throws JournalRefused if another process has it open, a newer version wrote it, or it is damaged in a place that
     *     no crash can explain
     */
    public static Journal open(Path dir, JournalSettings settings) throws JournalRefused {
        Journal journal = new Journal(new JournalHome(dir), settings);
        long began = System.nanoTime();
        long torn = journal.home.prepare();
        try {
            JournalDatabase database = journal.recovery.open();
            List<Slot> cut = new ArrayList<>();
            journal.tails.advance(Rows.index(database, dir, settings, cut));
            journal.counters.load(database);
            boolean renewed = journal.loadOrigin(database, cut);
            journal.home.begun();
            long millis = (System.nanoTime() - began) / 1_000_000;
            journal.opened =
                    new OpenReport(torn, cut.stream().map(Slot::toString).toList(), renewed, millis);
        } catch (RocksDBException e) {
            journal.abandon(e);
            throw JournalDatabase.refused("open it", dir, e);
        } catch (JournalRefused | RuntimeException e) {
            journal.abandon(e);
            throw e;
        }
        if (torn > 0 || !journal.opened.cut().isEmpty()) {
            LOG.warn("journal {}: {}", dir, journal.opened);
        }
        return journal;
    }

    private boolean loadOrigin(JournalDatabase database, List<Slot> cut) throws RocksDBException {
        Optional<Origin> known = JournalHome.origin(database);
        boolean renew =
                known.isPresent() && cut.stream().anyMatch(slot -> slot.origin().equals(known.get()));
        origin = known.isPresent() && !renew ? known.get() : JournalHome.newOrigin(database);
        return renew;
    }

    private void abandon(Exception cause) {
        try {
            close();
        } catch (JournalRefused e) {
            cause.addSuppressed(e);
        }
    }

    /** What opening found. */
    public OpenReport opened() {
        return opened;
    }

    /** The origin under which this home writes: made once, and new after own operations had to be cut. */
    public Origin origin() {
        return origin;
    }

    /** Writes with the durability of the settings. */
    public Outcome append(List<Operation> operations, List<Blob> blobs) {
        return commit(List.of(new JournalWrite(operations, blobs)), settings.durability())
                .getFirst();
    }

    /**
     * Writes many at once, with one sync of the disk for all. Each is stored whole or refused whole; one that is refused
     * does not touch the others.
     *
     * @return what became of each, in order
     */
    public List<Outcome> commit(List<JournalWrite> group, Durability durability) {
        return commits.commit(group, durability, origin);
    }

    /**
     * Hands out every operation of a project that {@code after} does not cover and that is stored when the call begins,
     * origin by origin, each in order. No lock is held while {@code to} runs.
     *
     * @throws JournalRefused if an operation in the middle is unreadable or missing; all before it were handed out
     */
    public ReplayReport replay(ProjectId project, VersionVector after, Consumer<Operation> to) throws JournalRefused {
        return replay(project, after, tails.vector(project), new ReplayVisitor() {
            @Override
            public void operation(Operation operation) {
                to.accept(operation);
            }

            @Override
            public void dropped(Origin of, long sequence, long digest) {
                // What dropped it is an operation of its own.
            }

            @Override
            public void lost(Origin of, long sequence, String why) {
                // The report counts them.
            }
        });
    }

    /**
     * As {@link #replay(ProjectId, VersionVector, Consumer)}, up to given operations, which must be stored, and with the
     * places of those that were lost.
     */
    public ReplayReport replay(ProjectId project, VersionVector after, VersionVector upTo, ReplayVisitor to)
            throws JournalRefused {
        return Replay.run(
                project,
                after,
                upTo,
                tails.starts(project),
                (origin, from, end) ->
                        recovery.read("replay " + project, database -> Rows.page(database, project, origin, from, end)),
                to);
    }

    /**
     * One operation; empty if it was never stored, or lost to damage that a repair set aside. Any thread; reads the disk.
     *
     * @throws JournalRefused if the database cannot be read
     */
    public Optional<Operation> operation(ProjectId project, Origin of, long sequence) throws JournalRefused {
        Optional<Rows.Row> row = recovery.read(
                "read " + project, database -> Rows.row(database, new JournalKeys.Slot(project, of, sequence)));
        return row.isPresent() && row.get().found() instanceof Records.Good good
                ? Optional.of(good.operation())
                : Optional.empty();
    }

    /**
     * Whether in the place of an operation stands the mark of a dropped event, and of the one with this hash.
     *
     * @param operation SHA-256 of the operation's durable bytes; its first eight bytes are compared
     */
    public boolean dropped(ProjectId project, Origin of, long sequence, ContentHash operation) throws JournalRefused {
        List<Rows.Row> rows =
                recovery.read("read " + project, database -> Rows.page(database, project, of, sequence, sequence));
        return !rows.isEmpty()
                && rows.getFirst().found() instanceof Records.Dropped(long digest)
                && digest == Records.digest(operation);
    }

    /**
     * Takes the events out that the {@link Body.DropEvents} at this place names: a mark of a few bytes stays for each.
     * Whole or not at all; nothing happens if it was done before, or if no such operation is there. The room on the disk
     * comes back with {@link #giveBack}. Any thread; blocks.
     *
     * @return bytes of the records taken out
     */
    public long erase(ProjectId project, Origin of, long sequence) throws JournalRefused {
        return commits.erase(new Slot(project, of, sequence));
    }

    /**
     * Rewrites the files with the operations of a project, so that what was erased takes no room. Any thread; blocks, for
     * about as long as reading and writing these files takes.
     *
     * @param min bytes that must have been erased since the last time
     * @return whether there was so much to give back
     */
    public boolean giveBack(ProjectId project, long min) throws JournalRefused {
        return recovery.read("give room back", database -> Erasure.giveBack(database, project, min));
    }

    /** For each origin of a project the sequence that it begins with: 1, or more where it went on after another. */
    public Map<Origin, Long> starts(ProjectId project) {
        return tails.starts(project);
    }

    /** How many operations a project has. */
    public long operations(ProjectId project) {
        return tails.operations(project);
    }

    /** For each origin of a project the highest sequence stored. */
    public VersionVector versionVector(ProjectId project) {
        return tails.vector(project);
    }

    /**
     * The sequence after which this home goes on in a project. A home that had to take a new origin goes on counting where
     * the one before ended, so that sequences of one project only grow.
     */
    public long lastSequence(ProjectId project) {
        long own = tails.of(project, origin).sequence();
        return own > 0 ? own : tails.highest(project);
    }

    /** The newest time of any operation of a project. */
    public HybridTime lastTime(ProjectId project) {
        return tails.lastTime(project);
    }

    /** The projects that have operations. */
    public Set<ProjectId> projects() {
        return tails.projects();
    }

    /**
     * The text with this hash; empty if it was never stored.
     *
     * @throws JournalRefused if it is stored but unreadable
     */
    public Optional<byte[]> blob(ContentHash hash) throws JournalRefused {
        return recovery.read("read text " + hash, database -> Texts.read(database, hash));
    }

    /** As {@link #blob}; fails with {@link UncheckedIOException} where that throws. */
    @Override
    public Optional<byte[]> text(ContentHash hash) {
        try {
            return blob(hash);
        } catch (JournalRefused e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the text with this hash is stored. */
    public boolean hasBlob(ContentHash hash) throws JournalRefused {
        return recovery.read("look for text " + hash, database -> Texts.stored(database, hash));
    }

    /** Data of a kind that was derived from the content with this hash; empty if there is none or it is unreadable. */
    public Optional<byte[]> derived(String kind, ContentHash hash) throws JournalRefused {
        return recovery.read("read " + kind + " of " + hash, database -> Texts.derived(database, kind, hash));
    }

    /**
     * Keeps data that can be computed again at any time, such as parsed syntax. Not synced: a power failure may lose it.
     * Does nothing if the text is not stored: its project may have been forgotten while the data was computed.
     *
     * @param kind of the data with its version, such as {@code syntax.1}
     */
    public void putDerived(String kind, ContentHash hash, byte[] bytes) throws JournalRefused {
        putDerived(kind, Map.of(hash, bytes));
    }

    /** As {@link #putDerived(String, ContentHash, byte[])} for many at once. */
    public void putDerived(String kind, Map<ContentHash, byte[]> byHash) throws JournalRefused {
        commits.putDerived(kind, byHash);
    }

    /** Throws away all derived data of a kind, for instance after its format changed. */
    public void dropDerived(String kind) throws JournalRefused {
        recovery.read("drop " + kind, database -> Texts.dropDerived(database, kind));
    }

    /**
     * Removes a project for good, with the texts that no other project refers to and the data derived from them, also
     * from the files on disk. Reads the operations of every project; other writes wait until it is done.
     */
    public Forgot forget(ProjectId project) throws JournalRefused {
        return commits.forget(project);
    }

    /** The folders of restored projects that no node watches yet. */
    public List<RestoredFolder> restoredFolders() throws JournalRefused {
        return recovery.read("look for restored folders", RestoredFolder::in);
    }

    /** A node watches this folder from now on. Not synced: after a power failure it is found once more. */
    public void watched(RestoredFolder folder) throws JournalRefused {
        commits.watched(folder);
    }

    /** Reads every operation and text of a project and says what is wrong; changes nothing. */
    public RepairReport inspect(ProjectId project) throws JournalRefused {
        return recovery.read("inspect " + project, database -> Repair.inspect(database, tails, project));
    }

    /**
     * As {@link #inspect}, and moves what is unreadable to quarantine, so that replay passes it over and lost texts can
     * be stored again. The caller then rebuilds what can be derived.
     */
    public RepairReport repair(ProjectId project) throws JournalRefused {
        return commits.repair(project);
    }

    /**
     * Builds the journal anew from everything that can still be read, when its files are so damaged that it does not
     * open or that {@link #repair} finds them unreadable. The damaged files are kept beside it. The home writes under a
     * new origin afterwards. No journal of this folder may be open.
     */
    public static SalvageReport salvage(Path dir, JournalSettings settings) throws JournalRefused {
        return Salvage.run(new JournalHome(dir), settings);
    }

    /** Makes a database in {@code folder}, which must not exist, that holds the same; unchanging files are shared. */
    void copyTo(Path folder) throws JournalRefused {
        commits.copyTo(folder);
    }

    /** Sizes and counts. */
    public JournalStats stats() throws JournalRefused {
        return recovery.read(
                "count",
                database -> counters.stats(database, tails.operations(), home.diskBytes(), recovery.failure()));
    }

    /** Native memory of the database's caches and buffers, in bytes; 0 while it cannot be read. */
    public long memoryBytes() {
        try {
            return recovery.read("measure", JournalDatabase::memoryBytes);
        } catch (JournalRefused e) {
            return 0; // why is told to whoever reads or writes
        }
    }

    /**
     * Has what is buffered for sorted files written to them, if that frees memory worth the files. Waits for the disk; any
     * thread.
     *
     * @return bytes of memory given back; 0 also while the disk takes nothing
     */
    public long giveBack() {
        try {
            return recovery.read("give memory back", JournalDatabase::giveBack);
        } catch (JournalRefused e) {
            return 0; // why is told to whoever reads or writes
        }
    }

    /** Syncs and closes; a second call does nothing. */
    @Override
    public void close() throws JournalRefused {
        commits.close();
    }
}
