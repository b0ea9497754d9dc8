package ai.postdev.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Files and directories that only their owner can read (modes 600 and 700), from the moment they exist. */
public final class PrivateFiles {
    private static final Set<PosixFilePermission> OWNER_DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");

    private PrivateFiles() {}

    /** Makes a directory of mode 700, with its parents; one that exists and is open to others is closed to them. */
    public static void directory(Path directory) throws IOException {
        boolean posix = posix(directory);
        if (!Files.isDirectory(directory)) {
            Path parent = directory.toAbsolutePath().getParent();
            if (parent != null && !Files.isDirectory(parent)) {
                Files.createDirectories(parent, attributes(posix, OWNER_DIRECTORY));
            }
            Files.createDirectories(directory, attributes(posix, OWNER_DIRECTORY));
        }
        if (posix) {
            Set<PosixFilePermission> found = Files.getPosixFilePermissions(directory);
            Set<PosixFilePermission> kept = EnumSet.copyOf(OWNER_DIRECTORY);
            // An owner who took the right to write from himself meant it.
            kept.retainAll(found);
            if (!kept.equals(found)) {
                Files.setPosixFilePermissions(directory, kept);
            }
        }
    }

    /**
     * Replaces a file of mode 600 in one step: a reader sees the old content or the new, never half of it, nor
     * does one after a cut of the power.
     */
    public static void write(Path file, String content) throws IOException {
        Path fresh = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                attributes(posix(file), OWNER_FILE))) {
            ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        SafeFiles.move(fresh, file);
    }

    /** Makes a file of mode 600, or empties it, and opens it for writing. */
    public static FileChannel create(Path file) throws IOException {
        Files.deleteIfExists(file);
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                attributes(posix(file), OWNER_FILE));
    }

    /** Opens a file for reading and writing, made with mode 600 if it does not exist. */
    public static FileChannel open(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                attributes(posix(file), OWNER_FILE));
    }

    /** Whether only the owner, who must be {@code uid}, can enter; a symbolic link never is. */
    static boolean isOwnedDirectory(Path directory, int uid) throws IOException {
        return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                && uid == (Integer) Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                && Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS)
                        .equals(OWNER_DIRECTORY);
    }

    /** Whether others than the owner can read the file; always false where files have no modes. */
    static boolean isOpenToOthers(Path file) throws IOException {
        return posix(file) && !OWNER_FILE.containsAll(Files.getPosixFilePermissions(file));
    }

    static boolean posix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static FileAttribute<?>[] attributes(boolean posix, Set<PosixFilePermission> permissions) {
        return posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }
}
