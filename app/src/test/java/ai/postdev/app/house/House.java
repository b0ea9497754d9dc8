package ai.postdev.app.house;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the sources of the project lie. */
final class House {
    private House() {}

    /** The repository's root, found upwards from the folder the tests run in. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve("cluster-config"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("no folder above " + Path.of("").toAbsolutePath()
                    + " holds cluster-config/; run the tests inside the repository");
        }
        return folder;
    }
}
