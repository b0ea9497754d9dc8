package ai.postdev.dragon.lake.past;

import com.typesafe.config.Config;

/**
 * Bounds on the past commits that one lake holds in memory, read once from {@code postdevai.lake.past}.
 *
 * @param treesMax commits held at once; the one asked about longest ago makes room
 * @param textBytesMax bytes of text held that the lake's own store does not have, all commits together
 * @param filesMax files of one commit
 */
public record PastSettings(int treesMax, long textBytesMax, int filesMax) {
    public PastSettings {
        if (treesMax < 1 || textBytesMax < 0 || filesMax < 1) {
            throw new IllegalArgumentException(
                    "postdevai.lake.past: trees-max and files-max must be at least 1 and text-bytes-max at least 0,"
                            + " found "
                            + treesMax + ", " + filesMax + " and " + textBytesMax);
        }
    }

    /** Reads the settings from the whole configuration. */
    public static PastSettings from(Config root) {
        Config config = root.getConfig("postdevai.lake.past");
        return new PastSettings(
                config.getInt("trees-max"),
                config.getMemorySize("text-bytes-max").toBytes(),
                config.getInt("files-max"));
    }
}
