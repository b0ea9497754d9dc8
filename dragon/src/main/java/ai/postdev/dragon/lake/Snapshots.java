package ai.postdev.dragon.lake;

import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.VersionVector;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The snapshots of one lake: a folder for each, named by the number it got, holding a file for each store and, written
 * last, {@code position}: the operations that the files reflect. A folder without it is half a snapshot and never read.
 */
final class Snapshots {
    private static final String PREFIX = "snapshot-";
    private static final String POSITION = "position";

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
        Files.createDirectories(folder);
        long last = newestFirst().stream().mapToLong(Snapshots::number).max().orElse(0);
        return Files.createDirectory(folder.resolve(PREFIX + (last + 1)));
    }

    /** Declares a snapshot whole and removes those before it. */
    void finish(Path snapshot, VersionVector position) throws IOException {
        for (Path file : files(snapshot)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
        String text = position.sequences().entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue() + "\n")
                .collect(Collectors.joining());
        Path partial = snapshot.resolve(POSITION + ".partial");
        Files.writeString(partial, text, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
        Files.move(partial, snapshot.resolve(POSITION), StandardCopyOption.ATOMIC_MOVE);
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

    /** What a folder reflects; empty if it is not whole or its position cannot be understood. */
    private static Optional<VersionVector> position(Path snapshot) throws IOException {
        try {
            VersionVector position = VersionVector.EMPTY;
            for (String line : Files.readAllLines(snapshot.resolve(POSITION))) {
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
