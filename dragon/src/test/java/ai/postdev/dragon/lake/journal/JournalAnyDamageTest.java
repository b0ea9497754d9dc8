package ai.postdev.dragon.lake.journal;

import static ai.postdev.dragon.lake.journal.JournalTrial.LAPTOP;
import static ai.postdev.dragon.lake.journal.JournalTrial.OTHER;
import static ai.postdev.dragon.lake.journal.JournalTrial.PROJECT;
import static ai.postdev.dragon.lake.journal.JournalTrial.STUDIO;
import static ai.postdev.dragon.lake.journal.JournalTrial.all;
import static ai.postdev.dragon.lake.journal.JournalTrial.written;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import ai.postdev.dragon.disk.DiskImage;
import ai.postdev.dragon.disk.FileHarm;
import ai.postdev.dragon.disk.MemoryFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Whatever file of a closed journal is damaged in whatever way: it is found, by opening or by an inspection, or it has no
 * effect; and after a repair the journal opens and tells nothing but the truth.
 */
@Execution(ExecutionMode.CONCURRENT)
class JournalAnyDamageTest {
    private static final int OPERATIONS = 1_200;
    private static final JournalSettings SETTINGS = PowerChild.settings(Durability.OS);

    @TempDir(factory = MemoryFolder.class)
    Path dir;

    private final Random random = JournalTrial.random("any damage");
    private final Map<ProjectId, List<Operation>> expected = new TreeMap<>();
    private final Map<String, Integer> tally = new TreeMap<>();

    /** What came of a damage. */
    private enum Outcome {
        /** Opening refused and named it. */
        REFUSED,
        /** Opening refused, as the number of the format is now that of a newer version: nothing that a repair may touch. */
        NEWER,
        /** Opening went well, an inspection named it. */
        INSPECTED,
        /** All reads as before. */
        HARMLESS
    }

    @Test
    void everyDamageIsFoundOrHasNoEffect() throws Exception {
        damages(200);
    }

    /** Set {@code postdevai.damages} for another number. */
    @Test
    @Tag("campaign")
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void everyOfThousandsOfDamagesIsFoundOrHasNoEffect() throws Exception {
        damages(Integer.getInteger("postdevai.damages", 5_000));
    }

