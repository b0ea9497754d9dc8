package ai.postdev.developer.watch;

import java.time.Duration;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Has the folder of one workspace scanned now and then while a part of it is not watched, and says so in its progress.
 * Used on its actor's thread only.
 *
 * @param <M> what the actor receives
 */
final class Polling<M> {
    private final TimerScheduler<M> timers;
    private final M scan;
    private final Duration interval;
    private final WorkspaceProgress progress;

    /** Tells {@code scan} every {@code interval} when it must. */
    Polling(TimerScheduler<M> timers, M scan, Duration interval, WorkspaceProgress progress) {
        this.timers = timers;
        this.scan = scan;
        this.interval = interval;
        this.progress = progress;
    }

    /** The folder is opened anew. */
    void begin() {
        timers.cancel(scan);
        progress.allWatchable();
    }

    /** A scan begins, which asks for every watch again. */
    void scanning() {
        progress.allWatchable();
    }

    /** The system does not watch {@code folder}; empty: none at all. */
    void unwatchable(String folder, String why) {
        progress.unwatchable(folder, why);
        fromNow();
    }

    /** Something was missed: scans from now on. */
    void fromNow() {
        if (!timers.isTimerActive(scan)) {
            timers.startTimerWithFixedDelay(scan, scan, interval);
        }
    }
}
