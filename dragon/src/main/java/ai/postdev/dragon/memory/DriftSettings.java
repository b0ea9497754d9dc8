package ai.postdev.dragon.memory;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * When memory that nobody accounts for is too much; the keys are {@code postdevai.memory.drift.*}.
 *
 * @param ratio of the budget, above 0: from there on it is
 * @param hysteresis so much below the ratio it is no longer, from 0 to the ratio
 * @param after so long it must have been, before that counts
 * @param every so often it is looked at
 */
record DriftSettings(double ratio, double hysteresis, Duration after, Duration every) {
    DriftSettings {
        if (!(ratio > 0) || hysteresis < 0 || hysteresis > ratio || after.isNegative() || !every.isPositive()) {
            throw new IllegalArgumentException("postdevai.memory.drift expects a ratio above 0, a hysteresis from 0 to"
                    + " the ratio, and times of which every is above 0; found ratio " + ratio + ", hysteresis "
                    + hysteresis + ", after " + after + ", every " + every);
        }
    }

    static DriftSettings from(Config drift) {
        return new DriftSettings(
                drift.getDouble("ratio"),
                drift.getDouble("hysteresis"),
                drift.getDuration("after"),
                drift.getDuration("every"));
    }
}
