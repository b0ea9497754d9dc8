package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.Origin;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.cluster.SafeFiles;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;

/**
 * The folder of a journal: a file {@code format} that every version can read before it touches anything else, the
 * database in {@code rocks/}, and a file {@code begun} once there is one.
 */
final class JournalHome {
    /** The newest format this version reads and the one it writes. */
    static final int FORMAT = 2;

    private static final String FORMAT_LINE = "postdevai journal format ";
    private static final int LINE_MAX = 100;
    private static final byte[] ORIGIN_KEY = "origin".getBytes(StandardCharsets.US_ASCII);
    private static final int ORIGIN_BYTES = 8;

    private final Path dir;
    private final Path rocks;
    private final Path format;
    private final Path begun;
    private WalScan.Result wal = new WalScan.Result(0, "", "");

    JournalHome(Path dir) {
        this.dir = dir;
        this.rocks = dir.resolve("rocks");
        this.format = dir.resolve("format");
        this.begun = dir.resolve("begun");
    }

    Path dir() {
        return dir;
    }

    Path rocks() {
        return rocks;
    }

    /** A salvaged database that has not taken its place yet. */
    Path salvaged() {
        return dir.resolve("rocks.salvaged");
    }

    /** A copy that projects are being restored into. */
    Path restoring() {
        return dir.resolve("rocks.restoring");
    }

    /** Such a copy, whole, that has not taken its place yet. */
    private Path restored() {
        return dir.resolve("rocks.restored");
    }

    /** The database that made room for it. */
    private Path replaced() {
        return dir.resolve("rocks.replaced");
    }

    /**
     * Has the restored copy take the database's place. Neither may be open. Each step is on the disk before the next: in
     * another order, a cut of the power would leave no journal.
     */
    void replaceByRestored() throws IOException {
        SafeFiles.move(restoring(), restored());
        SafeFiles.move(rocks, replaced());
        SafeFiles.move(restored(), rocks);
        Trees.remove(replaced());
    }

    /**
     * Finishes what broke off at its last step: a salvage or a restore that has set the database aside and not yet put its own
     * there. Clears away what broke off before.
     */
    void finishBrokenOff() throws IOException {
        for (Path waiting : new Path[] {salvaged(), restored()}) {
            if (!Files.exists(rocks) && Files.exists(waiting)) {
                SafeFiles.move(waiting, rocks);
            }
        }
        if (Files.exists(rocks)) {
            // They share files with the database: what is forgotten in one must be gone from all.
            Trees.remove(restoring());
            Trees.remove(restored());
            Trees.remove(replaced());
        }
    }

    /** Space on the disk that this user may still fill. */
    long freeBytes() {
        return dir.toFile().getUsableSpace();
    }

    /** Bytes of all files of the database. One that a compaction removes meanwhile counts as nothing. */
    long diskBytes() {
        File[] files = rocks.toFile().listFiles();
        return files == null ? 0 : Stream.of(files).mapToLong(File::length).sum();
    }

    /**
     * Makes the folder, checks the format and the end of the log.
     *
     * @return bytes at the log's end that hold no whole record
     */
    long prepare() throws JournalRefused {
        try {
            if (!Files.exists(format)) {
                SafeFiles.createFolders(dir);
            }
            finishBrokenOff();
            checkFormat();
            refuseGone();
            if (!Files.exists(rocks)) {
                // The database syncs the names in its folder, but not its folder's own.
                Files.createDirectory(rocks);
                SafeFiles.syncFolder(dir);
            }
            RocksLibrary.load(dir.resolve("native"));
            wal = WalScan.of(rocks);
        } catch (JournalRefused e) {
            throw e;
        } catch (IOException e) {
            throw new JournalRefused(
                    Reply.Reason.PRECONDITION,
                    "journal " + dir + " cannot be used: " + e + "; the folder must be readable and writable by this"
                            + " user, on a disk with free space",
                    e);
        }
        if (!wal.damaged().isEmpty()) {
            throw logDamaged(wal.damaged());
        }
        return wal.tornBytes();
    }

    /** A folder without a database is that of a new journal, unless there was one. */
    private void refuseGone() throws IOException {
        if (Files.exists(begun) && diskBytes() == 0) {
            throw JournalRefused.damaged(
                    "journal " + dir + " had a database, and its folder rocks/ is missing or empty. Put it back if you"
                            + " can, else run `postdevai doctor --repair`: it begins an empty journal, and the next start"
                            + " reads folders and git again",
                    null);
        }
    }

    /** Notes that there is a database from now on. */
    void begun() throws JournalRefused {
        try {
            if (!Files.exists(begun)) {
                SafeFiles.write(begun, "this journal has a database\n");
            }
        } catch (IOException e) {
            throw new JournalRefused(Reply.Reason.PRECONDITION, "file " + begun + " cannot be written: " + e, e);
        }
    }

