package ai.postdev.dragon.model.queue;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Bounds of one class of requests.
 *
 * @param waitingMax requests that wait; at least 1
 * @param patience after so long without a start for a model, the class gets the next free sequence before more urgent ones
 * @param collationWait so long another model's requests of the class let a loaded model go on before it makes room
 * @param waitMax so long a request waits to be begun at most
 */
public record ClassSettings(int waitingMax, Duration patience, Duration collationWait, Duration waitMax) {
    public ClassSettings {
        if (waitingMax < 1 || patience.isNegative() || collationWait.isNegative() || !waitMax.isPositive()) {
            throw new IllegalArgumentException("a class of postdevai.models.queue expects waiting-max of at least 1,"
                    + " patience and collation-wait of 0 or more and wait-max above 0; found " + waitingMax + ", "
                    + patience + ", " + collationWait + ", " + waitMax);
        }
    }

    static ClassSettings from(Config config) {
        return new ClassSettings(
                config.getInt("waiting-max"),
                config.getDuration("patience"),
                config.getDuration("collation-wait"),
                config.getDuration("wait-max"));
    }
}
