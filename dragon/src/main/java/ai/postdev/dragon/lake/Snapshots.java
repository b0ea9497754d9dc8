package ai.postdev.dragon.lake;

import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.cluster.SafeFiles;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The snapshots of one lake: a folder for each, named by the number it got, holding a file for each store and, written
 * last, {@code position}: the operations that the files reflect. A folder without it is half a snapshot and never read.
 */
final class Snapshots {
    private static final String PREFIX = "snapshot-";
    private static final String POSITION = "position";
    /** Begins the last line of a position. */
    private static final String CHECKSUM = "crc32c ";

    private final Path folder;

    Snapshots(Path lakeFolder) {
        this.folder = lakeFolder;
    }

    /** A snapshot that is whole. */
    record Snapshot(Path folder, VersionVector position) {
        /** The file of a store. */
        Path file(String store) {
            return folder.resolve(store);
        }
    }

    /** The newest snapshot that is whole. */
    Optional<Snapshot> newest() throws IOException {
        for (Path candidate : newestFirst()) {
            Optional<VersionVector> position = position(candidate);
            if (position.isPresent()) {
                return Optional.of(new Snapshot(candidate, position.get()));
            }
        }
        return Optional.empty();
    }

    /** Makes the folder of the next snapshot. */
    Path begin() throws IOException {
        SafeFiles.createFolders(folder);
        long last = newestFirst().stream().mapToLong(Snapshots::number).max().orElse(0);
        return Files.createDirectory(folder.resolve(PREFIX + (last + 1)));
    }

    /** Declares a snapshot whole and removes those before it. */
    void finish(Path snapshot, VersionVector position) throws IOException {
        for (Path file : files(snapshot)) {
            SafeFiles.syncFile(file);
        }
        // Each step is on the disk before the next: the position must not be there without the files, nor the older
        // snapshots be gone without the newer one.
        SafeFiles.syncFolder(snapshot);
        String text = position.sequences().entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue() + "\n")
                .collect(Collectors.joining());
        SafeFiles.write(snapshot.resolve(POSITION), text + CHECKSUM + checksum(text) + "\n");
        SafeFiles.syncFolder(folder);
        for (Path other : newestFirst()) {
            if (!other.equals(snapshot)) {
                delete(other);
            }
        }
    }

    /** Opens a store's file for reading. */
    static DataInputStream read(Path file) throws IOException {
        return new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
    }

    /** Removes a folder and all in it. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private List<Path> newestFirst() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        return files(folder).stream()
                .filter(path -> path.getFileName().toString().matches(PREFIX + "\\d{1,18}"))
                .sorted(Comparator.comparingLong(Snapshots::number).reversed())
                .toList();
    }

    private static long number(Path snapshot) {
        return Long.parseLong(snapshot.getFileName().toString().substring(PREFIX.length()));
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.toList();
        }
    }

    /** Of the lines before it; a wrong position would leave operations out. */
    private static String checksum(String rows) {
        CRC32C crc = new CRC32C();
        crc.update(rows.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }

    /** What a folder reflects; empty if it is not whole or its position cannot be understood. */
    private static Optional<VersionVector> position(Path snapshot) throws IOException {
        try {
            String text = new String(Files.readAllBytes(snapshot.resolve(POSITION)), StandardCharsets.UTF_8);
            String rows = text.substring(0, Math.max(0, text.lastIndexOf(CHECKSUM)));
            if (!text.equals(rows + CHECKSUM + checksum(rows) + "\n")) {
                return Optional.empty();
            }
            VersionVector position = VersionVector.EMPTY;
            for (String line : rows.lines().toList()) {
                String[] parts = line.split(" ", 2);
                position = position.with(new Origin(parts[0]), Long.parseLong(parts[1]));
            }
            return Optional.of(position);
        } catch (NoSuchFileException | IllegalArgumentException | ArrayIndexOutOfBoundsException _) {
            // Not whole: the next older one, or the journal, tells the same.
            return Optional.empty();
        }
    }
}
