package ai.postdev.dragon.lake.retrieval;

import com.typesafe.config.Config;

/**
 * Bounds on the code that {@code recall} shows as it was, read once from {@code postdevai.lake.retrieval.recall}.
 *
 * @param codeEvents events of an answer, the first ones, that get code
 * @param codeFiles files of one event
 * @param codeLines lines of a file, and lines of its change
 * @param codeBytesMax texts larger than this are not read for it
 */
public record RecallSettings(int codeEvents, int codeFiles, int codeLines, long codeBytesMax) {
    /** Shows no code. */
    static final RecallSettings NO_CODE = new RecallSettings(0, 0, 0, 0);

    /** Reads the settings from the node's whole configuration. */
    public static RecallSettings from(Config root) {
        Config config = root.getConfig("postdevai.lake.retrieval.recall");
        return new RecallSettings(
                config.getInt("code-events"),
                config.getInt("code-files"),
                config.getInt("code-lines"),
                config.getBytes("code-text-max"));
    }
}
