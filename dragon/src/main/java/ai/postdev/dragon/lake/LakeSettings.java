package ai.postdev.dragon.lake;

import ai.postdev.dragon.lake.vector.RerankSettings;
import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Bounds of a lake; the keys are {@code postdevai.lake.*} and explained in reference.conf.
 *
 * @param appendsPendingMax writers that may wait for the journal, per lake
 * @param batchOperationsMax operations in one journal write
 * @param batchBytesMax text bytes in one journal write
 * @param openingPendingMax requests that may wait while a lake opens
 * @param snapshotOperations operations after which a snapshot is written
 * @param snapshotIdle quiet time after which a snapshot is written if anything changed
 * @param snapshotAtEndOperations unsaved operations from which on an orderly end writes a snapshot
 * @param readThreads threads that answer reads, for all lakes of the node
 * @param readsPendingMax reads that may wait for a thread, for all lakes of the node
 * @param readDeadline time a read may take before it answers with what it has
 * @param manifestPageMax entries in one page of a manifest
 * @param unembeddedMax chunks handed out for embedding at once
 * @param restoredMax embeddings read from the journal at once for texts that are back
 * @param refinePause time between two readings of embeddings that are to be kept in full again
 * @param rerank how far the best of a search by meaning are read in full while embeddings are kept less exactly
 */
public record LakeSettings(
        int appendsPendingMax,
        int batchOperationsMax,
        long batchBytesMax,
        int openingPendingMax,
        long snapshotOperations,
        Duration snapshotIdle,
        long snapshotAtEndOperations,
        int readThreads,
        int readsPendingMax,
        Duration readDeadline,
        int manifestPageMax,
        int unembeddedMax,
        int restoredMax,
        Duration refinePause,
        RerankSettings rerank) {
    /** Reads {@code postdevai.lake}. */
    public static LakeSettings from(Config root) {
        Config config = root.getConfig("postdevai.lake");
        return new LakeSettings(
                config.getInt("appends-pending-max"),
                config.getInt("batch-operations-max"),
                config.getBytes("batch-bytes-max"),
                config.getInt("opening-pending-max"),
                config.getLong("snapshot-operations"),
                config.getDuration("snapshot-idle"),
                config.getLong("snapshot-at-end-operations"),
                config.getInt("read-threads"),
                config.getInt("reads-pending-max"),
                config.getDuration("read-deadline"),
                config.getInt("manifest-page-max"),
                config.getInt("unembedded-max"),
                config.getInt("restored-max"),
                config.getDuration("refine-pause"),
                RerankSettings.from(root));
    }
}
