package ai.postdev.dragon.lake.journal;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Bounds and choices of the journal, read once from {@code postdevai.lake.journal}.
 *
 * @param durability when a write counts as done, unless the writer asks for more
 * @param zstdLevel of stored texts, 1 (fastest) to 19 (smallest)
 * @param versionsMax versions of a text that are kept as what is new in them, each of one that is kept in full; 0 to 255
 * @param blockCacheBytes memory for blocks read from disk, their indexes and filters
 * @param writeBufferBytes memory for what is not yet in a sorted file, all families together
 * @param walMaxBytes size of the write-ahead log after which the oldest part is flushed and deleted; bounds the time of
 *     the next start
 * @param openFilesMax files that are kept open
 * @param backgroundJobs threads that flush and compact
 * @param logFileBytes size at which the database's own log starts a new file
 * @param logFilesMax how many of these are kept
 * @param freeBytesMin space on the disk below which writes are refused, so that flushes still fit
 * @param recoverInterval least time between two tries to reopen after a failed write
 * @param tailCutMax unreadable records at an origin's end that are cut on opening; more is damage, and refused
 * @param operationsPendingMax operations that may wait for the running commit
 * @param bytesPendingMax bytes (of operations and texts) that may wait for the running commit
 */
public record JournalSettings(
        Durability durability,
        int zstdLevel,
        int versionsMax,
        long blockCacheBytes,
        long writeBufferBytes,
        long walMaxBytes,
        int openFilesMax,
        int backgroundJobs,
        long logFileBytes,
        int logFilesMax,
        long freeBytesMin,
        Duration recoverInterval,
        int tailCutMax,
        int operationsPendingMax,
        long bytesPendingMax) {
    public JournalSettings {
        if (versionsMax < 0 || versionsMax > 255) {
            throw new IllegalArgumentException(
                    "postdevai.lake.journal.versions-max is " + versionsMax + ", expected 0 to 255");
        }
    }

    /** Reads the settings from the node's whole configuration. */
    public static JournalSettings from(Config root) {
        Config config = root.getConfig("postdevai.lake.journal");
        return new JournalSettings(
                Durability.of(config.getString("durability")),
                config.getInt("zstd-level"),
                config.getInt("versions-max"),
                config.getBytes("block-cache"),
                config.getBytes("write-buffer"),
                config.getBytes("wal-max"),
                config.getInt("open-files-max"),
                config.getInt("background-jobs"),
                config.getBytes("log-file"),
                config.getInt("log-files-max"),
                config.getBytes("free-min"),
                config.getDuration("recover-interval"),
                config.getInt("tail-cut-max"),
                config.getInt("operations-pending-max"),
                config.getBytes("bytes-pending-max"));
    }
}
