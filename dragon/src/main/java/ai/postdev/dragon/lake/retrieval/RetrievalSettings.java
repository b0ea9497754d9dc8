package ai.postdev.dragon.lake.retrieval;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Bounds of retrieval, read once from {@code postdevai.lake.retrieval}.
 *
 * @param hitsDefault hits or events of an answer when the request names no limit
 * @param hitsMax a larger limit is cut to this
 * @param passagesMax passages that take part in ranking
 * @param neighboursMax chunks near in meaning that take part in ranking
 * @param snippetLinesMax lines of a hit
 * @param queryCharactersMax longer queries are refused
 * @param deadline after which a search answers with what it has
 * @param pastBytesMax text that is indexed anew for a search in the past; more makes such an answer incomplete
 * @param backlogBytesMax text that one search indexes of what is not indexed yet, the most promising first
 * @param meaningAloneMin least cosine of what is found by meaning when no word of the query occurs anywhere
 * @param context bounds of packing a context
 * @param recall bounds on the code that recall shows as it was
 * @param path bounds on the search for a way between two things
 */
public record RetrievalSettings(
        int hitsDefault,
        int hitsMax,
        int passagesMax,
        int neighboursMax,
        int snippetLinesMax,
        int queryCharactersMax,
        Duration deadline,
        long pastBytesMax,
        long backlogBytesMax,
        double meaningAloneMin,
        ContextSettings context,
        RecallSettings recall,
        PathSettings path) {
    /** Reads the settings from the node's whole configuration. */
    public static RetrievalSettings from(Config root) {
        Config config = root.getConfig("postdevai.lake.retrieval");
        return new RetrievalSettings(
                config.getInt("hits-default"),
                config.getInt("hits-max"),
                config.getInt("passages-max"),
                config.getInt("neighbours-max"),
                config.getInt("snippet-lines-max"),
                config.getInt("query-characters-max"),
                config.getDuration("deadline"),
                config.getBytes("past-text-max"),
                config.getBytes("backlog-text-max"),
                config.getDouble("meaning-alone-min"),
                ContextSettings.from(root),
                RecallSettings.from(root),
                PathSettings.from(root));
    }
}
