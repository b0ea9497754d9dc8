package ai.postdev.dragon.memory;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the Java machine give free memory of its heap back to the system. It takes more whenever that spares it a
 * collection, up to the limit of the heap, and by itself gives little back: after a large folder was read most of it is free.
 * The node is started with {@code -XX:-ShrinkHeapInSteps}; without it the machine gives back over four collections.
 * One thread.
 */
final class JavaHeap {
    private static final Logger LOG = LoggerFactory.getLogger(JavaHeap.class);
    /** Percent of the heap that may stay free, at least and at most, once memory is short. */
    private static final String FREE_LEAST = "10";

    private static final String FREE_MOST = "20";
    /** Less than this is not worth the pause; a budget of a gigabyte is kept to the hundredth. */
    private static final long GAIN_MIN = 8L << 20;

    private long committedAfter;
    private boolean told;

    /**
     * Collects everything and gives back what is free: all threads pause, for some tenths of a second where hundreds of
     * megabytes are alive.
     *
     * @return bytes given back; 0 also where there was nothing to gain since the last time
     */
    long trim() {
        long before = committed();
        if (before - committedAfter < GAIN_MIN) {
            return 0;
        }
        keepLittleFree();
        System.gc();
        committedAfter = committed();
        return Math.max(0, before - committedAfter);
    }

    private static long committed() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
    }

    private void keepLittleFree() {
        HotSpotDiagnosticMXBean machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        try {
            if (machine != null) {
                machine.setVMOption("MinHeapFreeRatio", FREE_LEAST);
                machine.setVMOption("MaxHeapFreeRatio", FREE_MOST);
            }
        } catch (IllegalArgumentException e) {
            if (!told) {
                told = true;
                LOG.info("this Java machine keeps free memory of its heap: {}", e.getMessage());
            }
        }
    }
}
