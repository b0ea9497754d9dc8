package ai.postdev.dragon.lake.journal;

import static ai.postdev.dragon.lake.journal.JournalTrial.LAPTOP;
import static ai.postdev.dragon.lake.journal.JournalTrial.PROJECT;
import static ai.postdev.dragon.lake.journal.JournalTrial.operation;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.OperationCodec;
import ai.postdev.actors.op.VersionVector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErasureTest {
    @TempDir
    Path dir;

    private static Operation event(Random random, long sequence, String kind) {
        byte[] noise = new byte[1_000];
        random.nextBytes(noise);
        return operation(
                PROJECT,
                LAPTOP,
                sequence,
                new Body.AppendEvent(kind, sequence, java.util.HexFormat.of().formatHex(noise), Map.of(), List.of()));
    }

    private static void append(Journal journal, List<Operation> operations) {
        assertInstanceOf(JournalWrite.Written.class, journal.append(operations, List.of()));
    }

    private static List<Long> replayed(Journal journal) throws JournalRefused {
        List<Long> sequences = new ArrayList<>();
        ReplayReport report =
                journal.replay(PROJECT, VersionVector.EMPTY, operation -> sequences.add(operation.sequence()));
        assertEquals(0, report.lost());
        return sequences;
    }

    @Test
    void whatIsErasedTakesNoRoomAndAllElseStays() throws Exception {
        Random random = JournalTrial.random("erase");
        long before;
        List<Operation> operations = new ArrayList<>();
        List<Long> kept = new ArrayList<>();
        List<Long> dropped = new ArrayList<>();
        try (Journal journal = Journal.open(dir, JournalTrial.settings())) {
            for (long sequence = 1; sequence <= 3_000; sequence++) {
                String kind = random.nextInt(10) == 0 ? "note" : "edit";
                operations.add(event(random, sequence, kind));
                // The drop names notes too: they stay.
                (kind.equals("edit") && sequence > 100 ? dropped : kept).add(sequence);
            }
            append(journal, operations);
            List<Long> named = operations.stream()
                    .map(Operation::sequence)
                    .filter(sequence -> sequence > 100)
                    .toList();
            append(journal, List.of(operation(PROJECT, LAPTOP, 3_001, new Body.DropEvents("edit", 1, LAPTOP, named))));
            append(journal, List.of(operation(PROJECT, LAPTOP, 3_002, new Body.DropEvents("note", 1, LAPTOP, named))));
            kept.addAll(List.of(3_001L, 3_002L));
            assertFalse(journal.giveBack(PROJECT, 0), "nothing was erased yet");
            before = journal.stats().diskBytes();
            long erased = journal.erase(PROJECT, LAPTOP, 3_001) + journal.erase(PROJECT, LAPTOP, 3_002);
            assertTrue(erased > 2_000L * dropped.size(), () -> "erased " + erased);
            assertEquals(0, journal.erase(PROJECT, LAPTOP, 3_001), "once is enough");
            assertEquals(0, journal.erase(PROJECT, LAPTOP, 1), "an event drops nothing");
            assertEquals(0, journal.erase(PROJECT, LAPTOP, 9_999), "what is not there drops nothing");
            assertEquals(kept, replayed(journal));
            assertFalse(journal.giveBack(PROJECT, erased + 1), "too little for the work");
            assertTrue(journal.giveBack(PROJECT, erased));
            assertFalse(journal.giveBack(PROJECT, 0));
            long after = journal.stats().operationBytes();
            assertTrue(after < 1_300L * kept.size() + 40L * dropped.size(), () -> "still " + after);
            append(journal, operations); // a sender repeats what it is not sure of: each is known by its mark
            assertEquals(kept, replayed(journal));
            List<Operation> other = List.of(event(random, dropped.getFirst(), "edit"));
            assertInstanceOf(JournalWrite.Refused.class, journal.append(other, List.of()), "another under the mark");
            for (Operation operation : List.of(operations.get(150), operations.get(99))) {
                ContentHash hash = ContentHash.of(OperationCodec.encode(operation));
                boolean gone = dropped.contains(operation.sequence());
                assertEquals(gone, journal.dropped(PROJECT, LAPTOP, operation.sequence(), hash));
                assertFalse(journal.dropped(PROJECT, LAPTOP, operation.sequence(), ContentHash.of("other")));
                assertEquals(
                        gone,
                        journal.operation(PROJECT, LAPTOP, operation.sequence()).isEmpty());
            }
            assertEquals(List.of(), journal.repair(PROJECT).lost());
        }
        try (Journal journal = Journal.open(dir, JournalTrial.settings())) {
            assertEquals(kept, replayed(journal));
            assertEquals(0, journal.erase(PROJECT, LAPTOP, 3_001));
            assertTrue(journal.stats().diskBytes() < before / 3, () -> "before " + before);
            assertEquals(3_002, journal.lastSequence(PROJECT));
            assertEquals(3_002, journal.forget(PROJECT).operations());
        }
    }

    @Test
    void anOriginThatEndsWithADroppedEventGoesOnAfterIt() throws Exception {
        Random random = JournalTrial.random("erase the end");
        try (Journal journal = Journal.open(dir, JournalTrial.settings())) {
            append(journal, List.of(event(random, 1, "note"), event(random, 2, "edit")));
            append(
                    journal,
                    List.of(operation(
                            PROJECT, JournalTrial.STUDIO, 1, new Body.DropEvents("edit", 1, LAPTOP, List.of(2L)))));
            assertTrue(journal.erase(PROJECT, JournalTrial.STUDIO, 1) > 0);
        }
        try (Journal journal = Journal.open(dir, JournalTrial.settings())) {
            assertEquals(2, journal.versionVector(PROJECT).sequence(LAPTOP));
            append(journal, List.of(event(random, 3, "edit")));
            assertEquals(List.of(1L, 3L, 1L), replayed(journal));
        }
    }
}