    private void damages(int count) throws Exception {
        Path whole = dir.resolve("whole");
        fill(whole);
        DiskImage image = DiskImage.read(whole, whole.resolve("native"));
        List<String> silent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Path home = dir.resolve("damaged");
            image.write(home);
            List<Path> files = FileHarm.files(home);
            FileHarm harm = FileHarm.values()[random.nextInt(FileHarm.values().length)];
            String about = harm.to(FileHarm.any(files, random), files, random);
            try {
                Outcome outcome = outcome(home);
                tally.merge(outcome + "", 1, Integer::sum);
                if (outcome == Outcome.REFUSED || outcome == Outcome.INSPECTED) {
                    mend(home, outcome);
                }
            } catch (IOException | RuntimeException | AssertionError e) {
                silent.add(about + ": " + e);
            }
            PowerTrial.remove(home);
        }
        System.out.println("any damage: " + count + " damages, " + tally + ", silent or not mended " + silent.size());
        assertEquals(List.of(), silent);
    }

    /** The list of files is a log; without its last changes it is an older list, and just as readable. */
    @Test
    void aListOfFilesThatEndsEarlierIsFound() throws Exception {
        Path whole = dir.resolve("whole");
        fill(whole);
        DiskImage image = DiskImage.read(whole, whole.resolve("native"));
        String list = image.files().keySet().stream()
                .filter(file -> file.contains("MANIFEST"))
                .findFirst()
                .orElseThrow();
        int bytes = image.files().get(list).length;
        for (int cut = 1; cut < Math.min(bytes, 1_500); cut += 1 + random.nextInt(60)) {
            Path home = dir.resolve("damaged");
            image.write(home);
            try (FileChannel channel = FileChannel.open(home.resolve(list), StandardOpenOption.WRITE)) {
                channel.truncate(bytes - cut);
            }
            Outcome outcome = outcome(home);
            tally.merge(outcome + "", 1, Integer::sum);
            if (outcome != Outcome.HARMLESS) {
                mend(home, outcome);
            }
            PowerTrial.remove(home);
        }
        System.out.println("list of files cut: " + tally);
    }

    private void fill(Path whole) throws IOException {
        try (Journal journal = Journal.open(whole, SETTINGS)) {
            for (int i = 1; i <= OPERATIONS; i += 2) {
                Blob text = JournalTrial.blob(JournalTrial.source(random, 100 + random.nextInt(4_000)));
                List<Operation> pair = List.of(
                        JournalTrial.put(PROJECT, LAPTOP, i, "f" + i, text), JournalTrial.note(PROJECT, LAPTOP, i + 1));
                written(journal, pair, text);
                written(journal, List.of(JournalTrial.note(OTHER, STUDIO, (i + 1) / 2)));
                journal.putDerived("syntax.1", text.hash(), text.text());
            }
        }
        try (Journal journal = Journal.open(whole, SETTINGS)) {
            for (ProjectId project : journal.projects()) {
                expected.put(project, all(journal, project));
            }
        }
    }

    private Outcome outcome(Path home) throws IOException {
        try (Journal journal = Journal.open(home, SETTINGS)) {
            boolean named = !journal.opened().cut().isEmpty();
            for (ProjectId project : journal.projects()) {
                RepairReport report = journal.inspect(project);
                named |= !report.healthy() || report.physical();
            }
            if (named) {
                return Outcome.INSPECTED;
            }
            assertEquals(expected.keySet(), new TreeSet<>(journal.projects()), "projects");
            for (ProjectId project : expected.keySet()) {
                List<Operation> found = all(journal, project);
                assertEquals(expected.get(project).size(), found.size(), "operations of " + project);
                assertEquals(expected.get(project), found);
                for (Operation operation : found) {
                    if (operation.body() instanceof Body.PutDocument put) {
                        byte[] text = journal.blob(put.hash()).orElseThrow();
                        assertEquals(put.hash(), ContentHash.of(text));
                        journal.derived("syntax.1", put.hash())
                                .ifPresent(derived -> assertEquals(put.hash(), ContentHash.of(derived)));
                    }
                }
            }
            return Outcome.HARMLESS;
        } catch (JournalRefused e) {
            if (e.getMessage().contains("this version reads up to")) {
                return Outcome.NEWER;
            }
            assertTrue(e.isDamage(), e.getMessage());
            assertTrue(e.getMessage().contains("postdevai doctor --repair"), e.getMessage());
            return Outcome.REFUSED;
        }
    }

    /** As {@code doctor --repair} does. */
    private void mend(Path home, Outcome outcome) throws IOException {
        boolean salvage = outcome == Outcome.REFUSED;
        if (!salvage) {
            try (Journal journal = Journal.open(home, SETTINGS)) {
                for (ProjectId project : journal.projects()) {
                    if (journal.inspect(project).physical()) {
                        salvage = true;
                    } else {
                        journal.repair(project);
                    }
                }
            } catch (JournalRefused e) {
                salvage = true;
            }
        }
        if (salvage) {
            Journal.salvage(home, SETTINGS);
        }
        try (Journal journal = Journal.open(home, SETTINGS)) {
            for (ProjectId project : journal.projects()) {
                Set<Operation> known = new HashSet<>(expected.get(project));
                List<Operation> found = all(journal, project);
                assertTrue(known.containsAll(found), "after the repair something is there that never was");
                assertTrue(journal.inspect(project).healthy(), "not healthy after the repair");
                tally.merge("operations kept", found.size(), Integer::sum);
                tally.merge("operations lost", known.size() - found.size(), Integer::sum);
            }
            long next = journal.lastSequence(PROJECT) + 1;
            written(journal, List.of(JournalTrial.note(PROJECT, journal.origin(), next)));
        }
        try (Journal journal = Journal.open(home, SETTINGS)) {
            assertTrue(journal.inspect(PROJECT).healthy(), "the new origin does not go on counting");
        }
    }
}
