package ai.postdev.dragon.memory;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the system says of memory. Any thread. */
public final class ProcessMemory {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessMemory.class);
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path MACHINE = Path.of("/proc/meminfo");
    private static final long KIBIBYTE = 1024;

    private ProcessMemory() {}

    /** Bytes of this process that are in RAM, shared ones included; empty where the system does not say. */
    public static OptionalLong residentBytes() {
        return kibibytes(STATUS, "VmRSS");
    }

    /** Bytes that programs can still take on this machine, or in this container if that is less. */
    static long availableBytes() {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system)) {
            return Runtime.getRuntime().maxMemory();
        }
        long free = system.getFreeMemorySize(); // of the container, where there is one with a limit
        long machine = kibibytes(MACHINE, "MemTotal").orElse(system.getTotalMemorySize());
        boolean limited = system.getTotalMemorySize() < machine;
        // What the system keeps of files it gives up for programs, so it counts as available.
        long available = kibibytes(MACHINE, "MemAvailable").orElse(free);
        return limited ? Math.min(free, available) : available;
    }

    /** Bytes of the machine, or of the container if that is less. */
    static long totalBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory();
    }

    /**
     * What this process takes now.
     *
     * @param journalBytes of the journal's database, which neither the system nor the Java machine knows apart
     */
    static ProcessFigures figures(long journalBytes) {
        String status = read(STATUS);
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        long nonHeap =
                ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getCommitted();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return new ProcessFigures(
                kibibytes(status, "VmRSS").orElse(0),
                kibibytes(status, "RssAnon").orElse(0),
                kibibytes(status, "RssFile").orElse(0),
                kibibytes(status, "RssShmem").orElse(0),
                heap.getUsed(),
                heap.getCommitted(),
                Math.max(0, heap.getMax()),
                nonHeap,
                direct,
                journalBytes);
    }

    private static OptionalLong kibibytes(Path file, String name) {
        return kibibytes(read(file), name);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            LOG.debug("{} cannot be read: {}", file, e.getMessage());
            return "";
        }
    }

    private static OptionalLong kibibytes(String text, String name) {
        Matcher matcher = Pattern.compile("^" + name + ":\\s+(\\d+) kB$", Pattern.MULTILINE)
                .matcher(text);
        return matcher.find() ? OptionalLong.of(Long.parseLong(matcher.group(1)) * KIBIBYTE) : OptionalLong.empty();
    }
}
