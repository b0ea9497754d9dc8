package ai.postdev.dragon.memory;

import java.util.Optional;

/**
 * Decides from what nobody accounts for whether something leaks: too much of it, for long enough, raises the alarm; clearly
 * less, for as long, ends it. A pure state machine; times are milliseconds of one clock that never goes back. Not
 * thread-safe.
 */
final class DriftAlarm {
    /** Where it stands. */
    enum State {
        /** All is accounted for. */
        CALM("calm"),
        /** Too much is not, but not for long enough. */
        RISING("rising"),
        /** Too much is not, for long enough. */
        ALARM("alarm"),
        /** Less is not than it takes to go on with the alarm, but not for long enough. */
        FALLING("falling");

        private final String id;

        State(String id) {
            this.id = id;
        }

        /** The name in answers. */
        String id() {
            return id;
        }
    }

    /** The alarm began or ended, which is worth a line in the log. */
    enum Change {
        RAISED,
        ENDED
    }

    private final DriftSettings settings;
    private State state = State.CALM;
    private long since;
    private long alarms;

    /** @param now the time of its beginning */
    DriftAlarm(DriftSettings settings, long now) {
        this.settings = settings;
        this.since = now;
    }

    /**
     * What is seen at {@code now}.
     *
     * @param ratio of what nobody accounts for to the budget
     */
    Optional<Change> observe(long now, double ratio) {
        boolean tooMuch = ratio >= settings.ratio();
        boolean clearlyLess = ratio < settings.ratio() - settings.hysteresis();
        return switch (state) {
            case CALM -> {
                if (tooMuch) {
                    become(State.RISING, now);
                }
                yield afterRising(now);
            }
            case RISING -> {
                if (!tooMuch) {
                    become(State.CALM, now);
                }
                yield afterRising(now);
            }
            case ALARM -> {
                if (clearlyLess) {
                    become(State.FALLING, now);
                }
                yield afterFalling(now);
            }
            case FALLING -> {
                if (!clearlyLess) {
                    become(State.ALARM, now);
                }
                yield afterFalling(now);
            }
        };
    }

    private Optional<Change> afterRising(long now) {
        if (state == State.RISING && lasted(now)) {
            become(State.ALARM, now);
            alarms++;
            return Optional.of(Change.RAISED);
        }
        return Optional.empty();
    }

    private Optional<Change> afterFalling(long now) {
        if (state == State.FALLING && lasted(now)) {
            become(State.CALM, now);
            return Optional.of(Change.ENDED);
        }
        return Optional.empty();
    }

    private boolean lasted(long now) {
        return now - since >= settings.after().toMillis();
    }

    private void become(State next, long now) {
        state = next;
        since = now;
    }

    State state() {
        return state;
    }

    /** How long it is that already. */
    long millisInState(long now) {
        return now - since;
    }

    /** How often it was raised. */
    long alarms() {
        return alarms;
    }
}
