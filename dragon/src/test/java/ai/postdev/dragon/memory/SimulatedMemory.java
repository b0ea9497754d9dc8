package ai.postdev.dragon.memory;

import ai.postdev.actors.op.ProjectId;
import java.time.Duration;
import java.util.Map;

/** A node's memory whose process is made up: the program, the stores as they say, and the models in it. One thread. */
public final class SimulatedMemory {
    private static final ProjectId PROJECT = new ProjectId("aaaaaaaa");
    private static final Map<Share, Integer> USUAL =
            Map.of(Share.VECTOR, 30, Share.CODE, 40, Share.HISTORY, 20, Share.METADATA, 10);

    private final MemoryLedger ledger;
    private final Memory memory;
    private final long base;
    private long texts;

    /**
     * @param base bytes of the program itself
     * @param modelsPercent promised to models
     */
    public SimulatedMemory(long budget, long base, int modelsPercent) {
        this.base = base;
        ledger = new MemoryLedger(new MemoryBudget(budget, USUAL, modelsPercent), Duration.ofMinutes(10));
        memory = new Memory(
                ledger,
                RamDisk.ordinary(),
                () -> new ProcessFigures(resident(), 0, 0, 0, 0, 0, 0, 0, 0, 0),
                () -> 0,
                () -> 0,
                Duration.ofSeconds(30),
                new DriftSettings(0.3, 0.05, Duration.ofMinutes(5), Duration.ofMinutes(1)));
        memory.gives(PROJECT, Part.TEXTS, bytes -> {
            long given = Math.min(bytes, texts);
            texts -= given;
            memory.charge(PROJECT, Part.TEXTS, texts);
            return given;
        });
    }

    private long resident() {
        return base + ledger.total() + ledger.modelsInside();
    }

    public ModelRoom room() {
        return memory.modelRoom();
    }

    /** What models hold in this process, as its ledger has it. */
    public long inside() {
        return ledger.modelsInside();
    }

    /** The store of texts takes as much as it is allowed, up to so many bytes; it gives them back when asked. */
    public void store(long bytes) {
        if (memory.allows(PROJECT, Part.TEXTS, bytes)) {
            texts += bytes;
            memory.charge(PROJECT, Part.TEXTS, texts);
        }
    }

    /** Events, which are never given back. */
    public boolean remember(long bytes) {
        boolean allowed = memory.allows(PROJECT, Part.EVENTS, bytes);
        if (allowed) {
            memory.charge(PROJECT, Part.EVENTS, memory.held(PROJECT, Part.EVENTS) + bytes);
        }
        return allowed;
    }

    public long events() {
        return memory.held(PROJECT, Part.EVENTS);
    }

    /** Who has to give memory back does. */
    public void relieve() {
        memory.relieve();
    }

    /** From now on this is the budget. */
    public void budget(long bytes) {
        MemoryBudget old = memory.budget();
        memory.budget(new MemoryBudget(bytes, old.percent(), old.modelsPercent()));
    }
}
