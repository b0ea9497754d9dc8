package ai.postdev.developer.watch;

import ai.postdev.developer.ingest.TreeScan;
import java.nio.file.Path;

/** Where a scan tells which folders are to be watched, and which no longer. Safe on any thread; never blocks for long. */
interface FolderWatch extends TreeScan.FolderEntered {
    /** Watches nothing. */
    FolderWatch NONE = new FolderWatch() {
        @Override
        public void entered(String folder, Path path) {
            // nothing to watch with
        }

        @Override
        public long mark() {
            return 0;
        }

        @Override
        public void left(String folder, long mark) {
            // nothing was watched
        }
    };

    /** A point in time: what is told from now on is newer. */
    long mark();

    /**
     * Stops watching {@code folder} and all below it, except what was told after {@code mark}: a look that found
     * something gone must not undo what a later one found there.
     */
    void left(String folder, long mark);
}
