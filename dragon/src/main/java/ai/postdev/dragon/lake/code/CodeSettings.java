package ai.postdev.dragon.lake.code;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Bounds of the code store, read once from {@code postdevai.lake.code}.
 *
 * @param textBytesMax bytes of text kept in memory; the rest is read from disk when needed
 * @param indexBytesMax bytes of the index of grams; texts beyond it are looked through by each search. 0 for none
 * @param grepThreads threads that look through texts for one query
 * @param parseThreads threads that parse, at most; each holds one text and its tree
 * @param parseAttemptsMax how often a text is tried whose parsing ended the process
 * @param parseTimeout after this a parse is given up and its thread left behind
 * @param parseThreadsLostMax threads that may be left behind before parsing stops
 */
public record CodeSettings(
        long textBytesMax,
        long indexBytesMax,
        int grepThreads,
        int parseThreads,
        int parseAttemptsMax,
        Duration parseTimeout,
        int parseThreadsLostMax) {
    public CodeSettings {
        atLeast(0, textBytesMax, "text-bytes-max");
        atLeast(0, indexBytesMax, "index-bytes-max");
        atLeast(1, grepThreads, "grep-threads");
        atLeast(1, parseThreads, "parse-threads");
        atLeast(1, parseAttemptsMax, "parse-attempts-max");
        atLeast(1, parseTimeout.toMillis(), "parse-timeout in milliseconds");
        atLeast(0, parseThreadsLostMax, "parse-threads-lost-max");
    }

    private static void atLeast(long least, long found, String key) {
        if (found < least) {
            throw new IllegalArgumentException(
                    "postdevai.lake.code." + key + " must be at least " + least + ", found " + found);
        }
    }

    /** Reads the settings from the whole configuration. */
    public static CodeSettings from(Config config) {
        Config code = config.getConfig("postdevai.lake.code");
        return new CodeSettings(
                code.getMemorySize("text-bytes-max").toBytes(),
                code.getMemorySize("index-bytes-max").toBytes(),
                threads(code.getInt("grep-threads")),
                threads(code.getInt("parse-threads")),
                code.getInt("parse-attempts-max"),
                code.getDuration("parse-timeout"),
                code.getInt("parse-threads-lost-max"));
    }

    /** 0 stands for one for each processor. */
    private static int threads(int configured) {
        return configured == 0 ? Runtime.getRuntime().availableProcessors() : configured;
    }
}
