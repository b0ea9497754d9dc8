package ai.postdev.dragon.lake.history;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/** Names of files, without their folders, as the table of paths compares them. Immutable. */
public final class FileNames {
    private final List<byte[]> names;

    private FileNames(List<byte[]> names) {
        this.names = names;
    }

    /** The last parts of paths, which have slashes between. */
    public static FileNames of(Collection<String> paths) {
        return new FileNames(paths.stream()
                .map(path -> path.substring(path.lastIndexOf('/') + 1))
                .distinct()
                .map(name -> name.getBytes(StandardCharsets.UTF_8))
                .toList());
    }

    /** Whether the path of a row has one of these names. */
    boolean anyOf(PathTable paths, int row) {
        for (byte[] name : names) {
            if (paths.isNamed(row, name)) {
                return true;
            }
        }
        return false;
    }
}
