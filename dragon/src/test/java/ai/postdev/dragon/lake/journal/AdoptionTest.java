package ai.postdev.dragon.lake.journal;

import static ai.postdev.dragon.lake.journal.JournalTrial.LAPTOP;
import static ai.postdev.dragon.lake.journal.JournalTrial.OTHER;
import static ai.postdev.dragon.lake.journal.JournalTrial.PROJECT;
import static ai.postdev.dragon.lake.journal.JournalTrial.all;
import static ai.postdev.dragon.lake.journal.JournalTrial.notes;
import static ai.postdev.dragon.lake.journal.JournalTrial.settings;
import static ai.postdev.dragon.lake.journal.JournalTrial.written;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every state of the folder that a restore can be killed in is one that the next start understands. */
class AdoptionTest {
    @TempDir
    Path dir;

    @BeforeEach
    void fill() throws IOException {
        try (Journal journal = Journal.open(dir, settings())) {
            written(journal, notes(OTHER, LAPTOP, 1, 20));
        }
    }

    private Adoption begin() throws IOException {
        Adoption adoption = Adoption.begin(dir, settings(), Set.of(PROJECT));
        adoption.start(PROJECT, LAPTOP, 1);
        for (Operation operation : notes(PROJECT, LAPTOP, 1, 2_500)) {
            adoption.operation(operation);
        }
        return adoption;
    }

    private void opensWith(int operations) throws IOException {
        try (Journal journal = Journal.open(dir, settings())) {
            assertEquals(notes(OTHER, LAPTOP, 1, 20), all(journal, OTHER));
            assertEquals(operations == 0 ? List.of() : notes(PROJECT, LAPTOP, 1, operations), all(journal, PROJECT));
        }
        for (String left : List.of("rocks.restoring", "rocks.restored", "rocks.replaced")) {
            assertFalse(Files.exists(dir.resolve(left)), left);
        }
    }

    @Test
    void beforeItIsFinishedNothingIsThere() throws IOException {
        try (Adoption adoption = begin()) {
            assertTrue(Files.exists(dir.resolve("rocks.restoring")), adoption::toString);
        }
        opensWith(0);
    }

    @Test
    void finishedAllIsThere() throws IOException {
        try (Adoption adoption = begin()) {
            adoption.finish();
        }
        opensWith(2_500);
    }

    @Test
    void diedBeforeTheCopyWasWhole() throws IOException {
        Files.createDirectories(dir.resolve("rocks.restoring/sub"));
        opensWith(0);
    }

    @Test
    void diedBeforeTheOldMadeRoom() throws IOException {
        copyFinished("rocks.restored");
        opensWith(0);
    }

    @Test
    void diedBetweenTheTwoRenames() throws IOException {
        copyFinished("rocks.restored");
        Files.move(dir.resolve("rocks"), dir.resolve("rocks.replaced"));
        opensWith(2_500);
    }

    @Test
    void diedBeforeTheOldWasRemoved() throws IOException {
        copyFinished("rocks.restored");
        Files.move(dir.resolve("rocks"), dir.resolve("rocks.replaced"));
        Files.move(dir.resolve("rocks.restored"), dir.resolve("rocks"));
        opensWith(2_500);
    }

    /** Leaves the journal as it was, and beside it a whole copy with the project under another name. */
    private void copyFinished(String name) throws IOException {
        try (Journal journal = Journal.open(dir, settings())) {
            journal.copyTo(dir.resolve("kept"));
        }
        try (Adoption adoption = begin()) {
            adoption.finish();
        }
        Files.move(dir.resolve("rocks"), dir.resolve(name));
        Files.move(dir.resolve("kept"), dir.resolve("rocks"));
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        try (Adoption adoption = Adoption.begin(dir, settings(), Set.of(PROJECT))) {
            adoption.start(PROJECT, LAPTOP, 5);
            assertThrows(
                    JournalRefused.class,
                    () -> adoption.operation(notes(PROJECT, LAPTOP, 1, 1).getFirst()));
            adoption.operation(notes(PROJECT, LAPTOP, 5, 5).getFirst());
            assertThrows(
                    JournalRefused.class,
                    () -> adoption.operation(notes(PROJECT, LAPTOP, 7, 7).getFirst()));
            assertThrows(
                    JournalRefused.class,
                    () -> adoption.operation(notes(OTHER, LAPTOP, 1, 1).getFirst()));
        }
        JournalRefused there = assertThrows(JournalRefused.class, () -> Adoption.begin(dir, settings(), Set.of(OTHER)));
        assertTrue(there.getMessage().contains("in this home already, with 20 operations"), there.getMessage());
        opensWith(0);
    }
}
