package ai.postdev.dragon.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a folder holds. Paths are relative to it, with slashes.
 *
 * @param folders each after the one it lies in; the folder itself is not among them
 */
public record DiskImage(SortedSet<String> folders, SortedMap<String, byte[]> files) {
    /** Reads {@code root} without what lies in {@code exclude}. */
    public static DiskImage read(Path root, Path exclude) throws IOException {
        SortedSet<String> folders = new TreeSet<>();
        SortedMap<String, byte[]> files = new TreeMap<>();
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(root)) {
            paths = walk.filter(path -> !path.equals(root) && !path.startsWith(exclude))
                    .toList();
        }
        for (Path path : paths) {
            String name = root.relativize(path).toString();
            if (Files.isDirectory(path)) {
                folders.add(name);
            } else {
                files.put(name, Files.readAllBytes(path));
            }
        }
        return new DiskImage(folders, files);
    }

    /** Makes {@code root}, which must not be there, hold this. */
    public void write(Path root) throws IOException {
        Files.createDirectories(root);
        for (String folder : folders) {
            Files.createDirectory(root.resolve(folder));
        }
        for (SortedMap.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(root.resolve(file.getKey()), file.getValue());
        }
    }

    /** The first difference to another, in words; empty if there is none. */
    String difference(DiskImage other) {
        if (!folders.equals(other.folders)) {
            return "folders " + folders + " and " + other.folders;
        }
        Set<String> names = new TreeSet<>(files.keySet());
        names.addAll(other.files.keySet());
        for (String name : names) {
            byte[] mine = files.get(name);
            byte[] others = other.files.get(name);
            if (mine == null || others == null) {
                return name + " is in " + (mine == null ? "the second" : "the first") + " only";
            }
            int at = Arrays.mismatch(mine, others);
            if (at >= 0) {
                return name + " (" + mine.length + " and " + others.length + " bytes) differs at byte " + at;
            }
        }
        return "";
    }
}
