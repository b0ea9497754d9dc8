package ai.postdev.dragon.lake.metadata;

import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Origin;
import java.util.Comparator;

/**
 * A value that a setting was given.
 *
 * @param value empty: the setting was removed
 */
public record SettingValue(String value, HybridTime time, Origin origin, long sequence) {
    /** Winner first: the last writer by hybrid time; at equal times the greater origin, on every replica alike. */
    static final Comparator<SettingValue> WINNER_FIRST = Comparator.comparing(SettingValue::time)
            .thenComparing(SettingValue::origin)
            .thenComparingLong(SettingValue::sequence)
            .reversed();
}
