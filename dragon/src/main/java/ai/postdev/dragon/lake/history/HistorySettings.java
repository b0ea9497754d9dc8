package ai.postdev.dragon.lake.history;

import com.typesafe.config.Config;

/**
 * Bounds of the history store.
 *
 * @param eventsMax events of one project that are held in memory; later ones stay in the journal only
 * @param textMax bytes of one event's text that are held in memory
 */
public record HistorySettings(int eventsMax, int textMax) {
    public HistorySettings {
        if (eventsMax < 1 || textMax < 1) {
            throw new IllegalArgumentException(
                    "postdevai.lake.history.events-max and text-max must be at least 1, found " + eventsMax + " and "
                            + textMax);
        }
    }

    /** Reads {@code postdevai.lake.history}. */
    public static HistorySettings from(Config config) {
        Config history = config.getConfig("postdevai.lake.history");
        return new HistorySettings(
                history.getInt("events-max"), history.getBytes("text-max").intValue());
    }
}
