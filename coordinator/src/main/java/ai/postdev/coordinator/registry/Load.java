package ai.postdev.coordinator.registry;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How busy this machine is.
 *
 * @param processors that this process may use
 * @param cpu share in use by all programs, 0 to 1; negative when the system does not say
 * @param memoryBytes of the machine or container
 * @param freeMemoryBytes not in use by anybody
 */
record Load(int processors, double cpu, long memoryBytes, long freeMemoryBytes) {
    /** A change of the processors' load that others should know of. */
    private static final double CPU_STEP = 0.2;
    /** A change of free memory, as a share of all, that others should know of. */
    private static final double MEMORY_STEP = 0.05;

    /** The load now. */
    static Load now() {
        int processors = Runtime.getRuntime().availableProcessors();
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? new Load(processors, system.getCpuLoad(), system.getTotalMemorySize(), system.getFreeMemorySize())
                : new Load(processors, -1, 0, 0);
    }

    /** Whether this differs enough from {@code told} to be worth telling. */
    boolean differs(Load told) {
        return processors != told.processors
                || Math.abs(cpu - told.cpu) >= CPU_STEP
                || Math.abs(freeMemoryBytes - told.freeMemoryBytes) >= MEMORY_STEP * memoryBytes;
    }
}
