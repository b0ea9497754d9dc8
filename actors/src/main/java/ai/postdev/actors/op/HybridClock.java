package ai.postdev.actors.op;

import java.util.function.LongSupplier;

/**
 * Hands out hybrid logical times. The wall clock may stand still or step back; the times handed out never do. Plain and
 * single-threaded: its owner is one actor.
 */
public final class HybridClock {
    private final LongSupplier wallMillis;
    private HybridTime last;

    /**
     * A clock that continues after {@code last}.
     *
     * @param wallMillis milliseconds since the epoch
     * @param last the newest time known, {@link HybridTime#ZERO} for a new lake
     */
    public HybridClock(LongSupplier wallMillis, HybridTime last) {
        this.wallMillis = wallMillis;
        this.last = last;
    }

    /** The time of a local event: later than every time handed out or observed so far. */
    public HybridTime next() {
        long wall = Math.max(0, wallMillis.getAsLong());
        if (wall > last.millis()) {
            last = HybridTime.of(wall, 0);
        } else if (last.counter() < HybridTime.COUNTER_MAX) {
            last = HybridTime.of(last.millis(), last.counter() + 1);
        } else {
            last = HybridTime.of(last.millis() + 1, 0);
        }
        return last;
    }

    /** Takes note of a time from elsewhere: everything handed out after this is later than it. */
    public void observe(HybridTime remote) {
        if (remote.compareTo(last) > 0) {
            last = remote;
        }
    }

    /** The newest time handed out or observed. */
    public HybridTime last() {
        return last;
    }
}
