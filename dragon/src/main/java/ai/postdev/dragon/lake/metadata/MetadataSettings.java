package ai.postdev.dragon.lake.metadata;

import com.typesafe.config.Config;

/**
 * Bounds of the metadata store.
 *
 * @param edgesMax versions of edges of one project that are held in memory; later ones stay in the journal only
 * @param nodesMax nodes of one project that are held in memory
 * @param settingHistoryMax values of one setting that are kept, the newest
 * @param cochangeFilesMax commits that touch more files say nothing about which files belong together
 */
public record MetadataSettings(int edgesMax, int nodesMax, int settingHistoryMax, int cochangeFilesMax) {
    public MetadataSettings {
        if (edgesMax < 1 || nodesMax < 1 || settingHistoryMax < 1 || cochangeFilesMax < 1) {
            throw new IllegalArgumentException(
                    "every bound under postdevai.lake.metadata must be at least 1, found edges "
                            + edgesMax + ", nodes " + nodesMax + ", setting history " + settingHistoryMax
                            + ", cochange files "
                            + cochangeFilesMax);
        }
    }

    /** Reads {@code postdevai.lake.metadata}. */
    public static MetadataSettings from(Config config) {
        Config metadata = config.getConfig("postdevai.lake.metadata");
        return new MetadataSettings(
                metadata.getInt("edges-max"),
                metadata.getInt("nodes-max"),
                metadata.getInt("setting-history-max"),
                metadata.getInt("cochange-files-max"));
    }
}
