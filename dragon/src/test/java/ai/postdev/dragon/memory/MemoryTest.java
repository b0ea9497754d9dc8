package ai.postdev.dragon.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.ProjectId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryTest {
    private static final ProjectId A = new ProjectId("aaaaaaaa");
    private static final ProjectId B = new ProjectId("bbbbbbbb");
    private static final Map<Share, Integer> USUAL =
            Map.of(Share.VECTOR, 30, Share.CODE, 40, Share.HISTORY, 20, Share.METADATA, 10);

    private long resident = 200;
    private long now;
    private final Memory memory = new Memory(
            new MemoryLedger(new MemoryBudget(1_000, USUAL), Duration.ofMillis(100)),
            RamDisk.ordinary(),
            () -> resident,
            () -> now);
    private int pressed;

    @Test
    void aProcessThatGrowsMakesHoldersGiveBack() {
        memory.whenPressed(() -> pressed++);
        Slabs slabs = memory.slabs(A, Part.TEXTS);
        List<Slab> held = new ArrayList<>();
        memory.gives(A, Part.TEXTS, bytes -> {
            long given = 0;
            while (given < bytes && !held.isEmpty()) {
                given += held.getFirst().bytes();
                slabs.give(held.removeFirst());
                resident -= 100;
            }
            return given;
        });
        for (Optional<Slab> slab = slabs.take(100); slab.isPresent(); slab = slabs.take(100)) {
            held.add(slab.get());
            resident += 100;
        }
        assertEquals(8, held.size(), "200 are the process's own");
        assertEquals(1, pressed);
        assertEquals(0, memory.relieve(), "nobody has to give back to its own wish");

        resident += 300; // something else in the process grew
        now += 2_000;
        memory.charge(A, Part.GRAPH, 0);
        assertEquals(2, pressed);
        memory.charge(A, Part.GRAPH, 0);
        assertEquals(2, pressed, "told once until somebody was asked");
        assertEquals(400, memory.relieve());
        assertEquals(4, held.size());
        MemoryFigures figures = memory.figures();
        assertEquals(500, figures.baseBytes());
        assertEquals(400, figures.shares().get(Share.CODE).usedBytes());
        assertEquals(200, figures.shares().get(Share.CODE).limitBytes());
        assertEquals(400, figures.givenBackBytes());
        assertTrue(figures.refused() > 0);
    }

    @Test
    void aSmallerBudgetIsAskedBackAndAClosedProjectHoldsNothing() {
        memory.whenPressed(() -> pressed++);
        memory.charge(B, Part.EVENTS, 300);
        memory.budget(new MemoryBudget(250, USUAL));
        assertEquals(1, pressed);
        assertEquals(0, memory.relieve(), "events cannot be given back");
        memory.close(B);
        assertEquals(List.of(), memory.figures().holdings());
    }
}
