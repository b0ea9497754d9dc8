package ai.postdev.dragon.model.catalogue;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Makes few reports out of many steps: one when the phase changes, when it is done, and now and then between; each with the
 * speed of late. One thread.
 */
final class PullPace {
    private static final long EVERY_NANOS = Duration.ofMillis(200).toNanos();
    /** Before, a few bytes say nothing about when all will be there. */
    private static final long LEFT_AFTER_NANOS = Duration.ofSeconds(1).toNanos();

    private static final double KEEP = 0.7;
    private static final double NANOS = 1e9;

    private final LongSupplier nanos;
    private PullProgress.Phase phase;
    private long phaseAt;
    private long toldAt;
    private long toldDone;
    private double perSecond;

    /** @param nanos clock as {@link System#nanoTime()} */
    PullPace(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * A report.
     *
     * @param perSecond bytes; 0: not known yet
     * @param secondsLeft 0: not known
     */
    record Figures(PullProgress.Phase phase, long done, long total, double perSecond, double secondsLeft) {}

    /** What to report of a step; empty: nothing. */
    Optional<Figures> moved(PullProgress.Phase now, long done, long total) {
        long time = nanos.getAsLong();
        if (now != phase) {
            phase = now;
            phaseAt = time;
            perSecond = 0;
        } else {
            if (time - toldAt < EVERY_NANOS && !(total > 0 && done == total && toldDone != done)) {
                return Optional.empty();
            }
            double late = Math.max(0, done - toldDone) * NANOS / Math.max(1, time - toldAt);
            perSecond = perSecond == 0 ? late : KEEP * perSecond + (1 - KEEP) * late;
        }
        toldAt = time;
        toldDone = done;
        boolean known = perSecond > 0 && total > done && time - phaseAt >= LEFT_AFTER_NANOS;
        double left = known ? (total - done) / perSecond : 0;
        return Optional.of(new Figures(now, done, total, perSecond, left));
    }
}
