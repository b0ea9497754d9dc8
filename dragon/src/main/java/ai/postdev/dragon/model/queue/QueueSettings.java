package ai.postdev.dragon.model.queue;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * Bounds of a node's queue of requests; the keys are {@code postdevai.models.queue.*} and explained in reference.conf.
 *
 * @param classes bounds of each class
 * @param waitingPerCallerMax requests of one caller that wait
 * @param waitingBytesMax bytes of all that wait
 * @param callersMax callers whose use is remembered, for each class
 * @param loadsMax loads at once
 * @param reservedSequences of each slot that batch leaves free, if the slot has more
 * @param quantum so long a request runs before a more urgent one may put it aside
 * @param turn so long a model that was overdue is used before a more urgent one takes its place
 * @param retriesMax how often a request whose slot died before its first token is begun again
 * @param announceEvery waiting requests are told how they stand at most so often
 * @param serviceGuess what a request takes until one was seen
 * @param loadGuess what a load takes until one was seen
 * @param retryAfterMax the longest that a refused caller is told to wait
 */
public record QueueSettings(
        Map<WorkClass, ClassSettings> classes,
        int waitingPerCallerMax,
        long waitingBytesMax,
        int callersMax,
        int loadsMax,
        int reservedSequences,
        Duration quantum,
        Duration turn,
        int retriesMax,
        Duration announceEvery,
        Duration serviceGuess,
        Duration loadGuess,
        Duration retryAfterMax) {
    public QueueSettings {
        classes = Map.copyOf(classes);
        if (classes.size() != WorkClass.values().length
                || waitingPerCallerMax < 1
                || waitingBytesMax < 1
                || callersMax < 1
                || loadsMax < 1
                || reservedSequences < 0
                || retriesMax < 0
                || quantum.isNegative()
                || turn.isNegative()
                || !announceEvery.isPositive()
                || !serviceGuess.isPositive()
                || loadGuess.isNegative()
                || retryAfterMax.toSeconds() < 1) {
            throw new IllegalArgumentException("postdevai.models.queue expects every class, bounds of at least 1,"
                    + " reserved-sequences, retries-max and times of 0 or more, announce-every and service-guess above 0,"
                    + " and retry-after-max of at least 1s; found " + classes.keySet() + ", " + waitingPerCallerMax
                    + ", " + waitingBytesMax + ", " + callersMax + ", " + loadsMax + ", " + reservedSequences + ", "
                    + quantum + ", " + turn + ", " + retriesMax + ", " + announceEvery + ", " + serviceGuess + ", "
                    + loadGuess + ", " + retryAfterMax);
        }
    }

    /** Reads {@code postdevai.models.queue}. */
    public static QueueSettings from(Config root) {
        Config queue = root.getConfig("postdevai.models.queue");
        Map<WorkClass, ClassSettings> classes = new EnumMap<>(WorkClass.class);
        for (WorkClass workClass : WorkClass.values()) {
            classes.put(workClass, ClassSettings.from(queue.getConfig(workClass.id())));
        }
        return new QueueSettings(
                classes,
                queue.getInt("waiting-per-caller-max"),
                queue.getBytes("waiting-bytes-max"),
                queue.getInt("callers-max"),
                queue.getInt("loads-max"),
                queue.getInt("reserved-sequences"),
                queue.getDuration("quantum"),
                queue.getDuration("turn"),
                queue.getInt("retries-max"),
                queue.getDuration("announce-every"),
                queue.getDuration("service-guess"),
                queue.getDuration("load-guess"),
                queue.getDuration("retry-after-max"));
    }

    ClassSettings of(WorkClass workClass) {
        return classes.get(workClass);
    }
}
