package ai.postdev.benchmarks.lake;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Time of the processor for the calling thread. */
final class Measured {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private Measured() {}

    /** Work that may fail on the disk. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    /** Nanoseconds of CPU that all threads of this process have had. */
    static long processCpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** Nanoseconds of CPU that this thread has had. */
    static long cpu() {
        return THREADS.getCurrentThreadCpuTime();
    }
}
