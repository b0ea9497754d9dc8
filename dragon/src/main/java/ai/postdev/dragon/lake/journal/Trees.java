package ai.postdev.dragon.lake.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders as a whole. */
final class Trees {
    private Trees() {}

    /** Removes a folder and all in it; nothing happens if it is not there. */
    static void remove(Path tree) throws IOException {
        if (Files.exists(tree)) {
            List<Path> files;
            try (Stream<Path> walk = Files.walk(tree)) {
                files = walk.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }
}
