package ai.postdev.developer.watch;

import ai.postdev.developer.ingest.GitFolder;
import ai.postdev.developer.ingest.TrackedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Whether it makes sense to watch a folder. Blocking.
 *
 * @param root real path of what is to be watched; empty if it is refused
 * @param message why it is refused, or what was decided instead; empty if there is nothing to say
 */
record WatchablePath(Optional<Path> root, String message) {
    private static final Set<String> SYSTEM = Set.of(
            "/",
            "/bin",
            "/boot",
            "/dev",
            "/etc",
            "/lib",
            "/proc",
            "/run",
            "/sbin",
            "/sys",
            "/usr",
            "/var",
            "/home",
            "/Users",
            "/System",
            "/Library",
            "/Applications",
            "/tmp");

    /**
     * Decides on {@code written}.
     *
     * @param home of the node
     */
    static WatchablePath of(String written, Path home, boolean gitInstalled) {
        try {
            Path real = Path.of(written).toRealPath();
            if (!Files.isDirectory(real)) {
                return refused(written + " is a file; name the folder of the project");
            }
            if (SYSTEM.contains(real.toString()) || real.startsWith("/proc") || real.startsWith("/sys")) {
                return refused(real + " is a folder of the system; name the folder of one project");
            }
            if (real.equals(Path.of(System.getProperty("user.home")).toAbsolutePath())) {
                return refused(real + " is your home folder; name the folder of one project in it");
            }
            Path realHome = Files.exists(home) ? home.toRealPath() : home;
            if (real.startsWith(realHome)) {
                return refused(real + " lies in the node's own home, which is never remembered");
            }
            if (!Files.isReadable(real) || !Files.isExecutable(real)) {
                return refused(real + " cannot be read by this user; change its permissions");
            }
            return inRepository(real, gitInstalled);
        } catch (NoSuchFileException e) {
            return refused(written + " does not exist");
        } catch (InvalidPathException | IOException e) {
            return refused(written + " cannot be opened: " + e.getMessage());
        }
    }

    private static WatchablePath inRepository(Path real, boolean gitInstalled) throws IOException {
        for (Path above = real; above != null; above = above.getParent()) {
            if (above.endsWith(".git") || isBareRepository(above)) {
                return refused(real + " lies inside git's own folder; name the work tree");
            }
            Optional<GitFolder> git = GitFolder.at(above);
            if (git.isPresent()) {
                String inside = above.relativize(real).toString().replace('\\', '/');
                boolean part = !inside.isEmpty()
                        && TrackedFiles.of(git.get(), gitInstalled).folders().contains(inside);
                return part
                        ? new WatchablePath(
                                Optional.of(above), real + " is part of the repository " + above + ": watching that")
                        : new WatchablePath(Optional.of(real), "");
            }
        }
        return new WatchablePath(Optional.of(real), "");
    }

    private static boolean isBareRepository(Path folder) {
        return Files.isRegularFile(folder.resolve("HEAD"), LinkOption.NOFOLLOW_LINKS)
                && Files.isDirectory(folder.resolve("objects"))
                && Files.isDirectory(folder.resolve("refs"));
    }

    private static WatchablePath refused(String why) {
        return new WatchablePath(Optional.empty(), why);
    }
}
