package ai.postdev.dragon.model.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** What the system has left, as it says itself. Reads a file, so never on an actor's thread. */
final class SystemMemory {
    private static final Path FIGURES = Path.of("/proc/meminfo");
    private static final String AVAILABLE = "MemAvailable:";
    private static final long KIB = 1024;

    private SystemMemory() {}

    /**
     * Bytes that are lacking until the system, and the container that this process may be in, have so many available; 0 if none, or
     * where they do not say, as outside Linux.
     *
     * @throws IOException if the system's figures cannot be read
     */
    static long lacking(long freeMin) throws IOException {
        if (!Files.isReadable(FIGURES)) {
            return 0;
        }
        OptionalLong available = available(Files.readAllLines(FIGURES));
        OptionalLong contained = Files.isReadable(ContainerMemory.OWN)
                ? ContainerMemory.left(ContainerMemory.ROOT, Files.readAllLines(ContainerMemory.OWN))
                : OptionalLong.empty();
        return Math.max(
                Math.max(0, freeMin - available.orElse(Long.MAX_VALUE)), freeMin - contained.orElse(Long.MAX_VALUE));
    }

    /** Bytes that programs can have without swapping; empty if the figures do not say so. */
    static OptionalLong available(List<String> figures) {
        for (String line : figures) {
            if (line.startsWith(AVAILABLE)) {
                String[] words = line.substring(AVAILABLE.length()).strip().split(" +", 2);
                if (words.length == 2 && words[1].equals("kB") && words[0].matches("[0-9]{1,15}")) {
                    return OptionalLong.of(Long.parseLong(words[0]) * KIB);
                }
            }
        }
        return OptionalLong.empty();
    }
}
