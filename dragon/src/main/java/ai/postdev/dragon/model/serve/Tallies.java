package ai.postdev.dragon.model.serve;

import ai.postdev.dragon.model.metrics.ModelMetrics;
import java.util.Map;
import java.util.TreeMap;

/** What answers and loads took, by model, since the node began. Only of models that lie here, so it does not grow without end. */
final class Tallies {
    /** What a load is thought to take before one was seen: only decides who makes room. */
    private static final long LOAD_GUESS_MILLIS = 2_000;
    /** Requests for models that are not here. */
    private static final String OTHERS = "not installed";

    private final Map<String, ModelMetrics> models = new TreeMap<>();

    /** The model lies here. */
    void know(String model) {
        models.computeIfAbsent(model, _ -> new ModelMetrics());
    }

    /** Of a model; of one that does not lie here those of all such. */
    ModelMetrics of(String model) {
        ModelMetrics known = models.get(model);
        return known != null ? known : models.computeIfAbsent(OTHERS, _ -> new ModelMetrics());
    }

    void loaded(String model, long millis) {
        of(model).loaded(millis);
    }

    void evicted(String model) {
        of(model).evicted();
    }

    void trimmed(String model, long bytes) {
        of(model).trimmed(bytes);
    }

    void died(String model) {
        of(model).died();
    }

    /** Mean of its loads. */
    long loadMillis(String model) {
        return of(model).meanLoadMillis().orElse(LOAD_GUESS_MILLIS);
    }

    Map<String, ModelMetrics> all() {
        return models;
    }
}
