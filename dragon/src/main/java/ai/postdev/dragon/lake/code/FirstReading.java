package ai.postdev.dragon.lake.code;

import java.time.Duration;

/**
 * Whether texts arrive in bulk, as when a project is first read or a branch is switched. While they do, whatever can wait
 * waits: first of all texts become searchable. Times are those of {@link System#nanoTime()}. Not thread-safe.
 */
final class FirstReading {
    /** Bytes of text in one write from which on it counts as part of a first reading, not as a save. */
    static final long BULK_BYTES = 256 << 10;

    /** After such a write the parser waits, so that the processors first make text searchable. */
    static final Duration PAUSE = Duration.ofMillis(300);

    /** So long after the last such write was shown the reading counts as done. */
    static final Duration QUIET_AFTER = Duration.ofSeconds(2);

    private boolean on;
    private boolean toShow;
    private long pauseUntil;

    FirstReading(long now) {
        pauseUntil = now;
    }

    /** Texts of so many bytes were written; true if a reading begins with them. */
    boolean written(long bytes, long now) {
        if (bytes < BULK_BYTES) {
            return false;
        }
        pauseUntil = now + PAUSE.toNanos();
        toShow = true;
        boolean begins = !on;
        on = true;
        return begins;
    }

    /**
     * What was written is shown; true if texts of a reading were among it. Showing takes its time, so what comes next may
     * still be on its way: the pause begins anew, and the caller waits {@link #QUIET_AFTER} before it tells {@link #quiet}.
     */
    boolean shown(long now) {
        if (!toShow) {
            return false;
        }
        toShow = false;
        pauseUntil = now + PAUSE.toNanos();
        return true;
    }

    /** Nothing more came, or nothing more will; true if a reading ends with this. */
    boolean quiet() {
        boolean ends = on;
        on = false;
        return ends;
    }

    /** Whether a reading is going on. */
    boolean isOn() {
        return on;
    }

    /** Whether a bulk write has come so recently that parsing and indexing should wait {@link #PAUSE}. */
    boolean mustPause(long now) {
        return pauseUntil - now > 0;
    }
}
