package ai.postdev.dragon.memory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A RAM file system of the process's own, on Linux, where it may mount one. As soon as it is mounted its folder is opened, and
 * it is taken out of the tree of folders again: nobody else can find it, unmount it or fill it, and it goes with the process,
 * however that ends. A process that is killed in between leaves an empty mount, which the next one takes away.
 */
final class TmpfsMount {
    private static final Logger LOG = LoggerFactory.getLogger(TmpfsMount.class);
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    /** Fields of a line of mountinfo before the one with the folder. */
    private static final int FOLDER_FIELD = 4;

    private TmpfsMount() {}

    /**
     * Mounts one.
     *
     * @param folder where, for a moment; made if it is not there
     * @param bytes that it holds at most; it takes what is on it and no more
     * @throws IOException if this process may not, with what the system said
     */
    static RamPlace open(HostCommands commands, Path folder, long bytes) throws IOException {
        Files.createDirectories(folder);
        Path real = folder.toRealPath();
        unmountLeft(commands, real);
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rwx------"));
        commands.output(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "size=" + bytes + ",mode=700,nosuid,nodev,noexec",
                "postdevai",
                real.toString());
        FileChannel opened = null;
        try {
            opened = FileChannel.open(real, StandardOpenOption.READ);
            Path inside = openFile(real);
            // Lazily: what is open stays.
            commands.output("umount", "-l", real.toString());
            FileChannel held = opened;
            return new RamPlace(RamPlace.Mode.MOUNT, Optional.of(inside), "own tmpfs", "", held::close);
        } catch (IOException e) {
            if (opened != null) {
                opened.close();
            }
            unmountLeft(commands, real);
            throw e;
        }
    }

    /** The name under which this process can reach {@code folder}, which it has open, when it has no other any more. */
    private static Path openFile(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(OPEN_FILES)) {
            for (Path file : files) {
                if (Files.isSymbolicLink(file) && Files.readSymbolicLink(file).equals(folder)) {
                    return file;
                }
            }
        }
        throw new IOException("the open folder " + folder + " is not among " + OPEN_FILES);
    }

    private static void unmountLeft(HostCommands commands, Path folder) throws IOException {
        for (String line : Files.readAllLines(MOUNTS)) {
            if (mountedAt(line).equals(folder.toString())) {
                commands.output("umount", "-l", folder.toString());
                LOG.info("an earlier process left a RAM file system at {}; it was taken away", folder);
            }
        }
    }

    /** The folder of a line of mountinfo, in which spaces and the like are written in octal. */
    static String mountedAt(String line) {
        List<String> fields = List.of(line.split(" "));
        if (fields.size() <= FOLDER_FIELD) {
            return "";
        }
        StringBuilder folder = new StringBuilder();
        String written = fields.get(FOLDER_FIELD);
        for (int at = 0; at < written.length(); at++) {
            if (written.charAt(at) == '\\' && written.length() > at + 3) {
                folder.append((char) Integer.parseInt(written.substring(at + 1, at + 4), 8));
                at += 3;
            } else {
                folder.append(written.charAt(at));
            }
        }
        return folder.toString();
    }
}
