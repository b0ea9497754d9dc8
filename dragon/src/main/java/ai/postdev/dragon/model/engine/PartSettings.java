package ai.postdev.dragon.model.engine;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * In which parts llama.cpp is given long prompts, so that whoever reads them can stop in between; the keys are
 * {@code postdevai.models.prompt-parts.*} and explained in reference.conf.
 *
 * @param time that reading a part is to take; over 0
 * @param tokensMin of a part; at least 1
 * @param tokensMax of a part; at least {@code tokensMin}
 */
public record PartSettings(Duration time, int tokensMin, int tokensMax) {
    public PartSettings {
        if (!time.isPositive() || tokensMin < 1 || tokensMax < tokensMin) {
            throw new IllegalArgumentException(
                    "postdevai.models.prompt-parts expects a time over 0, tokens-min of at least 1"
                            + " and tokens-max of at least that; found " + time.toMillis() + " ms, " + tokensMin + ", "
                            + tokensMax);
        }
    }

    /** Reads {@code postdevai.models.prompt-parts}. */
    static PartSettings from(Config root) {
        Config parts = root.getConfig("postdevai.models.prompt-parts");
        return new PartSettings(parts.getDuration("time"), parts.getInt("tokens-min"), parts.getInt("tokens-max"));
    }
}
