package ai.postdev.coordinator.metrics;

import ai.postdev.actors.door.FaultCode;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** How the calls of a node went. Any thread; recording neither waits nor allocates. */
public final class CallFigures {
    private static final int CODES = FaultCode.values().length;

    private final Map<Call, Histogram> durations = new EnumMap<>(Call.class);
    private final Map<Call, AtomicLongArray> outcomes = new EnumMap<>(Call.class);

    /** None went yet. */
    public CallFigures() {
        for (Call call : Call.values()) {
            durations.put(call, new Histogram());
            outcomes.put(call, new AtomicLongArray(CODES));
        }
    }

    /** A call ended like this after so many nanoseconds. */
    public void ended(Call call, FaultCode outcome, long nanos) {
        durations.get(call).record(nanos);
        outcomes.get(call).incrementAndGet(outcome.ordinal());
    }

    Histogram.Figures durations(Call call) {
        return durations.get(call).figures();
    }

    /** How often the call ended like this. */
    public long count(Call call, FaultCode outcome) {
        return outcomes.get(call).get(outcome.ordinal());
    }
}
