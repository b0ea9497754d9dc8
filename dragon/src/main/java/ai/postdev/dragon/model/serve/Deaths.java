package ai.postdev.dragon.model.serve;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which models' workers died lately, and when such a model may be loaded again: later after each death in a row. Times are
 * milliseconds of a clock that never goes back. Not thread-safe.
 */
final class Deaths {
    private record Row(int deaths, long last, String reason) {}

    private final ServeSettings settings;
    private final Map<String, Row> rows = new HashMap<>();

    Deaths(ServeSettings settings) {
        this.settings = settings;
    }

    /** @param lived since the model was loaded, in milliseconds */
    void died(String model, String reason, long lived, long now) {
        int before = lived > settings.retryMax().toMillis() ? 0 : deaths(model);
        rows.put(model, new Row(before + 1, now, reason));
    }

    /** It answered: what was before is forgiven. */
    void answered(String model) {
        rows.remove(model);
    }

    private int deaths(String model) {
        Row row = rows.get(model);
        return row == null ? 0 : row.deaths();
    }

    /** When the model may be loaded again; not after now: at once. */
    long notBefore(String model) {
        Row row = rows.get(model);
        if (row == null) {
            return Long.MIN_VALUE;
        }
        long wait = settings.retryMin().toMillis() << Math.min(20, row.deaths() - 1);
        return row.last() + Math.min(wait, settings.retryMax().toMillis());
    }

    /** Why requests for it are not kept waiting; empty: they are. */
    Optional<String> hopeless(String model, long now) {
        Row row = rows.get(model);
        if (row == null || row.deaths() < settings.deathsMax() || notBefore(model) <= now) {
            return Optional.empty();
        }
        return Optional.of("the worker of " + model + " died " + row.deaths() + " times in a row, last: " + row.reason()
                + "; it is tried again in " + Math.max(1, (notBefore(model) - now) / 1_000) + " s");
    }
}
