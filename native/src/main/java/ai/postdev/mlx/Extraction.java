package ai.postdev.mlx;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Copies the library's files out of the jar into a folder named by their content, whole or not at all: processes that do
 * it at once do not see each other's halves, and another version gets another folder.
 */
final class Extraction {
    private Extraction() {}

    private record Entry(String hash, long bytes, String path) {}

    static Path extract(String root, Path cache) throws IOException {
        byte[] list;
        try (InputStream in = Extraction.class.getResourceAsStream(root + "files")) {
            if (in == null) {
                throw new IOException("the resource " + root + "files is missing");
            }
            list = in.readAllBytes();
        }
        Path folder = cache.resolve(MlxLibrary.MLX_VERSION + "-"
                + HexFormat.of().formatHex(digest().digest(list)).substring(0, 16));
        List<Entry> entries = new String(list, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .map(Extraction::entry)
                .toList();
        if (complete(folder, entries)) {
            return folder;
        }
        Path half = Files.createTempDirectory(
                cache, "half-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            for (Entry entry : entries) {
                copy(root, entry, half);
            }
            if (Files.exists(folder)) {
                // Something there is not what it should be; it goes away in one move as well.
                Files.move(folder, half.resolve("replaced"), StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(half, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            if (!complete(folder, entries)) {
                throw e;
            }
        } finally {
            delete(half);
            delete(folder.resolve("replaced"));
        }
        return folder;
    }

    private static Entry entry(String line) {
        String[] parts = line.split(" ", 3);
        Path path = Path.of(parts[2]).normalize();
        if (path.isAbsolute() || path.startsWith("..")) {
            throw new IllegalArgumentException("the list of native files leads out of its folder: " + line);
        }
        return new Entry(parts[0], Long.parseLong(parts[1]), parts[2]);
    }

    private static boolean complete(Path folder, List<Entry> entries) throws IOException {
        for (Entry entry : entries) {
            Path file = folder.resolve(entry.path());
            if (!Files.isRegularFile(file) || Files.size(file) != entry.bytes()) {
                return false;
            }
        }
        return true;
    }

    private static void copy(String root, Entry entry, Path half) throws IOException {
        Path target = half.resolve(entry.path());
        Files.createDirectories(target.getParent());
        MessageDigest digest = digest();
        try (InputStream in = Extraction.class.getResourceAsStream(root + entry.path())) {
            if (in == null) {
                throw new IOException("the resource " + root + entry.path() + " is missing");
            }
            try (OutputStream out = new DigestOutputStream(Files.newOutputStream(target), digest)) {
                in.transferTo(out);
            }
        }
        String found = HexFormat.of().formatHex(digest.digest());
        if (!found.equals(entry.hash())) {
            throw new IOException("the resource " + root + entry.path() + " has the SHA-256 " + found + ", not "
                    + entry.hash() + "; the archive is damaged, install it again");
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
