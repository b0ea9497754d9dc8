package ai.postdev.dragon.model;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How the embedder and its queue work.
 *
 * @param enabled whether there is an embedder at all
 * @param model name of the model that embeds what is new
 * @param loadAtStart load soon after the node's start instead of at the first need
 * @param loadAfter the start; its first seconds belong to opening lakes and first readings
 * @param threads that embed in the background
 * @param tokensMax tokens of a text that are looked at
 * @param batch chunks asked for and stored at once
 * @param askTimeout longest wait for a lake's answer
 * @param retryMin first wait after a refusal; doubles up to {@code retryMax}
 * @param retryMax longest wait after a refusal, and between looks for forgotten work
 * @param yieldMax longest wait of a background thread for running queries to end
 * @param projectsMax projects that the queue works for
 * @param queryCacheMax embeddings of queries that are kept
 * @param cacheDir where the tokenizer unpacks its native library
 */
public record EmbedderSettings(
        boolean enabled,
        String model,
        boolean loadAtStart,
        Duration loadAfter,
        int threads,
        int tokensMax,
        int batch,
        Duration askTimeout,
        Duration retryMin,
        Duration retryMax,
        Duration yieldMax,
        int projectsMax,
        int queryCacheMax,
        Path cacheDir) {
    private static final int MODEL_TOKENS_MAX = 512;

    public EmbedderSettings {
        if (threads < 1 || batch < 1 || projectsMax < 1 || queryCacheMax < 1) {
            throw new IllegalArgumentException("threads, batch, projects-max and query-cache-max of"
                    + " postdevai.models.embedder must be at least 1, found " + threads + ", " + batch + ", "
                    + projectsMax
                    + ", " + queryCacheMax);
        }
        if (tokensMax < 8 || tokensMax > MODEL_TOKENS_MAX) {
            throw new IllegalArgumentException(
                    "postdevai.models.embedder.tokens-max must be 8 to " + MODEL_TOKENS_MAX + ", found " + tokensMax);
        }
    }

    /**
     * Reads {@code postdevai.models.embedder}.
     *
     * @param cacheDir a folder of the node's home
     */
    public static EmbedderSettings from(Config config, Path cacheDir) {
        Config embedder = config.getConfig("postdevai.models.embedder");
        int threads = embedder.getInt("threads");
        return new EmbedderSettings(
                embedder.getBoolean("enabled"),
                embedder.getString("model"),
                embedder.getBoolean("load-at-start"),
                embedder.getDuration("load-after"),
                threads == 0 ? Math.max(1, Runtime.getRuntime().availableProcessors() / 2) : threads,
                embedder.getInt("tokens-max"),
                embedder.getInt("batch"),
                embedder.getDuration("ask-timeout"),
                embedder.getDuration("retry-min"),
                embedder.getDuration("retry-max"),
                embedder.getDuration("yield-max"),
                embedder.getInt("projects-max"),
                embedder.getInt("query-cache-max"),
                cacheDir);
    }
}
