package ai.postdev.dragon.model.queue;

import java.util.HashMap;
import java.util.Map;

/**
 * What callers had of one class, so that the one who had least is next: start-time fair queueing (Goyal, Vin, Cheng 1996) over
 * tokens. Who comes back after a while is not owed what they left unused. Not thread-safe.
 */
final class Fairness {
    private final int callersMax;
    private final Map<String, Long> spent = new HashMap<>();
    private long floor;

    /** @param callersMax that are remembered; beyond it those who had least are forgotten */
    Fairness(int callersMax) {
        this.callersMax = callersMax;
    }

    /** The caller with the lowest tag is next. */
    long tag(String caller) {
        return Math.max(floor, spent.getOrDefault(caller, 0L));
    }

    /** A request of the caller is begun. */
    void spend(String caller, long tokens) {
        long tag = tag(caller);
        floor = tag;
        spent.put(caller, tag + tokens);
        if (spent.size() > 2 * callersMax) {
            forget();
        }
    }

    int remembered() {
        return spent.size();
    }

    private void forget() {
        spent.values().removeIf(had -> had <= floor);
        if (spent.size() > callersMax) {
            spent.entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                    .limit(spent.size() - callersMax)
                    .map(Map.Entry::getKey)
                    .toList()
                    .forEach(spent::remove);
        }
    }
}
