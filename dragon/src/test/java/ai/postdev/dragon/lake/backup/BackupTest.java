package ai.postdev.dragon.lake.backup;

import static ai.postdev.dragon.lake.backup.BackupTrial.NOON;
import static ai.postdev.dragon.lake.backup.BackupTrial.OTHER;
import static ai.postdev.dragon.lake.backup.BackupTrial.PROJECT;
import static ai.postdev.dragon.lake.backup.BackupTrial.STUDIO;
import static ai.postdev.dragon.lake.backup.BackupTrial.backup;
import static ai.postdev.dragon.lake.backup.BackupTrial.everything;
import static ai.postdev.dragon.lake.backup.BackupTrial.files;
import static ai.postdev.dragon.lake.backup.BackupTrial.home;
import static ai.postdev.dragon.lake.backup.BackupTrial.restore;
import static ai.postdev.dragon.lake.backup.BackupTrial.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.lake.history.HistoryEngine;
import ai.postdev.dragon.lake.history.HistoryQuery;
import ai.postdev.dragon.lake.history.HistorySettings;
import ai.postdev.dragon.lake.journal.Adoption;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.JournalRefused;
import ai.postdev.dragon.lake.journal.JournalWrite;
import ai.postdev.dragon.lake.portable.Export;
import ai.postdev.dragon.lake.portable.Import;
import ai.postdev.dragon.lake.portable.RandomProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class BackupTest {
    private static final BackupSettings SMALL = settings(20_000, 100);

    @TempDir
    Path dir;

    private Path folder() {
        return dir.resolve("backup");
    }

    private Journal open() throws JournalRefused {
        return Journal.open(dir.resolve("home"), RandomProject.journal());
    }

    @Test
    void everyMomentComesBackAsItWas() throws IOException {
        Random random = Seeded.random("backup round trip");
        RandomProject one = new RandomProject(random, PROJECT);
        RandomProject two = new RandomProject(random, OTHER);
        Map<String, List<String>> moments = new TreeMap<>();
        Map<String, List<String>> others = new TreeMap<>();
        for (int session = 0; session < 4; session++) {
            try (Journal journal = open()) {
                one.write(journal, journal.origin(), 1 + random.nextInt(120));
                one.write(journal, STUDIO, random.nextInt(60));
                two.write(journal, journal.origin(), 1 + random.nextInt(20));
                Backup.Report report = backup(journal, folder(), settings(20_000, 3), PROJECT, OTHER);
                moments.put(report.moment().id(), RandomProject.everything(journal, PROJECT));
                others.put(report.moment().id(), RandomProject.everything(journal, OTHER));
            }
        }
        assertEquals(4, moments.size());
        assertEquals(List.of(), BackupCheck.run(folder()).damages());
        for (String id : moments.keySet()) {
            Path home = dir.resolve("home-" + id);
            List<Restore.Restored> restored = restore(folder(), home, "", new Wanted.Moment(id));
            assertEquals(2, restored.size());
            assertEquals(moments.get(id), everything(home, PROJECT));
            assertEquals(others.get(id), everything(home, OTHER));
        }
        Path home = dir.resolve("home-newest");
        restore(folder(), home, "name of p1", new Wanted.Newest());
        assertEquals(List.copyOf(moments.values()).getLast(), everything(home, PROJECT));
        try (Journal journal = Journal.open(home, RandomProject.journal())) {
            assertEquals(Set.of(PROJECT), journal.projects());
            assertEquals(
                    RandomProject.texts(journal, PROJECT), journal.stats().blobs(), "texts are counted as they are");
        }
    }

    @Test
    void aSecondBackupCopiesOnlyWhatIsNew() throws IOException {
        RandomProject one = new RandomProject(Seeded.random("incremental"), PROJECT);
        try (Journal journal = open()) {
            one.write(journal, journal.origin(), 300);
            Backup.Report first = backup(journal, folder(), SMALL, PROJECT);
            assertTrue(first.copied().parts() > 1, "the bound of a part holds");
            assertEquals(0, first.present().bytes());
            assertEquals(300L, first.newOperations().get(PROJECT));
            Backup.Report same = backup(journal, folder(), SMALL, PROJECT);
            assertEquals(new Backup.Amount(0, 0), same.copied());
            assertEquals(first.copied(), same.present());
            one.write(journal, journal.origin(), 5);
            Backup.Report more = backup(journal, folder(), SMALL, PROJECT);
            assertEquals(1, more.copied().parts());
            assertEquals(5L, more.newOperations().get(PROJECT));
            assertEquals(first.copied(), more.present());
            assertEquals(
                    List.of("20260503T120000000Z", "20260503T120000001Z", "20260503T120000002Z"),
                    List.of(
                            first.moment().id(),
                            same.moment().id(),
                            more.moment().id()));
            long bytes = 0;
            for (Path file : files(folder().resolve("parts"))) {
                bytes += Files.size(file);
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
            assertEquals(more.copied().bytes() + more.present().bytes(), bytes);
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())));
        }
    }

    @Test
    void whatRetentionErasedComesBackAsTheSameHistory() throws IOException {
        Random random = Seeded.random("backup and retention");
        Path home = dir.resolve("home");
        String before;
        String moment;
        List<String> erased;
        try (Journal journal = open()) {
            Origin origin = journal.origin();
            drops(journal, origin, random, 400);
            Backup.Report first = backup(journal, folder(), SMALL, PROJECT);
            moment = first.moment().id();
            before = history(journal);
            for (long sequence = 1; sequence <= 400; sequence++) {
                journal.erase(PROJECT, origin, sequence);
            }
            journal.giveBack(PROJECT, 1);
            assertEquals(before, history(journal), "erasing changes no view");
            erased = RandomProject.everything(journal, PROJECT);
            Backup.Report same = backup(journal, folder(), SMALL, PROJECT);
            assertEquals(new Backup.Amount(0, 0), same.copied(), "an older part still fits");
            drops(journal, origin, random, 50);
            Backup.Report more = backup(journal, folder(), SMALL, PROJECT);
            assertEquals(50L, more.newOperations().get(PROJECT));
            backup(journal, dir.resolve("fresh"), SMALL, PROJECT);
            Path file = dir.resolve("project.export");
            Export.write(journal, PROJECT, "name", file, RandomProject.portable(), (_, _, _, _) -> {});
            Import.run(file, RandomProject.portable(), home(dir.resolve("imported")));
            for (String folder : List.of("backup", "fresh")) {
                restore(dir.resolve(folder), dir.resolve("from-" + folder), "", new Wanted.Newest());
            }
            for (String copy : List.of("imported", "from-backup", "from-fresh")) {
                try (Journal other = Journal.open(dir.resolve(copy), RandomProject.journal())) {
                    assertEquals(history(journal), history(other), copy);
                }
            }
            assertEquals(RandomProject.everything(journal, PROJECT), everything(dir.resolve("imported"), PROJECT));
            assertEquals(RandomProject.everything(journal, PROJECT), everything(dir.resolve("from-fresh"), PROJECT));
        }
        restore(folder(), dir.resolve("then"), "", new Wanted.Moment(moment));
        try (Journal then = Journal.open(dir.resolve("then"), RandomProject.journal())) {
            assertEquals(before, history(then));
            for (long sequence = 1; sequence <= 400; sequence++) {
                then.erase(
                        PROJECT,
                        then.versionVector(PROJECT)
                                .sequences()
                                .keySet()
                                .iterator()
                                .next(),
                        sequence);
            }
            assertEquals(erased, RandomProject.everything(then, PROJECT), "the restored node erases the same");
        }
        assertTrue(Files.exists(home));
    }

    /** Events, and now and then an operation that drops some of those before. */
    private static void drops(Journal journal, Origin origin, Random random, int count) {
        long last = journal.versionVector(PROJECT).sequence(origin);
        List<Operation> operations = new ArrayList<>();
        for (long sequence = last + 1; sequence <= last + count; sequence++) {
            Body body = random.nextInt(20) == 0 && sequence > 20
                    ? new Body.DropEvents(
                            "edit",
                            1,
                            origin,
                            random.longs(15, sequence - 20, sequence).boxed().toList())
                    : new Body.AppendEvent(
                            random.nextInt(4) == 0 ? "note" : "edit",
                            sequence,
                            "text " + random.nextLong(),
                            Map.of(),
                            List.of("src/A" + random.nextInt(3) + ".java"));
            operations.add(new Operation(PROJECT, origin, sequence, HybridTime.of(1_000 + sequence, 0), body));
        }
        assertInstanceOf(JournalWrite.Written.class, journal.append(operations, List.of()));
    }

    private static String history(Journal journal) throws IOException {
        HistoryEngine engine = new HistoryEngine(new HistorySettings(100_000, 4_096));
        journal.replay(PROJECT, VersionVector.EMPTY, engine::apply);
        return engine.view().find(HistoryQuery.newest(100_000)).stream()
                .map(event -> event.origin() + "/" + event.sequence() + " " + event.text())
                .toList()
                .toString();
    }

    @Test
    void smallPartsBecomeOne() throws IOException {
        RandomProject one = new RandomProject(Seeded.random("small parts"), PROJECT);
        try (Journal journal = open()) {
            for (int i = 0; i < 4; i++) {
                one.write(journal, journal.origin(), 3);
                assertEquals(i + 1, partsAfter(backup(journal, folder(), settings(1 << 20, 4), PROJECT)));
            }
            one.write(journal, journal.origin(), 3);
            assertEquals(1, partsAfter(backup(journal, folder(), settings(1 << 20, 4), PROJECT)));
            backup(journal, folder(), settings(1 << 20, 4), 1, PROJECT);
            assertEquals(1, files(folder().resolve("parts")).size(), "what no moment needs is removed");
            restore(folder(), dir.resolve("other"), "", new Wanted.Newest());
            assertEquals(RandomProject.everything(journal, PROJECT), everything(dir.resolve("other"), PROJECT));
        }
    }

    private static int partsAfter(Backup.Report report) {
        return report.moment().projects().getFirst().parts().size();
    }

    @Test
    void asManyMomentsStayAsAreToBeKept() throws IOException {
        Random random = Seeded.random("keep");
        RandomProject one = new RandomProject(random, PROJECT);
        RandomProject two = new RandomProject(random, OTHER);
        try (Journal journal = open()) {
            two.write(journal, journal.origin(), 3);
            String other = backup(journal, folder(), SMALL, OTHER).moment().id();
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                one.write(journal, journal.origin(), 10);
                ids.add(backup(journal, folder(), SMALL, 2, PROJECT).moment().id());
            }
            assertEquals(
                    List.of(ids.get(3), ids.get(2), other),
                    BackupCheck.moments(folder(), new ArrayList<>()).stream()
                            .map(Manifest::id)
                            .toList());
            assertEquals(List.of(), BackupCheck.run(folder()).damages());
        }
    }

    @Test
    void aProjectComesBackUpToASequenceOrATime() throws IOException {
        RandomProject one = new RandomProject(Seeded.random("point in time"), PROJECT);
        List<String> all;
        try (Journal journal = open()) {
            one.write(journal, journal.origin(), 100);
            backup(journal, folder(), SMALL, PROJECT);
            one.write(journal, journal.origin(), 100);
            backup(journal, folder(), SMALL, PROJECT);
            all = RandomProject.everything(journal, PROJECT);
        }
        for (int last : new int[] {1, 57, 100, 101, 200}) {
            Instant time = Instant.ofEpochMilli(RandomProject.BEGAN + last * 1_000L);
            for (Wanted wanted : List.of(new Wanted.UpToSequence(last), new Wanted.UpToTime(time))) {
                Path home = dir.resolve(wanted.getClass().getSimpleName() + last);
                Restore.Restored restored =
                        restore(folder(), home, "p1", wanted).getFirst();
                assertEquals(last, restored.operations(), wanted::toString);
                assertEquals(last, restored.sequence(), wanted::toString);
                List<String> found = everything(home, PROJECT);
                assertEquals(all.subList(0, last), found.subList(0, last), wanted::toString);
                assertEquals(last + 1, found.size());
                try (Journal journal = Journal.open(home, RandomProject.journal())) {
                    assertEquals(last, journal.lastSequence(PROJECT), "the home goes on counting from there");
                    assertEquals(
                            RandomProject.texts(journal, PROJECT),
                            journal.stats().blobs());
                }
            }
        }
        for (Wanted wanted : List.of(
                new Wanted.UpToSequence(201),
                new Wanted.UpToTime(Instant.ofEpochMilli(RandomProject.BEGAN)),
                new Wanted.Moment("20260503T120000009Z"))) {
            BackupRefused refused = assertThrows(
                    BackupRefused.class, () -> restore(folder(), dir.resolve("none"), "p1", wanted), wanted::toString);
            assertEquals(ai.postdev.actors.protocol.Reply.Reason.NOT_FOUND, refused.reason());
            assertNothingIn(dir.resolve("none"));
        }
    }

    private static void assertNothingIn(Path home) throws IOException {
        if (Files.exists(home)) {
            try (Journal journal = Journal.open(home, RandomProject.journal())) {
                assertEquals(Set.of(), journal.projects());
            }
        }
    }

    @Test
    void aProjectThatIsThereIsRefusedAndOthersStayUntouched() throws IOException {
        Random random = Seeded.random("present");
        try (Journal journal = open()) {
            new RandomProject(random, PROJECT).write(journal, journal.origin(), 30);
            backup(journal, folder(), SMALL, PROJECT);
        }
        Path home = dir.resolve("second");
        List<String> other;
        try (Journal journal = Journal.open(home, RandomProject.journal())) {
            new RandomProject(random, OTHER).write(journal, journal.origin(), 30);
            other = RandomProject.everything(journal, OTHER);
        }
        restore(folder(), home, "", new Wanted.Newest());
        assertEquals(other, everything(home, OTHER));
        assertEquals(everything(dir.resolve("home"), PROJECT), everything(home, PROJECT));
        JournalRefused refused =
                assertThrows(JournalRefused.class, () -> restore(folder(), home, "", new Wanted.Newest()));
        assertTrue(refused.getMessage().contains("in this home already, with 30 operations"), refused.getMessage());
    }

    @Test
    void aHomeThatGetsItsOwnOperationsBackTakesANewOrigin() throws IOException {
        RandomProject one = new RandomProject(Seeded.random("own origin"), PROJECT);
        RandomProject two = new RandomProject(Seeded.random("own origin, other"), OTHER);
        Origin before;
        try (Journal journal = open()) {
            before = journal.origin();
            one.write(journal, before, 40);
            two.write(journal, before, 7);
            backup(journal, folder(), SMALL, PROJECT);
            one.write(journal, before, 5);
            journal.forget(PROJECT);
        }
        restore(folder(), dir.resolve("home"), "p1", new Wanted.Newest());
        try (Journal journal = open()) {
            assertNotEquals(before, journal.origin());
            assertEquals(40, journal.lastSequence(PROJECT));
            assertEquals(7, journal.lastSequence(OTHER));
            one.write(journal, journal.origin(), 3);
            two.write(journal, journal.origin(), 3);
            assertEquals(43, journal.lastSequence(PROJECT));
            Backup.Report report = backup(journal, folder(), SMALL, PROJECT);
            assertEquals(3L, report.newOperations().get(PROJECT), "the backup goes on where it was");
            List<String> all = RandomProject.everything(journal, PROJECT);
            restore(folder(), dir.resolve("third"), "p1", new Wanted.Newest());
            assertEquals(all, everything(dir.resolve("third"), PROJECT));
        }
    }

    @Test
    void whatWasForgottenAndBegunAnewIsNotMistakenForTheOld() throws IOException {
        RandomProject one = new RandomProject(Seeded.random("begun anew"), PROJECT);
        try (Journal journal = open()) {
            one.write(journal, journal.origin(), 30);
            String old = backup(journal, folder(), SMALL, PROJECT).moment().id();
            List<String> before = RandomProject.everything(journal, PROJECT);
            journal.forget(PROJECT);
            one.write(journal, journal.origin(), 60);
            Backup.Report report = backup(journal, folder(), SMALL, PROJECT);
            assertEquals(60L, report.newOperations().get(PROJECT));
            restore(folder(), dir.resolve("new"), "", new Wanted.Newest());
            assertEquals(RandomProject.everything(journal, PROJECT), everything(dir.resolve("new"), PROJECT));
            restore(folder(), dir.resolve("old"), "", new Wanted.Moment(old));
            assertEquals(before, everything(dir.resolve("old"), PROJECT));
            restore(folder(), dir.resolve("then"), "", new Wanted.UpToTime(NOON));
            assertEquals(before, everything(dir.resolve("then"), PROJECT));
            restore(folder(), dir.resolve("later"), "", new Wanted.UpToTime(NOON.plusMillis(1)));
            assertEquals(RandomProject.everything(journal, PROJECT), everything(dir.resolve("later"), PROJECT));
        }
    }

    @Test
    void whatDamageHadTakenBeforeStaysKnownAsLost() throws IOException {
        Path home = dir.resolve("home");
        byte[] text = "kept".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        try (Adoption adoption = Adoption.begin(home, RandomProject.journal(), Set.of(PROJECT))) {
            adoption.start(PROJECT, STUDIO, 3);
            adoption.operation(RandomProject.put(PROJECT, STUDIO, 3, ContentHash.of("gone")));
            adoption.lost(PROJECT, STUDIO, 4, "unreadable");
            adoption.text(ContentHash.of(text), text);
            adoption.operation(RandomProject.put(PROJECT, STUDIO, 5, ContentHash.of(text)));
            adoption.lost(PROJECT, STUDIO, 6, "unreadable too");
            adoption.finish();
        }
        List<String> all;
        try (Journal journal = open()) {
            all = RandomProject.everything(journal, PROJECT);
            backup(journal, folder(), SMALL, PROJECT);
            Backup.Report again = backup(journal, folder(), SMALL, PROJECT);
            assertEquals(0, again.copied().parts());
            assertEquals(2, again.moment().projects().getFirst().tally().lost());
        }
        assertTrue(all.getFirst().endsWith("no text"), all.getFirst());
        assertTrue(all.contains("lost studio 4 unreadable"), all::toString);
        restore(folder(), dir.resolve("other"), "", new Wanted.Newest());
        assertEquals(all, everything(dir.resolve("other"), PROJECT));
    }

    @Test
    void anotherFolderIsNotTakenForABackup() throws IOException {
        Files.createDirectories(dir.resolve("photos"));
        Files.writeString(dir.resolve("photos/cat.png"), "");
        try (Journal journal = open()) {
            new RandomProject(Seeded.random("folder"), PROJECT).write(journal, journal.origin(), 3);
            BackupRefused refused =
                    assertThrows(BackupRefused.class, () -> backup(journal, dir.resolve("photos"), SMALL, PROJECT));
            assertTrue(refused.getMessage().contains("cat.png"), refused.getMessage());
        }
        assertThrows(BackupRefused.class, () -> BackupCheck.run(dir.resolve("photos")));
        assertThrows(BackupRefused.class, () -> BackupCheck.run(dir.resolve("absent")));
        assertFalse(Files.exists(dir.resolve("absent")));
    }

    @Test
    void aMomentIsLaterThanTheOneBeforeWhateverTheClockSays() {
        assertEquals(NOON, BackupFolder.timeAfter(NOON, ""));
        assertEquals(NOON, BackupFolder.timeAfter(NOON, BackupFolder.id(NOON.minusMillis(1))));
        assertEquals(NOON.plusMillis(1), BackupFolder.timeAfter(NOON, BackupFolder.id(NOON)));
        assertEquals(
                NOON.plusSeconds(99).plusMillis(1),
                BackupFolder.timeAfter(NOON, BackupFolder.id(NOON.plusSeconds(99))));
    }
}
