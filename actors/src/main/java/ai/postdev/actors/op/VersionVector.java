package ai.postdev.actors.op;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** For each origin the highest sequence seen. Two replicas with equal vectors hold the same operations. Immutable. */
public record VersionVector(Map<Origin, Long> sequences) {
    /** Nothing seen yet. */
    public static final VersionVector EMPTY = new VersionVector(Map.of());

    public VersionVector {
        TreeMap<Origin, Long> sorted = new TreeMap<>(sequences);
        sorted.forEach((origin, sequence) -> {
            if (sequence < 1) {
                throw new IllegalArgumentException("sequence of " + origin + " must be at least 1, found " + sequence);
            }
        });
        sequences = Collections.unmodifiableMap(sorted);
    }

    /** The highest sequence of {@code origin}, 0 if none was seen. */
    public long sequence(Origin origin) {
        return sequences.getOrDefault(origin, 0L);
    }

    /** This vector with {@code origin} advanced to at least {@code sequence}. */
    public VersionVector with(Origin origin, long sequence) {
        if (sequence <= sequence(origin)) {
            return this;
        }
        TreeMap<Origin, Long> next = new TreeMap<>(sequences);
        next.put(origin, sequence);
        return new VersionVector(next);
    }

    /** The least vector that covers both. */
    public VersionVector merge(VersionVector other) {
        TreeMap<Origin, Long> merged = new TreeMap<>(sequences);
        other.sequences.forEach((origin, sequence) -> merged.merge(origin, sequence, Math::max));
        return new VersionVector(merged);
    }

    /** Whether everything in {@code other} has been seen here. */
    public boolean covers(VersionVector other) {
        return other.sequences.entrySet().stream().allMatch(e -> sequence(e.getKey()) >= e.getValue());
    }
}
