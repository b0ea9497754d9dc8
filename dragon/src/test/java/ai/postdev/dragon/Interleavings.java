package ai.postdev.dragon;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * Checks that a concurrent structure is linearizable: whatever threads do to it beside each other, each gets answers that
 * some order of the same calls, one after the other, would have given. Calls come from Lincheck (Koval et al., "Lincheck:
 * A Practical Framework for Testing Concurrent Data Structures on JVM", CAV 2023), which is not random between runs.
 */
public final class Interleavings {
    private static final int SCENARIOS = 10;
    private static final int SWITCHINGS = 100;
    private static final int RUNS = 500;
    /** A loop that goes on for longer is taken for one that never ends. */
    private static final int LOOP_STEPS_MAX = 20_000;

    private Interleavings() {}

    /** Goes through orders in which the threads' reads and writes can follow each other, as far as there is time. */
    public static void explore(Class<?> operations) {
        new ModelCheckingOptions()
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(0)
                .actorsAfter(1)
                .iterations(SCENARIOS)
                .invocationsPerIteration(SWITCHINGS)
                .loopBound(LOOP_STEPS_MAX)
                .check(operations);
    }

    /** Lets real threads run into each other on this machine, for what works outside the heap. */
    public static void stress(Class<?> operations) {
        new StressOptions()
                .threads(3)
                .actorsPerThread(4)
                .actorsBefore(1)
                .actorsAfter(1)
                .iterations(SCENARIOS)
                .invocationsPerIteration(RUNS)
                .check(operations);
    }
}
