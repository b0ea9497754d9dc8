package ai.postdev.dragon.model.queue;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which model is loaded next, and which slot makes room for it. Requests for a loaded model go on together, until another model's
 * requests have waited as long as their class lets them, or more urgent ones wait for it. Not thread-safe.
 */
final class Placement {
    private final QueueState state;

    Placement(QueueState state) {
        this.state = state;
    }

    /** Asks for loads, aborts those that nobody waits for, and ends slots that have to go. */
    void place() {
        abortUnwanted();
        load();
        giveWay();
    }

    /** Forgets what nobody waits for any more; slots that made room for it stay. */
    void settle() {
        state.promised.removeIf(model -> !state.lines.anyFor(model) || state.hasPlace(model));
        state.blocked.keySet().removeIf(model -> !state.lines.anyFor(model));
        state.servedUntil.keySet().removeIf(model -> !state.lines.anyFor(model));
        for (Place place : state.places.values()) {
            if (!place.unloading
                    && place.yieldsTo.filter(model -> !lacks(model)).isPresent()) {
                place.yieldsTo = Optional.empty();
            }
        }
    }

    private boolean lacks(String model) {
        return state.lines.anyFor(model) && !state.hasPlace(model) && !state.loads.containsKey(model);
    }

    private void abortUnwanted() {
        state.loads.forEach((model, loading) -> {
            if (!state.lines.anyFor(model)) {
                abort(model, loading);
            }
        });
    }

    private void abort(String model, QueueState.Loading loading) {
        if (loading.own && !loading.aborting) {
            loading.aborting = true;
            state.emit(new QueueEffect.AbortLoad(model));
        }
    }

    private void load() {
        List<String> lacking = state.lines.models().stream()
                .filter(this::lacks)
                .sorted(Comparator.comparing((String model) -> urgency(model))
                        .thenComparing(model -> !state.promised.contains(model))
                        .thenComparingLong(model -> state.lines.head(model).order))
                .toList();
        for (String model : lacking) {
            WorkClass urgent = state.lines.head(model).workClass();
            QueueState.Blocked blocked = state.blocked.get(model);
            boolean due = blocked == null || blocked.isDue(state.now());
            if (due && ownLoads() < state.settings.loadsMax()) {
                state.blocked.remove(model);
                state.loads.put(model, new QueueState.Loading(state.now(), true, isOverdue(model)));
                state.emit(new QueueEffect.Load(model, urgent));
                continue;
            }
            if (blocked == null) {
                // Only for one that has not been told yet that it has no room; else two would take turns to abort each
                // other.
                state.loads.forEach((other, loading) -> abortIfLesser(other, loading, urgent));
                return;
            }
            if (!due) {
                blocked.retryAt().ifPresent(state::wakeAt);
            }
            makeRoom(model, urgent, blocked);
            if (isOverdue(model) || state.promised.contains(model)) {
                // What came later and is smaller must not take the room bit by bit.
                return;
            }
        }
    }

    private long ownLoads() {
        return state.loads.values().stream().filter(loading -> loading.own).count();
    }

    /** The class that its loads count as: what waited as long as it has to is as urgent as anything. */
    private WorkClass urgency(String model) {
        return isOverdue(model)
                ? WorkClass.INTERACTIVE
                : state.lines.head(model).workClass();
    }

    /** Counted from when the model was last loaded: models in want of one slot take turns of at least that long. */
    private boolean isOverdue(String model) {
        for (WorkClass workClass : WorkClass.values()) {
            if (state.lines.count(model, workClass) > 0) {
                long since = Math.max(
                        state.lines.waitingSince(model, workClass),
                        state.servedUntil.getOrDefault(model, Long.MIN_VALUE));
                long due = since + state.settings.of(workClass).collationWait().toMillis();
                if (state.now() >= due) {
                    return true;
                }
                state.wakeAt(due);
            }
        }
        return false;
    }

    private void abortIfLesser(String model, QueueState.Loading loading, WorkClass urgent) {
        if (!loading.overdue && state.lines.anyFor(model) && urgent.before(urgency(model))) {
            abort(model, loading);
        }
    }

    private void makeRoom(String model, WorkClass urgent, QueueState.Blocked blocked) {
        if (blocked.by().isEmpty()) {
            return;
        }
        boolean all = true;
        for (String slot : blocked.by()) {
            Place place = state.places.get(slot);
            if (place == null) {
                state.loads.forEach((other, loading) -> {
                    if (loading.slot.filter(slot::equals).isPresent()) {
                        abortIfLesser(other, loading, urgent);
                    }
                });
            }
            all &= place != null && mayYield(place, model, urgent);
        }
        if (all) {
            for (String slot : blocked.by()) {
                Place place = state.places.get(slot);
                if (place.open()) {
                    place.yieldsTo = Optional.of(model);
                }
            }
        }
    }

    private boolean mayYield(Place place, String model, WorkClass urgent) {
        if (!place.open()) {
            return true;
        }
        if (state.now() < place.keepUntil && place.running.size() + waiting(place.model) > 0) {
            state.wakeAt(place.keepUntil);
            return false;
        }
        boolean wanted = place.runs(urgent)
                || state.lines.anyFor(place.model)
                        && !urgent.before(state.lines.head(place.model).workClass());
        return !wanted || isOverdue(model);
    }

    private int waiting(String model) {
        int waiting = 0;
        for (WorkClass workClass : WorkClass.values()) {
            waiting += state.lines.count(model, workClass);
        }
        return waiting;
    }

    private void giveWay() {
        for (Place place : state.places.values()) {
            if (place.unloading || place.open()) {
                continue;
            }
            place.yieldsTo.ifPresent(
                    model -> putAside(place, state.lines.head(model).workClass()));
            if (place.running.isEmpty()) {
                place.unloading = true;
                place.yieldsTo.ifPresent(state.promised::add);
                state.emit(new QueueEffect.Unload(place.slot));
            }
        }
    }

    private void putAside(Place place, WorkClass urgent) {
        for (Entry entry : place.running) {
            if (entry.state == Entry.State.RUNNING && urgent.before(entry.workClass())) {
                state.preempt(place, entry);
            }
        }
    }
}
