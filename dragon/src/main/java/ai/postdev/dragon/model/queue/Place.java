package ai.postdev.dragon.model.queue;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** What the queue knows of a slot that has a model. */
final class Place {
    final String slot;
    final String model;
    final int sequences;
    /** With a sequence each, in the order they were begun. */
    final Set<Entry> running = new LinkedHashSet<>();
    /** Before, no other model takes its place. */
    final long keepUntil;
    /** The model that it makes room for. */
    Optional<String> yieldsTo = Optional.empty();

    boolean draining;
    boolean unloading;

    Place(String slot, String model, int sequences, long keepUntil) {
        this.slot = slot;
        this.model = model;
        this.sequences = sequences;
        this.keepUntil = keepUntil;
    }

    /** Whether it takes new requests. */
    boolean open() {
        return yieldsTo.isEmpty() && !draining && !unloading;
    }

    int free() {
        return sequences - running.size();
    }

    int running(WorkClass workClass) {
        return (int)
                running.stream().filter(entry -> entry.workClass() == workClass).count();
    }

    /** Whether somebody runs who is at least as urgent, and is still wanted. */
    boolean runs(WorkClass atLeast) {
        return running.stream()
                .anyMatch(entry -> entry.state != Entry.State.STOPPING && !atLeast.before(entry.workClass()));
    }
}
