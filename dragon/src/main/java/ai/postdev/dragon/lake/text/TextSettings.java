package ai.postdev.dragon.lake.text;

import com.typesafe.config.Config;

/**
 * Bounds of the ranked-text index, read once from {@code postdevai.lake.text}.
 *
 * @param ramBufferMegabytes text that is gathered in memory before a segment is written
 * @param commitBytes of text after which the index is made durable; what came later is indexed again after a crash
 * @param threads that analyse text beside each other; 0: the writer's own
 */
public record TextSettings(int ramBufferMegabytes, long commitBytes, int threads) {
    static final TextSettings IN_MEMORY = new TextSettings(16, Long.MAX_VALUE, 0);

    /** Lucene keeps a part of the index in memory for each thread that writes, so more of them cost memory. */
    private static final int THREADS_MAX = 4;

    /** Reads the settings from the node's whole configuration. */
    public static TextSettings from(Config root) {
        Config config = root.getConfig("postdevai.lake.text");
        int threads = config.getInt("index-threads");
        return new TextSettings(
                config.getInt("ram-buffer-megabytes"),
                config.getBytes("commit-after"),
                threads > 0
                        ? threads
                        : Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors()));
    }
}
