package ai.postdev.developer.watch;

import com.typesafe.config.Config;
import java.time.Duration;
import org.apache.pekko.actor.typed.SupervisorStrategy;

/**
 * Bounds of watching, read once from {@code postdevai.watch}; the keys and what they trade stand in reference.conf.
 *
 * @param gitAllowed whether the git program may be used
 */
public record WatchSettings(
        boolean gitAllowed,
        long fileBytesMax,
        int filesMax,
        int foldersMax,
        int workspacesMax,
        int readers,
        int readFilesMax,
        long readBytesMax,
        long appendBytesMax,
        int appendOperationsMax,
        int appendsInFlightMax,
        long outboxBytesMax,
        Duration askTimeout,
        Duration retryMin,
        Duration retryMax,
        Duration settleFirst,
        Duration settle,
        int burstPaths,
        int pathsPendingMax,
        Duration editQuiet,
        Duration rootCheckInterval,
        Duration pollInterval,
        Duration gitPollInterval,
        int commitsMax,
        int commitsPage,
        int commitPathsMax,
        int reflogFirstMax,
        int manifestPage,
        long pastBytesMax,
        int pastLoadsMax) {
    /** Where the blocking work of this package runs. */
    public static final String DISPATCHER = "postdevai.watch.dispatcher";

    private static final double RESTART_JITTER = 0.2;

    /** How an actor of this package that failed begins anew: after the same waits as a refused write. */
    SupervisorStrategy restart() {
        return SupervisorStrategy.restartWithBackoff(retryMin, retryMax, RESTART_JITTER);
    }

    /** Reads the settings from the whole configuration. */
    public static WatchSettings from(Config config) {
        Config watch = config.getConfig("postdevai.watch");
        String git = watch.getString("git");
        if (!git.equals("auto") && !git.equals("never")) {
            throw new IllegalArgumentException("postdevai.watch.git must be auto or never, found '" + git + "'");
        }
        return new WatchSettings(
                git.equals("auto"),
                watch.getBytes("file-bytes-max"),
                watch.getInt("files-max"),
                watch.getInt("folders-max"),
                watch.getInt("workspaces-max"),
                watch.getInt("readers"),
                watch.getInt("read-files-max"),
                watch.getBytes("read-bytes-max"),
                watch.getBytes("append-bytes-max"),
                watch.getInt("append-operations-max"),
                watch.getInt("appends-in-flight-max"),
                watch.getBytes("outbox-bytes-max"),
                watch.getDuration("ask-timeout"),
                watch.getDuration("retry-min"),
                watch.getDuration("retry-max"),
                watch.getDuration("settle-first"),
                watch.getDuration("settle"),
                watch.getInt("burst-paths"),
                watch.getInt("paths-pending-max"),
                watch.getDuration("edit-quiet"),
                watch.getDuration("root-check-interval"),
                watch.getDuration("poll-interval"),
                watch.getDuration("git-poll-interval"),
                watch.getInt("commits-max"),
                watch.getInt("commits-page"),
                watch.getInt("commit-paths-max"),
                watch.getInt("reflog-first-max"),
                watch.getInt("manifest-page"),
                watch.getBytes("past-bytes-max"),
                watch.getInt("past-loads-max"));
    }
}
