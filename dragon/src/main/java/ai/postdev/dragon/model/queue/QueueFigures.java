package ai.postdev.dragon.model.queue;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How a queue stands.
 *
 * @param waiting requests of each class
 * @param waitingBytes memory that they take
 * @param oldestMillis how long the one waits that waits longest
 * @param slots that have a model
 * @param loading models that are loaded now
 * @param blocked models that have no room
 */
public record QueueFigures(
        Map<WorkClass, Integer> waiting,
        long waitingBytes,
        long oldestMillis,
        List<Slot> slots,
        List<String> loading,
        List<String> blocked) {
    /**
     * A slot.
     *
     * @param running requests with a sequence
     * @param sequences that it has
     * @param open whether it takes new ones
     */
    public record Slot(String slot, String model, int running, int sequences, boolean open) {}

    public QueueFigures {
        waiting = Map.copyOf(waiting);
        slots = List.copyOf(slots);
        loading = List.copyOf(loading);
        blocked = List.copyOf(blocked);
    }

    static QueueFigures of(QueueState state) {
        Map<WorkClass, Integer> waiting = new EnumMap<>(WorkClass.class);
        for (WorkClass workClass : WorkClass.values()) {
            waiting.put(workClass, state.lines.count(workClass));
        }
        long oldest = state.lines.models().stream()
                .flatMap(model -> state.lines.all(model).stream())
                .mapToLong(entry -> state.now() - entry.waitingSince)
                .max()
                .orElse(0);
        return new QueueFigures(
                waiting,
                state.lines.bytes(),
                oldest,
                state.places.values().stream()
                        .map(place ->
                                new Slot(place.slot, place.model, place.running.size(), place.sequences, place.open()))
                        .toList(),
                List.copyOf(state.loads.keySet()),
                state.blocked.keySet().stream().sorted().toList());
    }
}
