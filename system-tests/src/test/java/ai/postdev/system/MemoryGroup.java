package ai.postdev.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A control group whose processes the system kills when they take more memory than it may hold. Needs Linux and the right to make
 * groups (version 1 or 2); what a process had before it was put into one is not counted.
 */
final class MemoryGroup implements AutoCloseable {
    private final Path folder;

    private MemoryGroup(Path folder) {
        this.folder = folder;
    }

    /** A group below this process's own; empty where none can be made. */
    static Optional<MemoryGroup> of(long bytesMax) throws IOException {
        for (String line : groups()) {
            String[] parts = line.split(":", 3);
            boolean second = parts[1].isEmpty();
            if (!second && !List.of(parts[1].split(",")).contains("memory")) {
                continue;
            }
            Path root = second ? Path.of("/sys/fs/cgroup") : Path.of("/sys/fs/cgroup/memory");
            Path folder = root.resolve(parts[2].substring(1))
                    .resolve("postdevai-test-" + ProcessHandle.current().pid());
            try {
                Files.createDirectory(folder);
                Files.writeString(
                        folder.resolve(second ? "memory.max" : "memory.limit_in_bytes"), Long.toString(bytesMax));
                return Optional.of(new MemoryGroup(folder));
            } catch (IOException e) {
                System.out.println("no memory group at " + folder + ": " + e);
                Files.deleteIfExists(folder);
            }
        }
        System.out.println(
                "SKIPPED: a process that the system kills for memory needs the right to make control groups");
        return Optional.empty();
    }

    private static List<String> groups() throws IOException {
        Path own = Path.of("/proc/self/cgroup");
        return Files.exists(own) ? Files.readAllLines(own) : List.of();
    }

    void add(long pid) throws IOException {
        Files.writeString(folder.resolve("cgroup.procs"), Long.toString(pid));
    }

    /** Only once its processes are gone. */
    @Override
    public void close() throws IOException {
        Files.delete(folder);
    }
}
