package ai.postdev.dragon.model.queue;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who gets a sequence of a slot that has the model: the most urgent first, but a class that had none for as long as its
 * patience gets the next. Where nothing is free, less urgent requests are put aside. Not thread-safe.
 */
final class Serving {
    private static final WorkClass[] LEAST_URGENT_FIRST = {WorkClass.BATCH, WorkClass.AGENT};

    private final QueueState state;
    /** When a class of a model was last begun, while somebody waits for the model. */
    private final Map<String, Map<WorkClass, Long>> begun = new HashMap<>();

    Serving(QueueState state) {
        this.state = state;
    }

    /** Begins what can be begun, and makes room for what is urgent. */
    void serve() {
        begun.keySet().removeIf(model -> !state.lines.anyFor(model));
        for (String model : state.lines.models()) {
            List<Place> open = state.open(model);
            boolean more = !open.isEmpty();
            while (more) {
                more = startOne(model, open);
            }
            makeRoom(model, open);
        }
    }

    private boolean startOne(String model, List<Place> open) {
        if (!state.lines.anyFor(model)) {
            return false;
        }
        Place place = open.stream().max(Comparator.comparingInt(Place::free)).orElseThrow();
        Optional<WorkClass> next = next(model, place);
        next.flatMap(workClass -> state.lines.take(model, workClass)).ifPresent(entry -> start(place, entry));
        return next.isPresent();
    }

    private void start(Place place, Entry entry) {
        boolean resumed = entry.begun;
        entry.state = Entry.State.RUNNING;
        entry.begun = true;
        entry.startedAt = state.now();
        place.running.add(entry);
        begun.computeIfAbsent(place.model, _ -> new EnumMap<>(WorkClass.class)).put(entry.workClass(), state.now());
        state.emit(new QueueEffect.Start(entry.request.id(), place.slot, resumed, state.now() - entry.waitingSince));
    }

    private Optional<WorkClass> next(String model, Place place) {
        if (place.free() < 1) {
            return Optional.empty();
        }
        for (WorkClass late : LEAST_URGENT_FIRST) {
            if (isLate(model, late) && mayTake(place, late)) {
                return Optional.of(late);
            }
        }
        for (WorkClass workClass : WorkClass.values()) {
            if (state.lines.count(model, workClass) > 0 && mayTake(place, workClass)) {
                return Optional.of(workClass);
            }
        }
        return Optional.empty();
    }

    private boolean isLate(String model, WorkClass workClass) {
        if (state.lines.count(model, workClass) == 0) {
            return false;
        }
        long last = begun.getOrDefault(model, Map.of()).getOrDefault(workClass, Long.MIN_VALUE);
        long since = Math.max(last, state.lines.waitingSince(model, workClass));
        return state.now() - since >= state.settings.of(workClass).patience().toMillis();
    }

    /** Batch leaves some sequences free, so that nobody has to be put aside when something urgent comes. */
    private boolean mayTake(Place place, WorkClass workClass) {
        int most = Math.max(1, place.sequences - state.settings.reservedSequences());
        return workClass != WorkClass.BATCH || place.running(WorkClass.BATCH) < most;
    }

    private void makeRoom(String model, List<Place> open) {
        int coming = open.stream()
                .mapToInt(place -> place.free()
                        + (int) place.running.stream()
                                .filter(entry -> entry.state != Entry.State.RUNNING)
                                .count())
                .sum();
        for (WorkClass urgent : WorkClass.values()) {
            int waiting = state.lines.count(model, urgent);
            int lacking = waiting - coming;
            coming = Math.max(0, coming - waiting);
            while (lacking > 0 && putAside(open, urgent)) {
                lacking--;
            }
        }
    }

    /** Of those less urgent the least urgent that was begun last. */
    private boolean putAside(List<Place> open, WorkClass urgent) {
        Place at = null;
        Entry aside = null;
        for (Place place : open) {
            for (Entry entry : place.running) {
                if (entry.state == Entry.State.RUNNING
                        && urgent.before(entry.workClass())
                        && (aside == null || LESS_WORTH.compare(entry, aside) < 0)) {
                    aside = entry;
                    at = place;
                }
            }
        }
        return aside != null && state.preempt(at, aside);
    }

    private static final Comparator<Entry> LESS_WORTH = Comparator.comparing(Entry::workClass)
            .thenComparingLong(entry -> entry.startedAt)
            .thenComparingLong(entry -> entry.order)
            .reversed();
}
