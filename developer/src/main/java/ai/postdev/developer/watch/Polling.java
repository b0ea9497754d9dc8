package ai.postdev.developer.watch;

import java.nio.file.Path;
import java.time.Duration;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Has the folder of one workspace scanned now and then while a part of it is not watched, and says so in its progress.
 * Every scan asks the system for each watch again, so what is not watched is tried again at the same pace; when an
 * interval went by in which none was refused, the scans end. Used on its actor's thread only.
 *
 * @param <M> what the actor receives
 */
final class Polling<M> {
    private final ActorContext<M> context;
    private final TimerScheduler<M> timers;
    private final M scan;
    private final Duration interval;
    private final Path folder;
    private final WorkspaceProgress progress;
    /** A scan failed, so nobody knows what it would have found. */
    private boolean missed;

    /** Tells {@code scan} every {@code interval} when {@code folder} must be scanned. */
    Polling(
            ActorContext<M> context,
            TimerScheduler<M> timers,
            M scan,
            Duration interval,
            Path folder,
            WorkspaceProgress progress) {
        this.context = context;
        this.timers = timers;
        this.scan = scan;
        this.interval = interval;
        this.folder = folder;
        this.progress = progress;
    }

    /** The folder is opened anew. */
    void begin() {
        timers.cancel(scan);
        progress.allWatchable();
        missed = false;
    }

    /**
     * The time for a scan has come; the answer is whether it is still needed.
     *
     * @param watched whether there is something that watches folders at all
     */
    boolean due(boolean watched) {
        boolean needed = missed || !watched || progress.isUnwatchable();
        missed = false;
        if (!needed) {
            timers.cancel(scan);
            context.getLog().info("every folder is watched again: {} is no longer scanned every {}", folder, interval);
        }
        return needed;
    }

    /** A scan begins, which asks for every watch again. */
    void scanning() {
        progress.scanning();
        progress.allWatchable();
    }

    /** The system does not watch {@code folder}; empty: none at all. */
    void unwatchable(String folder, String why) {
        progress.unwatchable(folder, why);
        fromNow();
    }

    /** A scan failed: it is done again. */
    void scanFailed() {
        missed = true;
        fromNow();
    }

    private void fromNow() {
        if (!timers.isTimerActive(scan)) {
            context.getLog().info("{} is scanned every {} until every folder in it is watched", folder, interval);
            timers.startTimerWithFixedDelay(scan, scan, interval);
        }
    }
}
