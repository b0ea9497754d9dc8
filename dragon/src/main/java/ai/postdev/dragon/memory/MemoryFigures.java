package ai.postdev.dragon.memory;

import ai.postdev.actors.op.ProjectId;
import java.util.List;
import java.util.Map;

/**
 * How a node's memory is used.
 *
 * @param budget what the process may take, and its split
 * @param process what it takes now
 * @param baseBytes of the process besides the accounts
 * @param availableBytes what the stores may hold together
 * @param shares by store
 * @param holdings by project and part
 * @param disk what bulk data lies on
 * @param drift what is in RAM and nobody accounts for
 * @param refused how often more was asked for than there was
 * @param givenBackBytes that holders were asked for and gave back
 */
public record MemoryFigures(
        MemoryBudget budget,
        ProcessFigures process,
        long baseBytes,
        long availableBytes,
        Map<Share, Use> shares,
        List<Holding> holdings,
        RamDisk.Figures disk,
        Drift drift,
        long refused,
        long givenBackBytes) {
    /** What a store holds, and how much is its own whatever the others do. */
    public record Use(long usedBytes, long limitBytes) {}

    /**
     * What one part of one project holds.
     *
     * @param wanted bytes asked for in vain of late
     * @param givable of its bytes, what can be taken back
     * @param tiers entries by how exactly they are kept, where there are several ways
     */
    public record Holding(
            ProjectId project, Part part, long bytes, long wanted, long givable, Map<String, Long> tiers) {
        public Holding {
            tiers = Map.copyOf(tiers);
        }
    }

    /**
     * What is in RAM and nobody accounts for.
     *
     * @param unexplained bytes; below 0: accounts name more than is in RAM
     * @param ratio of that to the budget
     * @param state calm, rising, alarm or falling
     * @param stateMillis since when it is that
     * @param alarms how often there was one
     */
    public record Drift(long unexplained, double ratio, String state, long stateMillis, long alarms) {}

    public MemoryFigures {
        shares = Map.copyOf(shares);
        holdings = List.copyOf(holdings);
    }
}
