package ai.postdev.dragon.lake.history;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the history lets go of, read once from {@code postdevai.lake.history.retention}.
 *
 * @param rules at most one for a kind; none: every event is kept
 * @param every time between two looks
 * @param dropMax events that one operation drops
 * @param giveBackMin bytes erased in the journal from which on its files are rewritten without them
 * @param foldShare share of dropped events in memory from which on the history is folded anew without them
 * @param foldBehindMax operations that may come meanwhile; more, and it is tried again at the next look
 */
public record RetentionSettings(
        List<RetentionRule> rules, Duration every, int dropMax, long giveBackMin, double foldShare, int foldBehindMax) {
    public RetentionSettings {
        rules = List.copyOf(rules);
        Set<String> kinds = new HashSet<>();
        for (RetentionRule rule : rules) {
            if (!kinds.add(rule.kind())) {
                throw new IllegalArgumentException("postdevai.lake.history.retention.rules has two rules for '"
                        + rule.kind() + "'; give one with both bounds");
            }
        }
        if (every.isZero() || every.isNegative() || dropMax < 1 || foldShare <= 0 || foldBehindMax < 1) {
            throw new IllegalArgumentException(
                    "postdevai.lake.history.retention: every, drop-max, fold-share and fold-behind-max must be above 0");
        }
    }

    /** Reads the settings from the node's whole configuration. */
    public static RetentionSettings from(Config root) {
        Config config = root.getConfig("postdevai.lake.history.retention");
        List<RetentionRule> rules = new ArrayList<>();
        for (Config rule : config.getConfigList("rules")) {
            rules.add(new RetentionRule(
                    rule.getString("kind"),
                    rule.hasPath("max-age") ? Optional.of(rule.getDuration("max-age")) : Optional.empty(),
                    rule.hasPath("max-bytes") ? Optional.of(rule.getBytes("max-bytes")) : Optional.empty()));
        }
        return new RetentionSettings(
                rules,
                config.getDuration("every"),
                config.getInt("drop-max"),
                config.getBytes("give-back-min"),
                config.getDouble("fold-share"),
                config.getInt("fold-behind-max"));
    }
}
