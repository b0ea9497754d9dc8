package ai.postdev.dragon.model.queue;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What happens to a {@link ModelQueue}. Events about requests, slots or loads that it does not know any more do nothing. */
public sealed interface QueueEvent {
    /** Somebody wants something. */
    record Submit(Request request) implements QueueEvent {}

    /** Nobody wants it any more. */
    record Cancel(String id) implements QueueEvent {}

    /** The first token of its answer went to the caller: from now on it is not begun again in secret. */
    record FirstToken(String id) implements QueueEvent {}

    /**
     * Its sequence is free: it was answered, could not be, or was stopped as asked.
     *
     * @param failure why it could not be answered
     */
    record Ended(String id, Optional<String> failure) implements QueueEvent {}

    /** Its sequence is free as asked by {@link QueueEffect.Preempt}; it goes on later from where it was. */
    record Preempted(String id) implements QueueEvent {}

    /** A slot began to load a model, asked for by the queue or by somebody else. */
    record LoadStarted(String model, String slot) implements QueueEvent {}

    /**
     * A model is loaded.
     *
     * @param sequences requests that the slot works on at once, at least 1
     */
    record SlotReady(String slot, String model, int sequences) implements QueueEvent {
        public SlotReady {
            if (sequences < 1) {
                throw new IllegalArgumentException(
                        "a slot has at least 1 sequence, found " + sequences + " in " + slot);
            }
        }
    }

    /**
     * There is no room for the load that was asked for, not even without the slots that do nothing.
     *
     * @param by slots that would have to go, loading ones too; empty if no slot stands in the way
     * @param retryAt when it is worth to ask again if nothing changes before
     */
    record LoadBlocked(String model, Set<String> by, OptionalLong retryAt) implements QueueEvent {
        public LoadBlocked {
            by = Set.copyOf(by);
        }
    }

    /** The load failed, was aborted as asked, or will never fit. @param reason for people, with what to do */
    record LoadFailed(String model, String reason) implements QueueEvent {}

    /** A slot gets nothing new, and is unloaded when it has nothing left: somebody asked for that. */
    record Drain(String slot) implements QueueEvent {}

    /** A slot is gone, unloaded or dead, and its memory with it. @param reason for people */
    record SlotGone(String slot, String reason) implements QueueEvent {}

    /** There may be more room in memory than before. */
    enum RoomChanged implements QueueEvent {
        ROOM_CHANGED
    }

    /** Time passed: due at {@link ModelQueue#wakeAt}. */
    enum Tick implements QueueEvent {
        TICK
    }
}
