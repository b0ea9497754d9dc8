package ai.postdev.dragon.model.metrics;

/**
 * What one answer took. Times are milliseconds, and parts of them, of one clock that never goes back.
 *
 * @param queueMillis that the request waited until its slot began with it, without any load
 * @param loadMillis that it waited for its model to be loaded; 0 if it was
 * @param prefillMillis from the beginning to the first token
 * @param decodeMillis from the first token to the last
 * @param promptTokens of the prompt
 * @param cachedTokens of them that need not be read again
 * @param answerTokens of the answer, with the first
 */
public record AnswerTiming(
        double queueMillis,
        double loadMillis,
        double prefillMillis,
        double decodeMillis,
        long promptTokens,
        long cachedTokens,
        long answerTokens) {
    public AnswerTiming {
        if (!(queueMillis >= 0 && loadMillis >= 0 && prefillMillis >= 0 && decodeMillis >= 0)
                || cachedTokens < 0
                || cachedTokens > promptTokens
                || answerTokens < 0) {
            throw new IllegalArgumentException(
                    "an answer takes times of 0 or more, and of its prompt no more is cached than"
                            + " there is; found " + queueMillis + ", " + loadMillis + ", " + prefillMillis + ", "
                            + decodeMillis
                            + " ms, " + cachedTokens + " of " + promptTokens + " and " + answerTokens + " tokens");
        }
    }

    /** From the request to the first token: what a person waits for. */
    public double firstTokenMillis() {
        return queueMillis + loadMillis + prefillMillis;
    }

    /** Between two tokens, on average; 0 if there are not two. */
    public double interTokenMillis() {
        return answerTokens < 2 ? 0 : decodeMillis / (answerTokens - 1);
    }

    /** Tokens of the prompt that were read in a second, those from the cache not counted; 0 if none was. */
    public double prefillTokensPerSecond() {
        return perSecond(promptTokens - cachedTokens, prefillMillis);
    }

    /** Tokens of the answer in a second, after the first; 0 if there is none. */
    public double decodeTokensPerSecond() {
        return perSecond(answerTokens - 1, decodeMillis);
    }

    private static double perSecond(long tokens, double millis) {
        return tokens <= 0 || millis <= 0 ? 0 : 1_000 * tokens / millis;
    }
}
