package ai.postdev.dragon.lake.retrieval;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** When an answer must be given, and what it lacks because of that. One request; one thread. */
final class Deadline {
    private final long nanos;
    private final Set<String> missing = new LinkedHashSet<>();

    private Deadline(long nanos) {
        this.nanos = nanos;
    }

    static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    /** By {@link System#nanoTime()}. */
    long nanos() {
        return nanos;
    }

    /** Whether it is too late for {@code part}; if so, the answer says that it is missing. */
    boolean passedFor(String part) {
        boolean passed = System.nanoTime() - nanos >= 0;
        if (passed) {
            missing.add(part + ": the deadline passed");
        }
        return passed;
    }

    void lacks(String reason) {
        missing.add(reason);
    }

    List<String> missing() {
        return new ArrayList<>(missing);
    }
}
