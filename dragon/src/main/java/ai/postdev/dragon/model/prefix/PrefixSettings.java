package ai.postdev.dragon.model.prefix;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * What is kept of prompts; the keys are {@code postdevai.models.prefix.*} and explained in reference.conf.
 *
 * @param tokensMin shorter beginnings are not worth a copy
 * @param blockTokens keys and values are given back in blocks of so many
 * @param entriesMax sessions that are kept for one slot
 * @param halfLife of a use, when it is decided what is given up
 */
public record PrefixSettings(int tokensMin, int blockTokens, int entriesMax, Duration halfLife) {
    public PrefixSettings {
        if (tokensMin < 1 || blockTokens < 1 || entriesMax < 1 || !halfLife.isPositive()) {
            throw new IllegalArgumentException(
                    "postdevai.models.prefix expects tokens-min, block-tokens and entries-max of"
                            + " at least 1 and half-life above 0; found " + tokensMin + ", " + blockTokens + ", "
                            + entriesMax
                            + ", " + halfLife);
        }
    }

    /** Reads {@code postdevai.models.prefix}. */
    public static PrefixSettings from(Config root) {
        Config prefix = root.getConfig("postdevai.models.prefix");
        return new PrefixSettings(
                prefix.getInt("tokens-min"),
                prefix.getInt("block-tokens"),
                prefix.getInt("entries-max"),
                prefix.getDuration("half-life"));
    }
}
