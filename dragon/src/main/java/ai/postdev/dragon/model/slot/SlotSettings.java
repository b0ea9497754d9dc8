package ai.postdev.dragon.model.slot;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How a slot treats its worker; the keys are {@code postdevai.models.slot.*} and explained in reference.conf.
 *
 * @param heartbeatMax silence after which a worker is killed
 * @param loadMax a load that takes longer is given up
 * @param stopMax a worker that does not end within it is killed
 * @param backOffMin before the first restart after a failure; doubles with each further one
 * @param backOffMax longest wait before a restart
 * @param healthyAfter a worker that was ready for so long has made up for earlier failures
 * @param breakerFailures failures in a row that open the circuit breaker
 * @param breakerOpen how long it is open at first; doubles whenever the trial after it fails
 * @param breakerOpenMax how long it is open at most
 */
public record SlotSettings(
        Duration heartbeatMax,
        Duration loadMax,
        Duration stopMax,
        Duration backOffMin,
        Duration backOffMax,
        Duration healthyAfter,
        int breakerFailures,
        Duration breakerOpen,
        Duration breakerOpenMax) {
    public SlotSettings {
        if (!heartbeatMax.isPositive()
                || !loadMax.isPositive()
                || !stopMax.isPositive()
                || backOffMin.isNegative()
                || backOffMax.compareTo(backOffMin) < 0
                || !healthyAfter.isPositive()
                || breakerFailures < 1
                || !breakerOpen.isPositive()
                || breakerOpenMax.compareTo(breakerOpen) < 0) {
            throw new IllegalArgumentException("postdevai.models.slot expects times above 0, back-off-min of 0 or more,"
                    + " back-off-max and breaker-open-max not below their least, and breaker-failures of at least 1; found "
                    + heartbeatMax + ", " + loadMax + ", " + stopMax + ", " + backOffMin + ", " + backOffMax + ", "
                    + healthyAfter + ", " + breakerFailures + ", " + breakerOpen + ", " + breakerOpenMax);
        }
    }

    /** Reads {@code postdevai.models.slot}. */
    public static SlotSettings from(Config root) {
        Config slot = root.getConfig("postdevai.models.slot");
        return new SlotSettings(
                slot.getDuration("heartbeat-max"),
                slot.getDuration("load-max"),
                slot.getDuration("stop-max"),
                slot.getDuration("back-off-min"),
                slot.getDuration("back-off-max"),
                slot.getDuration("healthy-after"),
                slot.getInt("breaker-failures"),
                slot.getDuration("breaker-open"),
                slot.getDuration("breaker-open-max"));
    }

    /** The wait after so many failures in a row, at least one. */
    Duration backOff(int failures) {
        return doubled(backOffMin, failures - 1, backOffMax);
    }

    static Duration doubled(Duration least, int times, Duration most) {
        Duration wait = least;
        for (int i = 0; i < times && wait.compareTo(most) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        return wait.compareTo(most) < 0 ? wait : most;
    }
}
