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
    private long heap = 200;
    private long inHeap;
    private int trims;
    private final Memory memory = new Memory(
            new MemoryLedger(new MemoryBudget(1_000, USUAL), Duration.ofMillis(100)),
            RamDisk.ordinary(),
            () -> new ProcessFigures(resident, 0, 0, 0, 0, heap, 0, 0, 0, 0),
            () -> now,
            () -> {
                trims++;
                resident -= inHeap;
                return inHeap;
            },
            Duration.ofMillis(3_000),
            new DriftSettings(0.25, 0.05, Duration.ofMillis(1_000), Duration.ofMillis(100)));
    private int pressed;

    @Test
    void whatModelsTakeInAnotherProcessIsNoPartOfWhatThisOneIsMeasuredToTake() {
        ModelRoom room = memory.modelRoom();
        assertTrue(room.take(300, true));
        resident = 200;
        memory.relieve();
        assertEquals(new ModelRoom.Figures(1_000, 200, 0, 300, 0), room.figures());
        assertTrue(room.take(100, false));
        resident = 300;
        memory.relieve();
        assertEquals(new ModelRoom.Figures(1_000, 200, 0, 400, 0), room.figures());
        assertEquals(400, room.free());
        assertEquals(800, room.possible());
        room.give(300, true);
        room.give(100, false);
        resident = 200;
        memory.relieve();
        assertEquals(800, room.free());
        memory.whenPressed(() -> pressed++);
        room.want(1);
        assertEquals(1, pressed, "somebody is asked to make way");
    }

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

    @Test
    void whatNobodyAccountsForIsDriftAndForLongEnoughAnAlarm() {
        assertTrue(memory.slabs(A, Part.TEXTS).take(100).isPresent());
        memory.charge(A, Part.EVENTS, 50);
        resident = 300;
        assertEquals(Optional.empty(), memory.observeDrift());
        assertEquals(0, memory.drift().unexplained(), "the heap's 200, events among them, and 100 outside");
        resident = 560;
        assertEquals(Optional.empty(), memory.observeDrift());
        assertEquals(260, memory.drift().unexplained());
        assertEquals(0.26, memory.drift().ratio(), 1e-12);
        assertEquals("rising", memory.drift().state());
        now += 1_000;
        assertEquals(Optional.of(DriftAlarm.Change.RAISED), memory.observeDrift());
        assertEquals(
                new MemoryFigures.Drift(260, 0.26, "alarm", 0, 1),
                memory.figures().drift());
        resident = 0;
        memory.observeDrift();
        assertEquals(0, memory.drift().unexplained(), "not known, so not said");
    }

    @Test
    void tiersAreShownUntilTheProjectIsClosed() {
        memory.charge(A, Part.VECTORS, 90);
        memory.givable(A, Part.VECTORS, 120);
        memory.tiers(A, Part.VECTORS, Map.of("f32", 3L, "8 bit", 4L));
        assertEquals(
                List.of(new MemoryFigures.Holding(A, Part.VECTORS, 90, 0, 90, Map.of("f32", 3L, "8 bit", 4L))),
                memory.figures().holdings());
        memory.close(A);
        memory.charge(A, Part.VECTORS, 10);
        assertEquals(Map.of(), memory.figures().holdings().getFirst().tiers());
    }

    @Test
    void whatTheHeapHoldsWithoutNeedGoesFirstAndNotTooOften() {
        Slabs slabs = memory.slabs(A, Part.TEXTS);
        List<Long> asked = new ArrayList<>();
        memory.gives(A, Part.TEXTS, bytes -> {
            asked.add(bytes);
            return 0;
        });
        assertTrue(slabs.take(500).isPresent());
        resident += 500;
        memory.relieve();
        assertEquals(0, trims, "memory is not short");
        resident += 400;
        inHeap = 350;
        assertEquals(350, memory.relieve());
        assertEquals(List.of(), asked, "that was enough");
        resident += 400;
        now += 2_999;
        memory.relieve();
        assertEquals(1, trims);
        assertEquals(1, asked.size());
        now++;
        assertTrue(slabs.take(900).isEmpty());
        memory.relieve();
        assertEquals(2, trims, "to be refused memory is to be short of it");
    }
}
