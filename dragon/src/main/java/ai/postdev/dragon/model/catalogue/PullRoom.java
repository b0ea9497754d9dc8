package ai.postdev.dragon.model.catalogue;

import ai.postdev.cluster.SafeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a pull writes until its model is whole. Left behind by a cut pull it is kept if it has {@value #STATE}, which says
 * how to go on. One thread.
 */
final class PullRoom implements AutoCloseable {
    /** Holds what a later pull needs to know to go on. */
    static final String STATE = "pull.json";

    private final ModelName name;
    private final Path folder;
    private final Runnable release;

    PullRoom(ModelName name, Path folder, Runnable release) {
        this.name = name;
        this.folder = folder;
        this.release = release;
    }

    static boolean isWorthKeeping(Path room, Duration keep) throws IOException {
        Path state = room.resolve(STATE);
        return Files.isRegularFile(state)
                && Files.getLastModifiedTime(state)
                        .toInstant()
                        .isAfter(Instant.now().minus(keep));
    }

    ModelName name() {
        return name;
    }

    Path folder() {
        return folder;
    }

    /** What the last pull wrote for the next one; empty if it wrote nothing. */
    String state() throws IOException {
        Path state = folder.resolve(STATE);
        return Files.isRegularFile(state) ? Files.readString(state) : "";
    }

    /** Makes this room outlast this process, with what a later pull needs to know. */
    void keep(String state) throws IOException {
        SafeFiles.write(folder.resolve(STATE), state);
    }

    /** Removes all that is there. */
    void clear() throws IOException {
        keepOnly(List.of());
    }

    void keepOnly(List<String> names) throws IOException {
        List<Path> others;
        try (Stream<Path> all = Files.list(folder)) {
            others = all.filter(path -> !names.contains(path.getFileName().toString()))
                    .toList();
        }
        for (Path other : others) {
            FolderTree.delete(other);
        }
    }

    /** Gives the room back; removes it unless a later pull can go on from it. Harmless after its model was adopted. */
    @Override
    public void close() throws IOException {
        try {
            if (Files.isDirectory(folder) && !Files.exists(folder.resolve(STATE))) {
                FolderTree.delete(folder);
            }
        } finally {
            release.run();
        }
    }
}
