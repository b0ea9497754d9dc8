package ai.postdev.dragon.lake.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.postdev.dragon.disk.DiskRecorder;
import ai.postdev.dragon.disk.MemoryFolder;
import ai.postdev.dragon.disk.ModelDisk.Lie;
import ai.postdev.dragon.disk.Recording;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Records what a journal under load does to its files, cuts the power at many moments of that, and opens what could then
 * be on the disk: every acknowledged operation must be there, and nothing that was never written. A disk that lies, and
 * writes that were not asked to reach the disk, show that the test would see a loss.
 */
@Execution(ExecutionMode.CONCURRENT)
class PowerCutTest {
    private static final int CUTS_OF_ONE = 200;
    /** A test that looks for a loss gives up after so many cuts. */
    private static final int CUTS_UNTIL_LOSS = 80;

    private final Random random = JournalTrial.random("power cut");

    @TempDir(factory = MemoryFolder.class)
    Path dir;

    private DiskRecorder recorder;

    @BeforeEach
    void compile() throws Exception {
        Optional<DiskRecorder> found = DiskRecorder.in(dir);
        assumeTrue(found.isPresent(), "power cuts need Linux and a C compiler");
        recorder = found.get();
    }

    @Test
    void nothingAcknowledgedIsLostInPowerCuts() throws Exception {
        campaign(150, 150);
    }

    /** Set {@code postdevai.power.cuts} for another number. */
    @Test
    @Tag("campaign")
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void nothingAcknowledgedIsLostInFiveThousandPowerCuts() throws Exception {
        campaign(Integer.getInteger("postdevai.power.cuts", 5_000), 150 + random.nextInt(100));
    }

    private void campaign(int cuts, int commits) throws Exception {
        PowerTrial trial = new PowerTrial(dir, recorder, random);
        long began = System.nanoTime();
        while (trial.cuts() < cuts) {
            int here = Math.min(CUTS_OF_ONE, cuts - trial.cuts());
            Recording first = trial.record(trial.root(), Durability.FSYNC, 1 + random.nextInt(3), commits);
            trial.cut(first, new PowerOracle(), here * 2 / 3);
            Path root = trial.root();
            PowerOracle oracle = trial.left(first, root);
            Recording second = trial.record(root, Durability.FSYNC, 1, commits / 4);
            trial.cut(second, oracle, here - here * 2 / 3);
            System.out.printf("power cuts: %s; %.0f s%n", trial, (System.nanoTime() - began) / 1e9);
        }
        assertEquals(0, trial.losing());
    }

    @Test
    void aSalvageThatBreaksOffCanBeDoneAgain() throws Exception {
        salvages(25);
    }

    @Test
    @Tag("campaign")
    void aSalvageThatBreaksOffAnywhereCanBeDoneAgain() throws Exception {
        salvages(500);
    }

    private void salvages(int cuts) throws Exception {
        PowerTrial trial = new PowerTrial(dir, recorder, random);
        Path root = trial.root();
        Path home = PowerChild.journal(root);
        PowerOracle oracle;
        try (Journal journal = Journal.open(home, PowerChild.settings(Durability.OS))) {
            for (int i = 0; i < 100; i++) {
                JournalWrite write = JournalTrial.randomWrite(
                        random,
                        JournalTrial.PROJECT,
                        JournalTrial.LAPTOP,
                        journal.versionVector(JournalTrial.PROJECT).sequence(JournalTrial.LAPTOP));
                assertInstanceOf(JournalWrite.Written.class, journal.append(write.operations(), write.blobs()));
            }
            oracle = PowerOracle.of(journal, true);
        }
        Files.delete(home.resolve("format")); // enough to be refused, and no bytes are missing
        trial.cut(trial.recordSalvage(root), oracle, cuts);
        System.out.println("power cuts of a salvage: " + trial);
        assertEquals(0, trial.losing());
    }

    @Test
    void aDiskThatLiesLosesInTheSimulation() throws Exception {
        Recording recording = null;
        for (Lie lie : new Lie[] {Lie.FILES, Lie.FOLDERS}) {
            PowerTrial trial = new PowerTrial(dir, recorder, random);
            if (recording == null) {
                recording = trial.record(trial.root(), Durability.FSYNC, 1, 40);
            }
            loses(trial, recording, lie);
        }
    }

    @Test
    void lessDurabilityLosesInTheSimulation() throws Exception {
        for (Durability durability : new Durability[] {Durability.NONE, Durability.OS}) {
            PowerTrial trial = new PowerTrial(dir, recorder, random);
            loses(trial, trial.record(trial.root(), durability, 1, 40), Lie.NONE);
        }
    }

    private static void loses(PowerTrial trial, Recording recording, Lie lie) throws Exception {
        while (trial.losing() == 0 && trial.cuts() < CUTS_UNTIL_LOSS) {
            trial.look(recording, new PowerOracle(), lie, 4);
        }
        System.out.println("power cuts: " + trial);
        assertTrue(trial.losing() > 0, "a loss that must be seen is not: " + trial);
    }
}
