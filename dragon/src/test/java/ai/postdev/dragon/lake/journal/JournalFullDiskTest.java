package ai.postdev.dragon.lake.journal;

import static ai.postdev.dragon.lake.journal.JournalTrial.LAPTOP;
import static ai.postdev.dragon.lake.journal.JournalTrial.PROJECT;
import static ai.postdev.dragon.lake.journal.JournalTrial.all;
import static ai.postdev.dragon.lake.journal.JournalTrial.notes;
import static ai.postdev.dragon.lake.journal.JournalTrial.put;
import static ai.postdev.dragon.lake.journal.JournalTrial.refused;
import static ai.postdev.dragon.lake.journal.JournalTrial.settings;
import static ai.postdev.dragon.lake.journal.JournalTrial.written;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import ai.postdev.actors.protocol.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fills a small file system of its own. Needs the right to mount one. */
class JournalFullDiskTest {
    private static final int DISK = 32 << 20;
    private static final int FILLER = 12 << 20;

    @TempDir
    Path dir;

    private Path disk;
    private Path filler;
    private boolean mounted;
    private final List<Operation> acknowledged = new ArrayList<>();
    private final List<Blob> blobs = new ArrayList<>();

    @BeforeEach
    void mount() throws Exception {
        // Loads the native library from here, or its copy would take half of the small disk.
        Journal.open(dir.resolve("elsewhere"), settings()).close();
        disk = Files.createDirectory(dir.resolve("disk"));
        mounted = run("mount", "-t", "tmpfs", "-o", "size=" + DISK, "tmpfs", disk.toString());
        if (!mounted) {
            System.out.println("SKIPPED: JournalFullDiskTest needs the right to mount a tmpfs");
        }
        assumeTrue(mounted, "needs the right to mount a tmpfs");
        filler = Files.write(disk.resolve("filler"), new byte[FILLER]);
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertTrue(run("umount", disk.toString()), "unmount " + disk);
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException e) {
            System.out.println(command[0] + ": " + e.getMessage());
            return false;
        }
    }

    private JournalWrite.Outcome writeMore(Journal journal, Random random) {
        byte[] noise = new byte[300_000];
        random.nextBytes(noise);
        Blob blob = new Blob(ContentHash.of(noise), noise);
        Operation operation = put(PROJECT, LAPTOP, acknowledged.size() + 1, "f" + acknowledged.size(), blob);
        JournalWrite.Outcome outcome = journal.append(List.of(operation), List.of(blob));
        if (outcome instanceof JournalWrite.Written) {
            acknowledged.add(operation);
            blobs.add(blob);
        }
        return outcome;
    }

    private void check(Journal journal) throws JournalRefused {
        assertEquals(acknowledged, all(journal, PROJECT));
        for (Blob blob : blobs) {
            assertArrayEquals(blob.text(), journal.blob(blob.hash()).orElseThrow());
        }
    }

    /**
     * Writes until the disk is full for good: opening again turns the log into sorted files, which may make room for
     * some more.
     */
    private JournalWrite.Refused fill(Journal journal, Random random) {
        int refusals = 0;
        JournalWrite.Outcome outcome;
        do {
            outcome = writeMore(journal, random);
            refusals = outcome instanceof JournalWrite.Refused ? refusals + 1 : 0;
        } while (refusals < 5);
        return refused(outcome);
    }

    @Test
    void aFullDiskRefusesWritesServesReadsAndGoesOnWhenThereIsSpace() throws Exception {
        Random random = JournalTrial.random("full disk");
        JournalSettings noReserve = settings(Map.of("free-min", 0, "write-buffer", "2 MiB"));
        Path home = disk.resolve("journal");
        try (Journal journal = Journal.open(home, noReserve)) {
            JournalWrite.Refused refused = fill(journal, random);
            assertEquals(Reply.Reason.PRECONDITION, refused.reason());
            assertTrue(refused.message().contains("disk") || refused.message().contains("space"), refused.message());
            assertTrue(acknowledged.size() > 5, "only " + acknowledged.size() + " fitted");
            check(journal);
            assertTrue(!journal.stats().refusing().isEmpty() && journal.stats().failedWrites() > 0);

            Files.delete(filler);
            int before = acknowledged.size();
            // Opening again needs room of its own on so small a disk, so the first writes may still be refused.
            for (int tries = 0; acknowledged.size() < before + 5 && tries < 20; tries++) {
                writeMore(journal, random);
            }
            assertEquals(before + 5, acknowledged.size());
            assertEquals("", journal.stats().refusing());
            check(journal);
        }
        // Opening writes files of its own, for which so small a disk may have no room left.
        assertTrue(run("mount", "-o", "remount,size=" + 2 * DISK, disk.toString()));
        try (Journal journal = Journal.open(home, noReserve)) {
            check(journal);
        }
    }

    @Test
    void theReserveIsKeptFreeAndTheMessageSaysHowMuchIsNeeded() throws Exception {
        Random random = JournalTrial.random("reserve");
        try (Journal journal = Journal.open(disk.resolve("journal"), settings(Map.of("free-min", "8 MiB")))) {
            JournalWrite.Refused refused = fill(journal, random);
            assertTrue(refused.message().contains("expected at least 8388608"), refused.message());
            assertEquals(0, journal.stats().failedWrites());
            check(journal);
            Files.delete(filler);
            assertEquals(new JournalWrite.Written(1), writeMore(journal, random));
            check(journal);
        }
    }

    @Test
    void aDiskThatIsFullFromTheStartIsRefusedAndOpensOnceThereIsSpace() throws Exception {
        Path home = disk.resolve("journal");
        Files.write(disk.resolve("rest"), new byte[DISK - FILLER - (64 << 10)]);
        JournalRefused refused = assertThrows(JournalRefused.class, () -> {
            try (Journal journal = Journal.open(home, settings())) {
                written(journal, notes(PROJECT, LAPTOP, 1, 5_000));
            } catch (AssertionError e) {
                throw new JournalRefused(Reply.Reason.PRECONDITION, e.getMessage(), e);
            }
        });
        assertTrue(!refused.getMessage().isBlank());
        Files.delete(filler);
        try (Journal journal = Journal.open(home, settings())) {
            written(journal, notes(PROJECT, LAPTOP, 1, 10));
            assertEquals(10, all(journal, PROJECT).size());
        }
    }
}
