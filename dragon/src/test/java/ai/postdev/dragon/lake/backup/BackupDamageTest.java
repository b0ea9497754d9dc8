package ai.postdev.dragon.lake.backup;

import static ai.postdev.dragon.lake.backup.BackupTrial.OTHER;
import static ai.postdev.dragon.lake.backup.BackupTrial.PROJECT;
import static ai.postdev.dragon.lake.backup.BackupTrial.backup;
import static ai.postdev.dragon.lake.backup.BackupTrial.files;
import static ai.postdev.dragon.lake.backup.BackupTrial.restore;
import static ai.postdev.dragon.lake.backup.BackupTrial.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.portable.RandomProject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup that is not what was written is found out, named, and not restored from. */
class BackupDamageTest {
    private static final int FLIPS = 400;

    @TempDir
    Path dir;

    private final Random random = Seeded.random("backup damage");
    private Path backup;

    @BeforeEach
    void fill() throws IOException {
        backup = dir.resolve("backup");
        try (Journal journal = Journal.open(dir.resolve("home"), RandomProject.journal())) {
            for (int i = 0; i < 3; i++) {
                new RandomProject(random, PROJECT).write(journal, journal.origin(), 40);
                new RandomProject(random, OTHER).write(journal, journal.origin(), 10);
                backup(journal, backup, settings(8_000, 100), PROJECT, OTHER);
            }
        }
        assertEquals(List.of(), BackupCheck.run(backup).damages());
    }

    @Test
    void aFlippedByteAnywhereIsFoundAndItsFileIsNamed() throws IOException {
        List<Path> files = files(backup);
        for (int i = 0; i < FLIPS; i++) {
            // Every file in turn, so that small ones are met as often as large ones.
            Path file = files.get(i % files.size());
            byte[] whole = Files.readAllBytes(file);
            byte[] flipped = whole.clone();
            int at = random.nextInt(whole.length);
            flipped[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, flipped);
            assertFound(file, "bit of byte " + at + " of " + file);
            Files.write(file, whole);
        }
        assertEquals(List.of(), BackupCheck.run(backup).damages());
    }

    @Test
    void aFileThatIsCutLongerOrMissingIsFound() throws IOException {
        for (Path file : files(backup)) {
            byte[] whole = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(whole, random.nextInt(whole.length)));
            assertFound(file, file + " cut");
            Files.write(file, Arrays.copyOf(whole, whole.length + 1));
            assertFound(file, file + " longer");
            boolean moment = file.getParent().endsWith("moments");
            if (!moment) {
                Files.delete(file);
                assertFound(file, file + " missing");
            }
            Files.write(file, whole);
        }
    }

    private void assertFound(Path file, String what) throws IOException {
        String name = file.getFileName().toString();
        if (name.equals("format")) {
            BackupRefused refused = assertThrows(BackupRefused.class, () -> BackupCheck.run(backup), what);
            assertTrue(refused.getMessage().contains("format"), refused.getMessage());
        } else {
            List<BackupCheck.Damage> damages = BackupCheck.run(backup).damages();
            assertEquals(
                    List.of(name),
                    damages.stream()
                            .map(damage -> Path.of(damage.file()).getFileName().toString())
                            .toList(),
                    what);
            assertFalse(damages.getFirst().moments().isEmpty(), what);
        }
        Path home = dir.resolve("never");
        boolean needed = name.equals("format")
                || file.getParent().endsWith("moments")
                || BackupCheck.run(backup).damages().getFirst().moments().contains(newest());
        if (needed) {
            BackupRefused refused =
                    assertThrows(BackupRefused.class, () -> restore(backup, home, "", new Wanted.Newest()), what);
            assertTrue(refused.getMessage().contains(name), refused.getMessage());
            assertFalse(Files.exists(home), "the home is not touched");
        }
    }

    private String newest() throws IOException {
        return new BackupFolder(backup).ids().getFirst();
    }

    @Test
    void aBackupOfANewerVersionIsRefusedBeforeAnythingIsTouched() throws IOException {
        Path format = backup.resolve("format");
        Files.writeString(format, "postdevai backup format 2\n");
        for (org.junit.jupiter.api.function.Executable use : List.<org.junit.jupiter.api.function.Executable>of(
                () -> BackupCheck.run(backup),
                () -> restore(backup, dir.resolve("never"), "", new Wanted.Newest()),
                this::backupAgain)) {
            BackupRefused refused = assertThrows(BackupRefused.class, use);
            assertTrue(refused.getMessage().contains("has format 2"), refused.getMessage());
        }
        Files.writeString(format, "postdevai backup format 1\n");

        Path moment = backup.resolve("moments/" + newest() + ".json");
        String first = Files.readString(moment).split("\n")[0].replace("\"version\":1", "\"version\":2") + "\n";
        Files.writeString(moment, first + "{\"sha256\":\"" + ContentHash.of(first) + "\"}\n");
        BackupRefused refused =
                assertThrows(BackupRefused.class, () -> restore(backup, dir.resolve("never"), "", new Wanted.Newest()));
        assertTrue(refused.getMessage().contains("has format version 2"), refused.getMessage());
        assertFalse(Files.exists(dir.resolve("never")));
    }

    private Backup.Report backupAgain() throws IOException {
        try (Journal journal = Journal.open(dir.resolve("home"), RandomProject.journal())) {
            return backup(journal, backup, settings(8_000, 100), PROJECT, OTHER);
        }
    }

    @Test
    void theNextBackupWritesAnewWhatIsMissingAndSaysWhatItCannotRead() throws IOException {
        Path part = files(backup.resolve("parts")).getFirst();
        Files.delete(part);
        Path moment = backup.resolve("moments/" + newest() + ".json");
        Files.writeString(moment, "damaged");
        Backup.Report report = backupAgain();
        assertEquals(1, report.findings().size());
        assertTrue(report.findings().getFirst().contains(moment.getFileName().toString()), report.findings()::toString);
        String id = report.moment().id();
        assertTrue(BackupCheck.run(backup).damages().stream()
                .noneMatch(damage -> damage.moments().contains(id)));
        restore(backup, dir.resolve("again"), "", new Wanted.Moment(id));
        assertEquals(
                BackupTrial.everything(dir.resolve("home"), PROJECT),
                BackupTrial.everything(dir.resolve("again"), PROJECT));
    }

    @Test
    void anUnfinishedBackupChangesNothing() throws IOException {
        Files.write(backup.resolve("parts/new.partial"), "half".getBytes(StandardCharsets.UTF_8));
        Files.write(backup.resolve("moments/new.partial"), "half".getBytes(StandardCharsets.UTF_8));
        assertEquals(List.of(), BackupCheck.run(backup).damages());
        assertEquals(0, backupAgain().copied().parts());
        try (Journal journal = Journal.open(dir.resolve("home"), RandomProject.journal())) {
            new RandomProject(random, PROJECT).write(journal, journal.origin(), 3);
            backup(journal, backup, settings(8_000, 100), PROJECT, OTHER);
        }
        assertFalse(Files.exists(backup.resolve("parts/new.partial")));
        assertFalse(Files.exists(backup.resolve("moments/new.partial")));
    }
}
