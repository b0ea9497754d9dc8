package ai.postdev.dragon.memory;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * Bounds of a node's memory; the keys are {@code postdevai.memory.*} and explained in reference.conf.
 *
 * @param budgetBytes of the whole process; 0: half of what is available when the node starts
 * @param percent of what the stores may take, for each share; together 100
 * @param modelsPercent of what the program itself leaves, promised to models
 * @param coldAfter so long untouched, a project makes room for another
 * @param heapTrimPause while memory is short the heap is made smaller at most so often
 * @param ramDisk where bulk data lies: {@code auto}, {@code mount}, a folder; empty: in ordinary memory
 * @param ramDiskFreeMin bytes that are left to others on it
 * @param drift when what nobody accounts for is too much
 */
public record MemorySettings(
        long budgetBytes,
        Map<Share, Integer> percent,
        int modelsPercent,
        Duration coldAfter,
        Duration heapTrimPause,
        String ramDisk,
        long ramDiskFreeMin,
        DriftSettings drift) {
    /** Less than this cannot hold the program itself. */
    static final long BUDGET_MIN = 512L << 20;

    /** Of a container's memory so much is left to whatever else runs in it. */
    private static final double CONTAINER_PART = 0.9;

    public MemorySettings {
        percent = Map.copyOf(percent);
    }

    /** Reads {@code postdevai.memory}. */
    public static MemorySettings from(Config root) {
        Config memory = root.getConfig("postdevai.memory");
        Map<Share, Integer> percent = new EnumMap<>(Share.class);
        for (Share share : Share.values()) {
            percent.put(share, memory.getInt("shares." + share.id()));
        }
        return new MemorySettings(
                memory.getBytes("budget"),
                percent,
                memory.getInt("models"),
                memory.getDuration("cold-after"),
                memory.getDuration("heap-trim-pause"),
                memory.getString("ram-disk"),
                memory.getBytes("ram-disk-free-min"),
                DriftSettings.from(memory.getConfig("drift")));
    }

    /** The budget on this machine now. */
    public MemoryBudget budget() {
        return new MemoryBudget(budgetBytes > 0 ? budgetBytes : half(), percent, modelsPercent);
    }

    /**
     * What a RAM file system of this node's own may hold. Room that is not used costs nothing, and the budget can be changed
     * while the node runs, so on Linux that is all of the machine, or of the container if that is less; and never less than
     * the budget.
     */
    long ownRamDiskBytes(MemoryBudget budget) {
        return Math.max(budget.totalBytes(), ProcessMemory.totalBytes());
    }

    /** This process takes part in what it may take half of, as it was there before it asked. */
    private static long half() {
        long half =
                (ProcessMemory.availableBytes() + ProcessMemory.residentBytes().orElse(0)) / 2;
        return Math.max(BUDGET_MIN, Math.min(half, (long) (CONTAINER_PART * ProcessMemory.totalBytes())));
    }
}
