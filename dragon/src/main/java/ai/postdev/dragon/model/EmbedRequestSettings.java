package ai.postdev.dragon.model;

import com.typesafe.config.Config;

/**
 * Bounds of what callers have embedded; the keys are {@code postdevai.models.embedder.requests.*}.
 *
 * @param threads that embed for callers
 * @param textsMax of one request
 * @param waitingMax texts of all requests that are not over
 * @param waitingBytesMax of those texts
 */
public record EmbedRequestSettings(int threads, int textsMax, int waitingMax, long waitingBytesMax) {
    public EmbedRequestSettings {
        if (threads < 1 || textsMax < 1 || waitingMax < textsMax || waitingBytesMax < 1) {
            throw new IllegalArgumentException(
                    "postdevai.models.embedder.requests expects at least 1 thread, 1 text and 1"
                            + " byte, and waiting-max of at least texts-max; found " + threads + ", " + textsMax + ", "
                            + waitingBytesMax + ", " + waitingMax);
        }
    }

    /** Reads {@code postdevai.models.embedder.requests}. */
    public static EmbedRequestSettings from(Config config) {
        Config requests = config.getConfig("postdevai.models.embedder.requests");
        int threads = requests.getInt("threads");
        return new EmbedRequestSettings(
                threads == 0 ? Math.max(1, Runtime.getRuntime().availableProcessors() / 2) : threads,
                requests.getInt("texts-max"),
                requests.getInt("waiting-max"),
                requests.getBytes("waiting-bytes-max"));
    }
}
