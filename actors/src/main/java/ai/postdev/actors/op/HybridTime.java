package ai.postdev.actors.op;

import java.time.Instant;

/**
 * A hybrid logical time: milliseconds of the wall clock in the upper 48 bits, a counter in the lower 16. It never goes
 * back on one node, and orders a cause before its effect across nodes.
 *
 * <p>Source: Kulkarni et al., "Logical Physical Clocks and Consistent Snapshots in Globally Distributed Databases",
 * 2014.
 */
public record HybridTime(long value) implements Comparable<HybridTime> {
    static final int COUNTER_BITS = 16;
    static final long COUNTER_MAX = (1L << COUNTER_BITS) - 1;

    /** The time before every other. */
    public static final HybridTime ZERO = new HybridTime(0);

    /** Builds a time from its parts. */
    public static HybridTime of(long millis, long counter) {
        if (millis < 0 || millis >= 1L << (64 - COUNTER_BITS) || counter < 0 || counter > COUNTER_MAX) {
            throw new IllegalArgumentException("hybrid time out of range: millis " + millis + ", counter " + counter);
        }
        return new HybridTime((millis << COUNTER_BITS) | counter);
    }

    /** Milliseconds since the epoch. */
    public long millis() {
        return value >>> COUNTER_BITS;
    }

    /** Order within one millisecond. */
    public long counter() {
        return value & COUNTER_MAX;
    }

    /** The wall-clock part. */
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public int compareTo(HybridTime other) {
        return Long.compareUnsigned(value, other.value);
    }
}
