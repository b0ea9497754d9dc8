package ai.postdev.dragon.lake;

import ai.postdev.actors.op.VersionVector;
import ai.postdev.cluster.SafeFiles;
import java.io.BufferedInputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

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

    /** Reads what a store wrote. */
    interface Reading {
        /** Reads all of it, or fails if it is not what it should be. */
        void read(DataInput in) throws IOException;
    }

    /** A snapshot that was finished; whether its files are still whole shows when they are read. */
    record Snapshot(Path folder, SnapshotManifest manifest) {
        /** The operations that the files reflect. */
        VersionVector position() {
            return manifest.position();
        }

        /**
         * Has the file of a store read.
         *
         * @throws IOException if it is not the file that was written; what was read of it is then worth nothing
         */
        void read(String store, Reading reading) throws IOException {
            Path file = folder.resolve(store);
            CheckedInputStream bytes =
                    new CheckedInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16), new CRC32C());
            try (DataInputStream in = new DataInputStream(bytes)) {
                reading.read(in);
                bytes.skip(Long.MAX_VALUE);
            }
            SnapshotManifest.Sum expected = manifest.files().get(store);
            SnapshotManifest.Sum found = new SnapshotManifest.Sum(
                    Files.size(file), bytes.getChecksum().getValue());
            if (!found.equals(expected)) {
                throw new IOException("file " + store + " is " + found + ", expected " + expected);
            }
        }
    }

    /** The newest snapshot that is whole. */
    Optional<Snapshot> newest() throws IOException {
        for (Path candidate : newestFirst()) {
            Optional<SnapshotManifest> manifest = manifest(candidate);
            if (manifest.isPresent()) {
                return Optional.of(new Snapshot(candidate, manifest.get()));
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
        Map<String, SnapshotManifest.Sum> sums = new TreeMap<>();
        for (Path file : files(snapshot)) {
            try (InputStream in = Files.newInputStream(file)) {
                sums.put(file.getFileName().toString(), SnapshotManifest.Sum.of(in));
            }
            SafeFiles.syncFile(file);
        }
        // Each step is on the disk before the next: the position must not be there without the files, nor the older
        // snapshots be gone without the newer one.
        SafeFiles.syncFolder(snapshot);
        SafeFiles.write(snapshot.resolve(POSITION), new SnapshotManifest(position, sums).text());
        SafeFiles.syncFolder(folder);
        for (Path other : newestFirst()) {
            if (!other.equals(snapshot)) {
                delete(other);
            }
        }
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

    /** What a folder holds and reflects; empty if it is not whole or its position cannot be understood. */
    private static Optional<SnapshotManifest> manifest(Path snapshot) throws IOException {
        try {
            return SnapshotManifest.of(Files.readAllBytes(snapshot.resolve(POSITION)));
        } catch (NoSuchFileException | IllegalArgumentException | ArrayIndexOutOfBoundsException _) {
            // Not whole: the next older one, or the journal, tells the same.
            return Optional.empty();
        }
    }
}
