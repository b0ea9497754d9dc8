package ai.postdev.mlx;

/**
 * How a token is drawn from the model's answer.
 *
 * @param temperature 0 takes the most likely token; 1 draws as the model says; up to 10
 * @param topK only the k most likely tokens, 0 for all
 * @param topP only the most likely tokens that together have this probability, 1 for all
 * @param minP only tokens with at least this share of the most likely one's probability, 0 for all
 * @param repetitionPenalty above 1 makes tokens that were there less likely; 1 for none
 * @param repetitionWindow how many of the last tokens count as having been there
 */
public record Sampling(
        double temperature, int topK, double topP, double minP, double repetitionPenalty, int repetitionWindow) {
    /** The most likely token, always. */
    public static final Sampling GREEDY = new Sampling(0, 0, 1, 0, 1, 0);

    /** Refuses values out of bounds. */
    public Sampling {
        require(temperature >= 0 && temperature <= 10, "temperature", "0 to 10", temperature);
        require(topK >= 0, "topK", "0 or more", topK);
        require(topP > 0 && topP <= 1, "topP", "above 0 and at most 1", topP);
        require(minP >= 0 && minP <= 1, "minP", "0 to 1", minP);
        require(repetitionPenalty > 0 && repetitionPenalty <= 10, "repetitionPenalty", "0 to 10", repetitionPenalty);
        require(repetitionWindow >= 0, "repetitionWindow", "0 or more", repetitionWindow);
    }

    private static void require(boolean holds, String name, String range, double value) {
        if (!holds) {
            throw new IllegalArgumentException(name + " must be " + range + ", not " + value);
        }
    }
}
