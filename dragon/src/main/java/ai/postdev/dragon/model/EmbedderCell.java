package ai.postdev.dragon.model;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Where the embedder's slot shows its phase, for readers that cannot wait for an answer: queries and status. Written by
 * the slot only; any thread reads.
 */
public final class EmbedderCell {
    private final AtomicReference<State> state = new AtomicReference<>(new State(Phase.EMPTY, "", Optional.empty()));

    /** Phases of a slot. */
    public enum Phase {
        /** Nothing is loaded. */
        EMPTY,
        /** The model is being loaded. */
        LOADING,
        /** The model can be used. */
        READY,
        /** The model is no longer handed out and about to be closed. */
        DRAINING,
        /** The model did not load. */
        FAILED
    }

    /**
     * A phase.
     *
     * @param reason why it failed, for people; empty in other phases
     * @param embedder only when ready
     */
    public record State(Phase phase, String reason, Optional<Embedder> embedder) {}

    /** The present phase. */
    public State state() {
        return state.get();
    }

    void show(Phase phase, String reason, Optional<Embedder> embedder) {
        state.set(new State(phase, reason, embedder));
    }
}
