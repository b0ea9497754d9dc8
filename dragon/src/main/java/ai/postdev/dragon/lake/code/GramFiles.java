package ai.postdev.dragon.lake.code;

import ai.postdev.dragon.lake.code.ngram.Segment;
import ai.postdev.dragon.lake.code.ngram.SegmentFile;
import ai.postdev.dragon.lake.code.ngram.TextKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments of one project's index of grams as files, so that a restart reads them instead of indexing all texts again.
 * They are named by the hashes of their texts and therefore true whatever happened to the journal meanwhile; one that is
 * damaged, or holds a text that is gone, is removed and its texts are indexed anew. Nothing is synced: losing them costs
 * time only. Made on the thread that opens the lake; used by one thread, the indexer's.
 */
final class GramFiles {
    private static final Logger LOG = LoggerFactory.getLogger(GramFiles.class);
    private static final String SUFFIX = ".grams";
    private static final String UNFINISHED = ".new";

    private final Path folder;
    private final List<Path> found;
    private final Map<Segment, Path> files = new IdentityHashMap<>();
    private long next;
    private boolean failed;

    /** Makes the folder if it is not there and looks what is in it. */
    GramFiles(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
        List<Path> all;
        try (Stream<Path> listed = Files.list(folder)) {
            all = listed.sorted().toList();
        }
        for (Path file : all) {
            if (file.toString().endsWith(UNFINISHED)) {
                Files.delete(file);
            }
        }
        this.found = all.stream()
                .filter(file -> file.getFileName().toString().matches("\\d{1,18}\\" + SUFFIX))
                .toList();
        this.next = 1 + found.stream().mapToLong(GramFiles::number).max().orElse(0);
    }

    private static long number(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }

    /** The files that were there at first. */
    List<Path> found() {
        return found;
    }

    /**
     * Reads a file that was found; one that cannot be used is removed, and a segment without texts is the answer.
     *
     * @param numbers the number of a text; negative for one that is not known or is indexed already
     */
    Segment read(Path file, ToIntFunction<TextKey> numbers) {
        try {
            Segment segment = SegmentFile.read(file, numbers);
            files.put(segment, file);
            return segment;
        } catch (IOException e) {
            LOG.info("{} is not used: {}; its texts are indexed anew", file, e.getMessage());
            remove(file);
            return Segment.EMPTY;
        }
    }

    /** Writes a segment, and removes the files of those that it stands for. */
    void keep(Segment segment, List<Segment> replaced, IntFunction<TextKey> keys) {
        try {
            if (segment.units() > 0) {
                Path file = folder.resolve(String.format(Locale.ROOT, "%09d", next++) + SUFFIX);
                Path unfinished = folder.resolve(file.getFileName() + UNFINISHED);
                SegmentFile.write(unfinished, segment, keys);
                Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
                files.put(segment, file);
            }
        } catch (IOException e) {
            // The next start indexes again; on a full disk that is no reason to complain for each piece.
            if (!failed) {
                LOG.warn(
                        "the index for exact search is not kept in {}: {}; a restart makes it anew",
                        folder,
                        e.toString());
            }
            failed = true;
            return;
        }
        failed = false;
        for (Segment old : replaced) {
            Path file = files.remove(old);
            if (file != null) {
                remove(file);
            }
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: {}; the next start tries again", file, e.toString());
        }
    }
}
