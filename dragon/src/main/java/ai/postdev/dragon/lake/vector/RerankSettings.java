package ai.postdev.dragon.lake.vector;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How far the best of a search are read in full where memory keeps embeddings less exactly.
 *
 * @param max embeddings that one search reads at most, 0 to 10,000; 0: none
 * @param time after which one request reads no further embedding
 */
public record RerankSettings(int max, Duration time) {
    private static final int MOST = 10_000;

    public RerankSettings {
        if (max < 0 || max > MOST) {
            throw new IllegalArgumentException(
                    "postdevai.lake.vector.rerank-max must be from 0 to " + MOST + ", found " + max);
        }
        if (time.isNegative()) {
            throw new IllegalArgumentException("postdevai.lake.vector.rerank-time must not be negative, found " + time);
        }
    }

    /** Reads {@code postdevai.lake.vector}. */
    public static RerankSettings from(Config config) {
        Config vector = config.getConfig("postdevai.lake.vector");
        return new RerankSettings(vector.getInt("rerank-max"), vector.getDuration("rerank-time"));
    }
}
