package ai.postdev.dragon.model.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * What the control groups of this process leave it, as containers and services have them. Both versions of the kernel's interface
 * are read; of files that the system keeps in memory only because there is room, none counts as taken. Reads files, so never on an
 * actor's thread.
 *
 * <p>Source: the kernel's documentation, admin-guide/cgroup-v2 (Memory) and admin-guide/cgroup-v1/memory.
 */
final class ContainerMemory {
    /** Where the system shows the groups. */
    static final Path ROOT = Path.of("/sys/fs/cgroup");
    /** Which ones this process is in. */
    static final Path OWN = Path.of("/proc/self/cgroup");

    /** The names of one version. */
    private record Version(String limit, String usage, String reclaimable) {}

    private static final Version FIRST =
            new Version("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file");
    private static final Version SECOND = new Version("memory.max", "memory.current", "inactive_file");

    private ContainerMemory() {}

    /**
     * Bytes that are left below the tightest limit on this process; empty if there is none.
     *
     * @param root where the groups are shown
     * @param own lines that say which groups this process is in: number, controllers (none for version 2) and path
     * @throws IOException if a figure cannot be read
     */
    static OptionalLong left(Path root, List<String> own) throws IOException {
        OptionalLong least = OptionalLong.empty();
        for (String line : own) {
            String[] parts = line.split(":", 3);
            if (parts.length < 3) {
                continue;
            }
            if (parts[1].isEmpty()) {
                least = tighter(least, left(root, parts[2], SECOND));
            } else if (List.of(parts[1].split(",")).contains("memory")) {
                least = tighter(least, left(root.resolve("memory"), parts[2], FIRST));
            }
        }
        return least;
    }

    /** Of the group and of all above it: each of them binds. */
    private static OptionalLong left(Path root, String path, Version version) throws IOException {
        Path top = root.normalize();
        Path group = top.resolve(path.replaceAll("^/+", "")).normalize();
        OptionalLong least = OptionalLong.empty();
        // In a container the path may be that of the host, which is not shown there: what is shown is the container's
        // own.
        for (Path at = group.startsWith(top) ? group : top; at.startsWith(top); at = at.getParent()) {
            if (Files.isReadable(at.resolve(version.limit())) && Files.isReadable(at.resolve(version.usage()))) {
                least = tighter(least, leftHere(at, version));
            }
        }
        return least;
    }

    private static OptionalLong leftHere(Path group, Version version) throws IOException {
        String limit = Files.readString(group.resolve(version.limit())).strip();
        if (!limit.matches("[0-9]{1,18}")) {
            return OptionalLong.empty(); // "max", or a number that means none
        }
        long usage =
                Long.parseLong(Files.readString(group.resolve(version.usage())).strip());
        long reclaimable = 0;
        Path figures = group.resolve("memory.stat");
        if (Files.isReadable(figures)) {
            for (String line : Files.readAllLines(figures)) {
                String[] words = line.split(" ", 2);
                if (words.length == 2 && words[0].equals(version.reclaimable())) {
                    reclaimable = Long.parseLong(words[1].strip());
                }
            }
        }
        return OptionalLong.of(Math.max(0, Long.parseLong(limit) - usage + reclaimable));
    }

    private static OptionalLong tighter(OptionalLong one, OptionalLong other) {
        if (one.isEmpty()) {
            return other;
        }
        return other.isEmpty() ? one : OptionalLong.of(Math.min(one.getAsLong(), other.getAsLong()));
    }
}
