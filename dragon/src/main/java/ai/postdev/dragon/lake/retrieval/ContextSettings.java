package ai.postdev.dragon.lake.retrieval;

import com.typesafe.config.Config;

/**
 * Bounds of packing a context, read once from {@code postdevai.lake.context}.
 *
 * @param tokensDefault budget when the request names none
 * @param tokensMin a smaller budget is refused: nothing useful fits
 * @param tokensMax a larger budget is refused
 * @param passagesMax passages that are looked at
 * @param passageLinesMax lines to which a passage is widened so that it shows a whole definition
 * @param scoreShareMin passages with less than this share of the best one's score are not evidence
 * @param fileShare part of the budget that one file may take while others have something to say
 * @param itemShare part of the budget up to which a passage is widened
 * @param factsShare part of the budget that is kept for facts
 * @param factsMax facts that are looked at
 * @param definitionsMax definitions of names used at a place that are followed
 */
public record ContextSettings(
        int tokensDefault,
        int tokensMin,
        int tokensMax,
        int passagesMax,
        int passageLinesMax,
        double scoreShareMin,
        double fileShare,
        double itemShare,
        double factsShare,
        int factsMax,
        int definitionsMax) {
    /** Reads the settings from the node's whole configuration. */
    public static ContextSettings from(Config root) {
        Config config = root.getConfig("postdevai.lake.context");
        return new ContextSettings(
                config.getInt("tokens-default"),
                config.getInt("tokens-min"),
                config.getInt("tokens-max"),
                config.getInt("passages-max"),
                config.getInt("passage-lines-max"),
                config.getDouble("score-share-min"),
                config.getDouble("file-share"),
                config.getDouble("item-share"),
                config.getDouble("facts-share"),
                config.getInt("facts-max"),
                config.getInt("definitions-max"));
    }
}
