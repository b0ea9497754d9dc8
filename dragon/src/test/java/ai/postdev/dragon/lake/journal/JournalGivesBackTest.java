package ai.postdev.dragon.lake.journal;

import static ai.postdev.dragon.lake.journal.JournalTrial.LAPTOP;
import static ai.postdev.dragon.lake.journal.JournalTrial.PROJECT;
import static ai.postdev.dragon.lake.journal.JournalTrial.blob;
import static ai.postdev.dragon.lake.journal.JournalTrial.put;
import static ai.postdev.dragon.lake.journal.JournalTrial.written;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While memory is short a journal gives back what it buffers, and holds the same before and after. */
class JournalGivesBackTest {
    private static final int TEXTS = 16;

    @TempDir
    Path dir;

    private final Random random = JournalTrial.random("journal gives back");

    private Blob text(int bytes) {
        byte[] content = new byte[bytes];
        random.nextBytes(content);
        return blob(Base64.getEncoder().encodeToString(content));
    }

    private static void check(Journal journal, List<Operation> operations, List<Blob> texts) throws IOException {
        List<Operation> found = new ArrayList<>();
        journal.replay(PROJECT, VersionVector.EMPTY, found::add);
        assertEquals(operations, found);
        for (Blob text : texts) {
            assertArrayEquals(text.text(), journal.blob(text.hash()).orElseThrow());
        }
    }

    @Test
    void whatIsBufferedBecomesSortedFilesAndLittleIsLeftAlone() throws IOException {
        List<Operation> operations = new ArrayList<>();
        List<Blob> texts = new ArrayList<>();
        JournalSettings settings = JournalTrial.settings(Map.of("write-buffer", "64 MiB"));
        try (Journal journal = Journal.open(dir, settings)) {
            for (int i = 1; i <= TEXTS; i++) {
                Blob text = text(1 << 20);
                operations.add(put(PROJECT, LAPTOP, i, "f" + i, text));
                texts.add(text);
                written(journal, List.of(operations.getLast()), text);
            }
            long before = journal.memoryBytes();
            long given = journal.giveBack();
            assertTrue(given > TEXTS << 19, "given back: " + given);
            assertTrue(journal.memoryBytes() <= before - given / 2, "held now: " + journal.memoryBytes());
            check(journal, operations, texts);
            Blob small = text(1 << 10);
            operations.add(put(PROJECT, LAPTOP, TEXTS + 1, "small", small));
            texts.add(small);
            written(journal, List.of(operations.getLast()), small);
            assertEquals(0, journal.giveBack(), "so little is not worth a file");
        }
        try (Journal journal = Journal.open(dir, settings)) {
            check(journal, operations, texts);
        }
    }

    @Test
    void aJournalThatIsClosedGivesNothing() throws IOException {
        Journal journal = Journal.open(dir, JournalTrial.settings());
        journal.close();
        assertEquals(0, journal.giveBack());
    }
}
