package ai.postdev.cluster;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Files and names that outlast a cut of the power. Syncing a file is not enough: its name is part of the folder, which is
 * synced by itself, and so is the folder's own name in the one above. Any thread; waits for the disk.
 */
public final class SafeFiles {
    private SafeFiles() {}

    /** Has the disk keep the bytes of a file as they are now. */
    public static void syncFile(Path file) throws IOException {
        sync(file, StandardOpenOption.WRITE);
    }

    /** Has the disk keep the names in a folder as they are now. */
    public static void syncFolder(Path folder) throws IOException {
        sync(folder, StandardOpenOption.READ);
    }

    private static void sync(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    /**
     * Makes a folder, with those above it that are missing, whose name outlasts a cut of the power. Folders further up that
     * this user may not read, or whose file system syncs no folders, are left to the system.
     */
    public static void createFolders(Path folder) throws IOException {
        Files.createDirectories(folder);
        syncFolder(folder);
        for (Path above = folder.toAbsolutePath().getParent(); above != null; above = above.getParent()) {
            try {
                syncFolder(above);
            } catch (IOException _) {
                return;
            }
        }
    }

    /** Puts a text where no reader ever sees half of it, before or after a cut of the power. */
    public static void write(Path file, String text) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        Files.writeString(partial, text);
        syncFile(partial);
        move(partial, file);
    }

    /** Gives a file or folder another name in the same folder, in place of the file that bears it, and syncs the folder. */
    public static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncFolder(to.toAbsolutePath().getParent());
    }
}
