package ai.postdev.dragon.model.fallback;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who answers instead; the keys are {@code postdevai.models.fallback.*} and explained in reference.conf.
 *
 * @param chains by task, the models that answer instead, in their order; {@code default} for tasks without one
 * @param attemptsMax how often a request is tried in all, at least 1
 * @param overloadWait a model that makes one wait longer is passed over, if another does not
 */
public record FallbackSettings(Map<String, List<String>> chains, int attemptsMax, Duration overloadWait) {
    private static final String DEFAULT = "default";

    public FallbackSettings {
        Map<String, List<String>> copy = new HashMap<>();
        chains.forEach((task, chain) -> copy.put(task, List.copyOf(chain)));
        chains = Map.copyOf(copy);
        if (attemptsMax < 1 || overloadWait.isNegative()) {
            throw new IllegalArgumentException("postdevai.models.fallback expects attempts-max of at least 1 and"
                    + " overload-wait of 0 or more, found " + attemptsMax + " and " + overloadWait);
        }
    }

    /** Reads {@code postdevai.models.fallback}. */
    public static FallbackSettings from(Config root) {
        Config fallback = root.getConfig("postdevai.models.fallback");
        Map<String, List<String>> chains = new HashMap<>();
        for (Map.Entry<String, ConfigValue> chain :
                fallback.getConfig("chains").root().entrySet()) {
            chains.put(chain.getKey(), fallback.getConfig("chains").getStringList("\"" + chain.getKey() + "\""));
        }
        return new FallbackSettings(chains, fallback.getInt("attempts-max"), fallback.getDuration("overload-wait"));
    }

    /** The models that answer instead in a task, in their order. */
    public List<String> chain(String task) {
        return chains.getOrDefault(task, chains.getOrDefault(DEFAULT, List.of()));
    }
}
