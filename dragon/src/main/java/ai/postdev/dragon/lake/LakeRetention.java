package ai.postdev.dragon.lake;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.dragon.lake.history.HistoryEngine;
import ai.postdev.dragon.lake.history.HistorySettings;
import ai.postdev.dragon.lake.history.HistoryView;
import ai.postdev.dragon.lake.history.Retention;
import ai.postdev.dragon.lake.history.RetentionSettings;
import ai.postdev.dragon.lake.journal.JournalRefused;
import com.typesafe.config.Config;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a lake does to let go of events, one step at a time: choose (the events that the rules no longer keep), have the
 * choice written as operations, erase these events in the journal, fold the history anew. A node that dies between two
 * steps goes on with the next one when it is back: what is written is a fact, what is not was never decided. The steps
 * read much; none runs on an actor's thread, and one lake runs one at a time.
 */
final class LakeRetention {
    private final ProjectId project;
    private final LakeFiles files;
    private final RetentionSettings settings;
    private final Set<Map.Entry<Origin, Long>> erased = new HashSet<>(); // of this run of the node

    LakeRetention(ProjectId project, LakeFiles files, Config config) {
        this.project = project;
        this.files = files;
        this.settings = RetentionSettings.from(config);
    }

    ProjectId project() {
        return project;
    }

    RetentionSettings settings() {
        return settings;
    }

    /** What goes next; empty: the rules keep everything that is there. */
    List<Body> choose(HistoryView history) {
        return List.copyOf(
                Retention.due(history, settings.rules(), files.wallMillis().getAsLong(), settings.dropMax()));
    }

    /**
     * Erases in the journal what the history no longer shows, and gives the room back if it is worth the rewriting.
     *
     * @return bytes of the records taken out
     */
    long erase(HistoryView history) {
        long bytes = 0;
        try {
            for (Map.Entry<Origin, Long> dropping : history.retained().droppings()) {
                if (erased.add(dropping)) {
                    bytes += files.journal().erase(project, dropping.getKey(), dropping.getValue());
                }
            }
            if (!erased.isEmpty()) {
                files.journal().giveBack(project, settings.giveBackMin());
            }
            return bytes;
        } catch (JournalRefused e) {
            erased.clear();
            throw new UncheckedIOException(e);
        }
    }

    /** Whether so much of the memory holds dropped events that folding anew is worth the work. */
    boolean isWorthFolding(HistoryView history) {
        return history.retained().heldShare() >= settings.foldShare();
    }

    /** The history without the dropped events, from the journal. */
    StoreEngine<HistoryView> fold() {
        HistoryEngine engine = new HistoryEngine(HistorySettings.from(files.config()));
        try {
            files.journal().replay(project, VersionVector.EMPTY, engine::apply);
            return engine;
        } catch (JournalRefused e) {
            engine.close();
            throw new UncheckedIOException(e);
        }
    }
}
