package ai.postdev.dragon.lake.backup;

import com.typesafe.config.Config;

/**
 * Bounds of backups, read once from {@code postdevai.backup}.
 *
 * @param partBytes size of a part, uncompressed, after which the next one begins
 * @param smallPartsMax parts at the end of a project, each smaller than an eighth of that, that may gather before they
 *     become one
 */
public record BackupSettings(long partBytes, int smallPartsMax) {
    /** Reads the settings from the whole configuration. */
    public static BackupSettings from(Config root) {
        Config config = root.getConfig("postdevai.backup");
        return new BackupSettings(config.getBytes("part-bytes"), config.getInt("small-parts-max"));
    }

    /** Parts below this size, uncompressed, are small. */
    long smallBytes() {
        return partBytes / 8;
    }
}
