package ai.postdev.dragon.lake.text;

import com.typesafe.config.Config;

/**
 * Bounds of the ranked-text index, read once from {@code postdevai.lake.text}.
 *
 * @param ramBufferMegabytes text that is gathered in memory before a segment is written
 * @param commitBytes of text after which the index is made durable; what came later is indexed again after a crash
 */
public record TextSettings(int ramBufferMegabytes, long commitBytes) {
    static final TextSettings IN_MEMORY = new TextSettings(16, Long.MAX_VALUE);

    /** Reads the settings from the node's whole configuration. */
    public static TextSettings from(Config root) {
        Config config = root.getConfig("postdevai.lake.text");
        return new TextSettings(config.getInt("ram-buffer-megabytes"), config.getBytes("commit-after"));
    }
}
