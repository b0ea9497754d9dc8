package ai.postdev.dragon.model.catalogue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says how many bytes this user may still write where a folder lies. */
@FunctionalInterface
interface DiskSpace {
    DiskSpace OF_SYSTEM = folder -> Files.getFileStore(folder).getUsableSpace();

    long usable(Path folder) throws IOException;
}
