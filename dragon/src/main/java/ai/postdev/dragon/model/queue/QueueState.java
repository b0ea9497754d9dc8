package ai.postdev.dragon.model.queue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** What the parts of a {@link ModelQueue} share. Not thread-safe. */
final class QueueState {
    /** A load that was asked for or goes on. */
    static final class Loading {
        final long since;
        /** Asked for by the queue, which aborts it when nobody waits for it. */
        final boolean own;
        /** Its requests had waited as long as they have to. */
        final boolean overdue;

        Optional<String> slot = Optional.empty();
        boolean aborting;

        Loading(long since, boolean own, boolean overdue) {
            this.since = since;
            this.own = own;
            this.overdue = overdue;
        }
    }

    /** A load that has no room. @param retryAt when it is asked for again; empty: when there may be more room */
    record Blocked(Set<String> by, OptionalLong retryAt) {
        boolean isDue(long now) {
            return retryAt.orElse(Long.MAX_VALUE) <= now;
        }
    }

    final QueueSettings settings;
    final Lines lines;
    final Estimates estimates;
    /** Every request that waits or has a sequence. */
    final Map<String, Entry> entries = new HashMap<>();

    final Map<String, Place> places = new TreeMap<>();
    final Map<String, Loading> loads = new LinkedHashMap<>();
    final Map<String, Blocked> blocked = new HashMap<>();
    /** Models that a slot made room for, and that are loaded before all others. */
    final Set<String> promised = new HashSet<>();
    /** When a model's last slot went, while somebody waits for the model. */
    final Map<String, Long> servedUntil = new HashMap<>();

    private List<QueueEffect> effects = new ArrayList<>();
    private long now;
    private long wake;

    QueueState(QueueSettings settings) {
        this.settings = settings;
        lines = new Lines(settings.callersMax());
        estimates = new Estimates(settings);
    }

    /** A step begins. */
    void begin(long at) {
        now = at;
        wake = Long.MAX_VALUE;
        effects = new ArrayList<>();
    }

    long now() {
        return now;
    }

    List<QueueEffect> effects() {
        return effects;
    }

    void emit(QueueEffect effect) {
        effects.add(effect);
    }

    /** Something may have to be done then. */
    void wakeAt(long at) {
        wake = Math.min(wake, at);
    }

    OptionalLong wake() {
        return wake == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(wake);
    }

    /** There may be more room: loads that have none are asked for again. */
    void roomChanged() {
        blocked.replaceAll((model, had) -> new Blocked(had.by(), OptionalLong.of(now)));
    }

    /** Slots of a model that take new requests. */
    List<Place> open(String model) {
        return places.values().stream()
                .filter(place -> place.model.equals(model) && place.open())
                .toList();
    }

    boolean hasPlace(String model) {
        return places.values().stream().anyMatch(place -> place.model.equals(model));
    }

    /** Asks a slot to put a request aside if it had its quantum; else looks again when it had. */
    boolean preempt(Place place, Entry entry) {
        long earliest = entry.startedAt + settings.quantum().toMillis();
        if (now < earliest) {
            wakeAt(earliest);
            return false;
        }
        entry.state = Entry.State.PREEMPTING;
        emit(new QueueEffect.Preempt(entry.request.id(), place.slot));
        return true;
    }
}
