package ai.postdev.dragon.lake.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database's list of its files: {@code MANIFEST-n}, a log of changes, and {@code CURRENT}, which names it. A cut of the
 * power can leave the last changes torn in a way that the database takes for damage, although no file that the whole
 * changes speak of is gone: it deletes files only after the change that drops them is synced.
 */
final class FileList {
    private static final Logger LOG = LoggerFactory.getLogger(FileList.class);
    private static final String CURRENT = "CURRENT";
    private static final String MANIFEST = "MANIFEST-";
    private static final String DAMAGED = ".damaged";

    private FileList() {}

    /**
     * Cuts the list before its first bad change, and names it again where its name is lost; what stood there is kept beside
     * it.
     *
     * @return whether anything was changed, so that the database may open now
     */
    static boolean mend(Path rocks) throws IOException {
        Optional<Path> list = newest(rocks);
        if (list.isEmpty()) {
            return false;
        }
        Path file = list.get();
        boolean changed = false;
        long whole = WalScan.wholeUntil(file);
        if (whole > 0 && whole < Files.size(file)) {
            LOG.warn("{} is cut from {} to {} bytes", file, Files.size(file), whole);
            Files.copy(file, kept(file), StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(whole);
            }
            changed = true;
        }
        Path current = rocks.resolve(CURRENT);
        byte[] name = (file.getFileName() + "\n").getBytes(StandardCharsets.US_ASCII);
        if (!Files.exists(current) || !Arrays.equals(name, Files.readAllBytes(current))) {
            if (Files.exists(current)) {
                Files.copy(current, kept(current), StandardCopyOption.REPLACE_EXISTING);
            }
            Files.write(current, name);
            changed = true;
        }
        return changed;
    }

    /** Puts back what {@link #mend} changed: who looks at the damaged files later sees them as they were found. */
    static void restore(Path rocks) throws IOException {
        List<Path> kept;
        try (Stream<Path> files = Files.list(rocks)) {
            kept = files.filter(file -> file.toString().endsWith(DAMAGED)).toList();
        }
        for (Path file : kept) {
            String name = file.getFileName().toString();
            Files.move(
                    file,
                    file.resolveSibling(name.substring(0, name.length() - DAMAGED.length())),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Path kept(Path file) {
        return file.resolveSibling(file.getFileName() + DAMAGED);
    }

    private static Optional<Path> newest(Path rocks) throws IOException {
        List<Path> lists;
        try (Stream<Path> files = Files.list(rocks)) {
            lists = files.filter(file -> file.getFileName().toString().matches(MANIFEST + "\\d{1,18}"))
                    .toList();
        }
        // The one that is named, if it is there: a newer one may have been begun and not yet be in use.
        Path current = rocks.resolve(CURRENT);
        if (Files.exists(current)) {
            String named = new String(Files.readAllBytes(current), StandardCharsets.ISO_8859_1).strip();
            Optional<Path> there = lists.stream()
                    .filter(file -> file.getFileName().toString().equals(named))
                    .findFirst();
            if (there.isPresent()) {
                return there;
            }
        }
        return lists.stream()
                .max(Comparator.comparingLong(
                        file -> Long.parseLong(file.getFileName().toString().substring(MANIFEST.length()))));
    }
}
