package ai.postdev.dragon.lake.journal;

import static ai.postdev.dragon.lake.journal.JournalTrial.LAPTOP;
import static ai.postdev.dragon.lake.journal.JournalTrial.OTHER;
import static ai.postdev.dragon.lake.journal.JournalTrial.PROJECT;
import static ai.postdev.dragon.lake.journal.JournalTrial.STUDIO;
import static ai.postdev.dragon.lake.journal.JournalTrial.all;
import static ai.postdev.dragon.lake.journal.JournalTrial.notes;
import static ai.postdev.dragon.lake.journal.JournalTrial.settings;
import static ai.postdev.dragon.lake.journal.JournalTrial.written;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import ai.postdev.dragon.disk.DiskImage;
import ai.postdev.dragon.disk.FileHarm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalSalvageTest {
    private static final int OPERATIONS = 20_000;
    private static final int WRITES = 2_000;

    @TempDir
    Path dir;

    private List<Path> files(String end) throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("rocks"))) {
            return files.filter(file -> file.toString().endsWith(end))
                    .sorted(Comparator.comparing(file -> file.toFile().length()))
                    .toList();
        }
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void aDatabaseThatIsGoneIsRefusedAndARepairBeginsAnew() throws Exception {
        Journal.open(dir, settings()).close();
        PowerTrial.remove(dir.resolve("rocks"));
        for (int i = 0; i < 2; i++) {
            JournalRefused refused = assertThrows(JournalRefused.class, () -> Journal.open(dir, settings()));
            assertTrue(refused.isDamage());
            assertTrue(refused.getMessage().contains("rocks/ is missing or empty"), refused.getMessage());
        }
        assertEquals(Map.of(), Journal.salvage(dir, settings()).projects());
        try (Journal journal = Journal.open(dir, settings())) {
            written(journal, List.of(JournalTrial.note(PROJECT, journal.origin(), 1)));
        }
    }

    @Test
    void whatABadBlockDoesNotHoldIsBroughtBack() throws Exception {
        Random random = JournalTrial.random("salvage");
        Blob text = JournalTrial.blob(JournalTrial.source(random, 4_000));
        Origin origin;
        try (Journal journal = Journal.open(dir, settings())) {
            origin = journal.origin();
            for (long i = 1; i <= OPERATIONS; i += 1_000) {
                written(journal, notes(PROJECT, LAPTOP, i, i + 999));
            }
            written(journal, notes(PROJECT, STUDIO, 1, 10));
            written(journal, List.of(JournalTrial.put(OTHER, LAPTOP, 1, "a", text)), text);
            journal.putDerived("syntax.1", text.hash(), new byte[] {1});
        }
        Path sorted = files(".sst").getLast();
        flip(sorted, (int) (Files.size(sorted) * (0.2 + 0.6 * random.nextDouble())));
        try (Journal journal = Journal.open(dir, settings())) {
            JournalRefused refused = assertThrows(JournalRefused.class, () -> all(journal, PROJECT));
            assertTrue(refused.getMessage().contains("doctor --repair"), refused.getMessage());
            assertTrue(journal.inspect(PROJECT).physical());
        }

        SalvageReport report = Journal.salvage(dir, settings());

        assertEquals(Set.of(PROJECT, OTHER), report.projects().keySet());
        RepairReport project = report.projects().get(PROJECT);
        assertTrue(
                project.lost().size() > 0 && project.lost().size() < OPERATIONS / 10,
                project.lost().size() + " lost");
        assertEquals(OPERATIONS + 10, project.operations() + project.lost().size());
        assertTrue(report.projects().get(OTHER).healthy());
        assertTrue(Files.exists(report.aside().resolve("CURRENT")), "the damaged files are kept");
        try (Journal journal = Journal.open(dir, settings())) {
            assertNotEquals(origin, journal.origin());
            Set<Operation> expected = new HashSet<>(notes(PROJECT, LAPTOP, 1, OPERATIONS));
            expected.addAll(notes(PROJECT, STUDIO, 1, 10));
            List<Operation> found = new ArrayList<>();
            ReplayReport replay = journal.replay(PROJECT, VersionVector.EMPTY, found::add);
            assertEquals(project.operations(), found.size());
            assertTrue(expected.containsAll(found));
            assertEquals(project.lost().size(), replay.lost());
            assertEquals(OPERATIONS, replay.upTo().sequence(LAPTOP));
            assertTrue(journal.blob(text.hash()).isPresent());
            assertEquals(1, journal.stats().blobs());
            assertTrue(journal.inspect(PROJECT).healthy());
            written(journal, notes(PROJECT, LAPTOP, OPERATIONS + 1, OPERATIONS + 1));
        }
    }

    @Test
    void aLogDamagedBeforeItsEndLosesOnlyWhatIsUnreadable() throws Exception {
        Random random = JournalTrial.random("salvage log");
        Path crashed = dir.resolve("crashed");
        try (Journal journal = Journal.open(dir, settings())) {
            for (int i = 1; i <= WRITES; i++) {
                journal.commit(List.of(new JournalWrite(notes(PROJECT, LAPTOP, i, i), List.of())), Durability.OS);
            }
            Files.createDirectories(crashed.resolve("rocks"));
            for (Path file : files("")) {
                Files.copy(file, crashed.resolve("rocks").resolve(file.getFileName()));
            }
            Files.copy(dir.resolve("format"), crashed.resolve("format"));
        }
        Path log;
        try (Stream<Path> logs = Files.list(crashed.resolve("rocks"))) {
            log = logs.filter(file -> file.toString().endsWith(".log"))
                    .max(Comparator.comparing(file -> file.toFile().length()))
                    .orElseThrow();
        }
        flip(log, (int) (Files.size(log) * (0.2 + 0.6 * random.nextDouble())));
        assertThrows(JournalRefused.class, () -> Journal.open(crashed, settings()));

        SalvageReport report = Journal.salvage(crashed, settings());

        RepairReport project = report.projects().get(PROJECT);
        assertEquals(WRITES, project.operations() + project.lost().size());
        // RocksDB gives up the rest of a 32 KiB block after its first bad record.
        assertFalse(project.lost().isEmpty());
        assertTrue(project.lost().size() < WRITES / 4, project.lost().size() + " lost");
        try (Journal journal = Journal.open(crashed, settings())) {
            assertEquals(project.operations(), all(journal, PROJECT).size());
            assertEquals(WRITES, journal.versionVector(PROJECT).sequence(LAPTOP));
        }
        System.out.println("salvage log: " + project.lost().size() + " of " + WRITES + " lost");
    }

    @Test
    void aSalvageThatBrokeOffAtItsLastStepIsFinishedOnOpening() throws Exception {
        try (Journal journal = Journal.open(dir, settings())) {
            written(journal, notes(PROJECT, LAPTOP, 1, 3));
        }
        Files.move(dir.resolve("rocks"), dir.resolve("rocks.salvaged"));
        try (Journal journal = Journal.open(dir, settings())) {
            assertEquals(3, all(journal, PROJECT).size());
        }
    }

    @Test
    void withoutTheListOfItsFilesWhatTheFilesHoldIsBroughtBack() throws Exception {
        try (Journal journal = Journal.open(dir, settings())) {
            written(journal, notes(PROJECT, LAPTOP, 1, 3));
        }
        Files.writeString(dir.resolve("rocks").resolve("CURRENT"), "rubbish");
        assertTrue(assertThrows(JournalRefused.class, () -> Journal.open(dir, settings()))
                .isDamage());
        SalvageReport report = Journal.salvage(dir, settings());
        assertEquals(3, report.projects().get(PROJECT).operations());
        assertEquals("rubbish", Files.readString(report.aside().resolve("CURRENT")));
        try (Journal journal = Journal.open(dir, settings())) {
            assertEquals(notes(PROJECT, LAPTOP, 1, 3), all(journal, PROJECT));
        }
    }

    @Test
    void aListOfFilesTornAtItsEndCostsNothing() throws Exception {
        Random random = JournalTrial.random("torn list");
        List<Operation> expected = new ArrayList<>();
        Path copy = dir.resolve("copy");
        Path live = dir.resolve("live");
        // With memory enough that no file comes or goes while they are copied.
        try (Journal journal = Journal.open(live, settings())) {
            while (expected.size() < 1_000) {
                JournalWrite write = JournalTrial.randomWrite(random, PROJECT, LAPTOP, expected.size());
                assertInstanceOf(JournalWrite.Written.class, journal.append(write.operations(), write.blobs()));
                expected.addAll(write.operations());
            }
            DiskImage.read(live, live.resolve("native")).write(copy);
        }
        // A change that reached the disk in part, with whole ones before it: what is newer is in the log.
        Path list = FileHarm.files(copy).stream()
                .filter(file -> file.toString().contains("MANIFEST"))
                .findFirst()
                .orElseThrow();
        byte[] torn = new byte[300];
        random.nextBytes(torn);
        torn[4] = (byte) 200;
        torn[5] = 0;
        torn[6] = 1;
        Files.write(list, torn, StandardOpenOption.APPEND);

        JournalRefused refused = assertThrows(JournalRefused.class, () -> Journal.open(copy, settings()));
        assertTrue(refused.isDamage(), refused.getMessage());
        Journal.salvage(copy, settings());
        try (Journal journal = Journal.open(copy, settings())) {
            assertEquals(expected, all(journal, PROJECT));
            assertTrue(journal.inspect(PROJECT).healthy());
        }
    }

    @Test
    void whatANewerVersionWroteIsNotForThisOneToSalvage() throws Exception {
        try (Journal journal = Journal.open(dir, settings())) {
            written(journal, notes(PROJECT, LAPTOP, 1, 3));
        }
        String format = Files.readString(dir.resolve("format"));
        Files.writeString(dir.resolve("format"), format.replaceFirst("\\d+", "99"));
        JournalRefused refused = assertThrows(JournalRefused.class, () -> Journal.salvage(dir, settings()));
        assertFalse(refused.isDamage());
        assertTrue(refused.getMessage().contains("newer"), refused.getMessage());
    }
}
