package ai.postdev.dragon.memory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a RAM disk makes its files.
 *
 * @param folder that they are made in; empty: there are none, bulk data lies in ordinary memory
 * @param shown the folder as people know it
 * @param note what is not as it ought to be, for people; empty if all is well
 * @param release gives the place back to the system, when nothing lies on it any more
 */
record RamPlace(Mode mode, Optional<Path> folder, String shown, String note, Release release) {
    /** What kind of place. */
    enum Mode {
        /** A RAM file system of this process's own. */
        MOUNT("mount"),
        /** A folder on a RAM file system that others use too. */
        SHARED("shared"),
        /** A RAM volume of macOS. */
        VOLUME("volume"),
        /** A plain folder: the system writes to the disk what is on it. */
        DIRECTORY("directory"),
        /** Nowhere: ordinary memory. */
        NONE("none");

        private final String id;

        Mode(String id) {
            this.id = id;
        }

        /** The name in answers. */
        String id() {
            return id;
        }
    }

    /** Gives a place back. */
    interface Release {
        void run() throws IOException;
    }

    /** No files. @param why there are none; empty if none are wanted */
    static RamPlace none(String why) {
        return new RamPlace(Mode.NONE, Optional.empty(), "", why, () -> {});
    }

    /** A folder that stays when the process ends. */
    static RamPlace at(Mode mode, Path folder, String note) {
        return new RamPlace(mode, Optional.of(folder), folder.toString(), note, () -> {});
    }
}
