package ai.postdev.app;

import ai.postdev.developer.watch.WatchedFolders;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.JournalRefused;
import ai.postdev.dragon.lake.journal.RestoredFolder;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the folders of restored projects watched. A restore does so at its end; when it died between its last two steps, the
 * next node does it at its start. Doing it twice comes to the same.
 */
final class RestoredFolders {
    private static final Logger LOG = LoggerFactory.getLogger(RestoredFolders.class);

    private RestoredFolders() {}

    /** Puts what the journal names on the list of watched folders. Blocking; before that list is read. */
    static void watch(Journal journal, Path home) throws JournalRefused {
        for (RestoredFolder folder : journal.restoredFolders()) {
            try {
                WatchedFolders.move(home, folder.project(), folder.workspace(), folder.root());
            } catch (IOException e) {
                LOG.warn(
                        "project {} was restored for {}, which is not watched: {}; postdevai up PATH watches it",
                        folder.project(),
                        folder.root(),
                        e.toString());
            }
            journal.watched(folder);
        }
    }
}
