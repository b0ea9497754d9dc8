package ai.postdev.dragon.lake;

import com.typesafe.config.Config;

/**
 * How a lake is folded from its journal; the keys are {@code postdevai.lake.replay.*} and explained in reference.conf.
 *
 * @param threads that fold beside the one that reads; 0: that one does all of it
 * @param batchOperationsMax operations handed over at once
 * @param batchBytesMax bytes, about, of operations handed over at once; a single operation may have more
 * @param batchesMax batches that are read and not folded in by every store yet
 */
public record ReplaySettings(int threads, int batchOperationsMax, long batchBytesMax, int batchesMax) {
    public ReplaySettings {
        if (threads < 0 || batchOperationsMax < 1 || batchesMax < 1) {
            throw new IllegalArgumentException("postdevai.lake.replay has threads " + threads
                    + ", batch-operations-max " + batchOperationsMax + " and batches-max " + batchesMax
                    + ", expected at least 0, 1 and 1");
        }
    }

    /** Reads {@code postdevai.lake.replay}. */
    public static ReplaySettings from(Config root) {
        Config config = root.getConfig("postdevai.lake.replay");
        return new ReplaySettings(
                config.getInt("threads"),
                config.getInt("batch-operations-max"),
                config.getBytes("batch-bytes-max"),
                config.getInt("batches-max"));
    }
}