    /** Notes this version's format before anything is written that an older version cannot read. */
    private void checkFormat() throws IOException {
        if (!Files.exists(format)) {
            if (Files.exists(rocks.resolve("CURRENT"))) {
                throw JournalRefused.damaged(
                        "journal " + dir + " has data but no file 'format'. Run `postdevai doctor --repair`", null);
            }
            writeFormat();
            return;
        }
        if (writtenFormat().isEmpty()) {
            throw JournalRefused.damaged(
                    "file " + format + " reads '" + line() + "', expected '" + FORMAT_LINE + FORMAT
                            + "'. Run `postdevai doctor --repair`",
                    null);
        }
        refuseNewerFormat();
        if (writtenFormat().getAsInt() < FORMAT) {
            writeFormat();
        }
    }

    /** What the file says, whatever bytes it holds. */
    private String line() throws IOException {
        byte[] start = new byte[LINE_MAX];
        try (InputStream in = Files.newInputStream(format)) {
            return new String(start, 0, in.readNBytes(start, 0, LINE_MAX), StandardCharsets.ISO_8859_1).strip();
        }
    }

    /** The format that the file tells; empty if it cannot be read. */
    private OptionalInt writtenFormat() throws IOException {
        String line = line();
        try {
            return OptionalInt.of(Integer.parseInt(line.substring(Math.min(line.length(), FORMAT_LINE.length()))));
        } catch (NumberFormatException e) {
            // damaged, which the caller tells
            return OptionalInt.empty();
        }
    }

    /** What a newer version wrote is no damage, and not for this version to mend. */
    void refuseNewerFormat() throws JournalRefused {
        try {
            OptionalInt found = Files.exists(format) ? writtenFormat() : OptionalInt.empty();
            if (found.isPresent() && found.getAsInt() > FORMAT) {
                throw new JournalRefused(
                        Reply.Reason.PRECONDITION,
                        "journal " + dir + " has format " + found.getAsInt() + ", this version reads up to " + FORMAT
                                + "; start the version that wrote it, or a newer one");
            }
        } catch (JournalRefused e) {
            throw e;
        } catch (IOException e) {
            throw new JournalRefused(Reply.Reason.PRECONDITION, "file " + format + " cannot be read: " + e, e);
        }
    }

    void writeFormat() throws IOException {
        SafeFiles.write(format, FORMAT_LINE + FORMAT + "\n");
    }

    /** Opens for writing. A torn end of the log is dropped, damage before it is refused. */
    JournalDatabase open(JournalSettings settings) throws RocksDBException, JournalRefused {
        try {
            return JournalDatabase.open(rocks, settings, WALRecoveryMode.TolerateCorruptedTailRecords);
        } catch (RocksDBException e) {
            boolean corrupt = e.getStatus() != null && e.getStatus().getCode() == Status.Code.Corruption;
            if (!corrupt || wal.tornBytes() == 0) {
                throw e;
            }
            if (!wal.interrupted().isEmpty()) {
                throw logDamaged(wal.interrupted());
            }
            // Torn so that its remains look like a record (a power failure): still nothing whole follows.
            return JournalDatabase.open(rocks, settings, WALRecoveryMode.PointInTimeRecovery);
        }
    }

    JournalDatabase openReadOnly(JournalSettings settings) throws JournalRefused {
        try {
            return JournalDatabase.openReadOnly(rocks, settings, WALRecoveryMode.PointInTimeRecovery);
        } catch (RocksDBException e) {
            throw JournalDatabase.refused("open for reading", dir, e);
        }
    }

    private JournalRefused logDamaged(String what) {
        return JournalRefused.damaged(
                "the log of journal " + dir + " is damaged before its end: " + what
                        + ". Stop the node and run `postdevai doctor --repair`: it keeps what can be read and sets the"
                        + " damaged files aside",
                null);
    }

    static Optional<Origin> origin(JournalDatabase database) throws RocksDBException {
        byte[] value = database.db().get(database.meta(), ORIGIN_KEY);
        return value == null ? Optional.empty() : Optional.of(new Origin(new String(value, StandardCharsets.US_ASCII)));
    }

    static Origin newOrigin(JournalDatabase database) throws RocksDBException {
        byte[] random = new byte[ORIGIN_BYTES];
        new SecureRandom().nextBytes(random);
        Origin made = new Origin(HexFormat.of().formatHex(random));
        database.db()
                .put(
                        database.meta(),
                        database.synced(),
                        ORIGIN_KEY,
                        made.value().getBytes(StandardCharsets.US_ASCII));
        return made;
    }
}
