package ai.postdev.dragon.model.slot;

import java.time.Duration;

/**
 * Keeps what fails again and again from being tried again and again: after some failures in a row it is open and lets nothing
 * through; after a while one trial; if that fails it is open for twice as long. A pure state machine; times are milliseconds of
 * one clock that never goes back. Not thread-safe.
 */
public final class CircuitBreaker {
    /** Where it stands. */
    public enum State {
        /** Lets everything through. */
        CLOSED("closed"),
        /** Lets nothing through. */
        OPEN("open"),
        /** Let one trial through and waits for its outcome. */
        HALF_OPEN("half-open");

        private final String id;

        State(String id) {
            this.id = id;
        }

        /** The name in answers. */
        public String id() {
            return id;
        }
    }

    private final int failuresMax;
    private final Duration openFor;
    private final Duration openMax;
    private State state = State.CLOSED;
    private int failures;
    private int reopened;
    private long openUntil;

    /**
     * A closed one.
     *
     * @param failuresMax in a row that open it, at least 1
     * @param openFor how long, the first time
     * @param openMax how long at most
     */
    public CircuitBreaker(int failuresMax, Duration openFor, Duration openMax) {
        this.failuresMax = failuresMax;
        this.openFor = openFor;
        this.openMax = openMax;
    }

    /** Whether something may be tried now; if it is the trial, no other is before its outcome is known. */
    public boolean allows(long now) {
        return switch (state) {
            case CLOSED -> true;
            case HALF_OPEN -> false;
            case OPEN -> {
                if (now < openUntil) {
                    yield false;
                }
                state = State.HALF_OPEN;
                yield true;
            }
        };
    }

    /** It worked. */
    public void success() {
        state = State.CLOSED;
        failures = 0;
        reopened = 0;
    }

    /** It did not. */
    public void failure(long now) {
        failures++;
        switch (state) {
            case CLOSED -> {
                if (failures >= failuresMax) {
                    open(now);
                }
            }
            case HALF_OPEN -> {
                reopened++;
                open(now);
            }
            case OPEN -> {}
        }
    }

    /** The trial was given up, and says nothing: another may follow at once. */
    public void withdrawn() {
        if (state == State.HALF_OPEN) {
            state = State.OPEN;
        }
    }

    private void open(long now) {
        state = State.OPEN;
        openUntil = now + SlotSettings.doubled(openFor, reopened, openMax).toMillis();
    }

    /** Where it stands. */
    public State state() {
        return state;
    }

    /** Failures in a row. */
    public int failures() {
        return failures;
    }

    /** When a trial is let through, if it is open. */
    public long openUntil() {
        return openUntil;
    }
}
