package ai.postdev.dragon.memory;

import ai.postdev.actors.op.ProjectId;
import java.util.List;
import java.util.Map;

/**
 * How a node's memory is used.
 *
 * @param budget what the process may take, and its split
 * @param residentBytes of the whole process; 0 where the system does not say
 * @param javaBytes heap, classes and compiled code
 * @param baseBytes of the process besides the accounts
 * @param availableBytes what the stores may hold together
 * @param shares by store
 * @param holdings by project and part
 * @param disk what bulk data lies on
 * @param refused how often more was asked for than there was
 * @param givenBackBytes that holders were asked for and gave back
 */
public record MemoryFigures(
        MemoryBudget budget,
        long residentBytes,
        long javaBytes,
        long baseBytes,
        long availableBytes,
        Map<Share, Use> shares,
        List<Holding> holdings,
        RamDisk.Figures disk,
        long refused,
        long givenBackBytes) {
    /** What a store holds, and how much is its own whatever the others do. */
    public record Use(long usedBytes, long limitBytes) {}

    /** What one part of one project holds. */
    public record Holding(ProjectId project, Part part, long bytes) {}

    public MemoryFigures {
        shares = Map.copyOf(shares);
        holdings = List.copyOf(holdings);
    }
}
