package ai.postdev.dragon.model.queue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long things take, from what they took: a moving mean for each model. Good enough to tell a person whether it is seconds or
 * minutes. Not thread-safe.
 */
final class Estimates {
    private static final double KEEP = 0.8;
    /** Models that are remembered. */
    private static final int MODELS_MAX = 256;

    private final QueueSettings settings;
    private final Map<String, Double> service = recent();
    private final Map<String, Double> load = recent();

    Estimates(QueueSettings settings) {
        this.settings = settings;
    }

    private static Map<String, Double> recent() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Double> eldest) {
                return size() > MODELS_MAX;
            }
        };
    }

    void served(String model, long millis) {
        observe(service, model, millis);
    }

    void loaded(String model, long millis) {
        observe(load, model, millis);
    }

    private static void observe(Map<String, Double> means, String model, long millis) {
        means.merge(model, (double) millis, (old, seen) -> KEEP * old + (1 - KEEP) * seen);
    }

    private double service(String model) {
        return service.getOrDefault(model, (double) settings.serviceGuess().toMillis());
    }

    /** How long one waits with so many ahead. */
    long wait(QueueState state, String model, int ahead) {
        List<Place> open = state.open(model);
        int sequences = open.stream().mapToInt(place -> place.sequences).sum();
        int free = open.stream().mapToInt(Place::free).sum();
        long loading = open.isEmpty() ? loading(state, model) : 0;
        int before = open.isEmpty() ? ahead : Math.max(0, ahead + 1 - free);
        return loading + Math.round(before * service(model) / Math.max(1, sequences));
    }

    private long loading(QueueState state, String model) {
        long whole = load.containsKey(model)
                ? Math.round(load.get(model))
                : settings.loadGuess().toMillis();
        QueueState.Loading loading = state.loads.get(model);
        return loading == null ? whole : Math.max(0, loading.since + whole - state.now());
    }

    /** When one of the requests before is likely to be over, so that there is room for another. */
    long retryAfterSeconds(QueueState state, String model) {
        long millis = wait(state, model, 1);
        return Math.clamp((millis + 999) / 1000, 1, settings.retryAfterMax().toSeconds());
    }
}
