package ai.postdev.dragon.lake.retrieval;

import com.typesafe.config.Config;

/**
 * Bounds on the search for the shortest way between two things, read once from {@code postdevai.lake.retrieval.path}.
 *
 * @param stepsMax edges of a way
 * @param edgesMax edges looked at; at the bound the answer is not complete
 */
public record PathSettings(int stepsMax, int edgesMax) {
    /** Reads the settings from the node's whole configuration. */
    public static PathSettings from(Config root) {
        Config config = root.getConfig("postdevai.lake.retrieval.path");
        return new PathSettings(config.getInt("steps-max"), config.getInt("edges-max"));
    }
}
