package ai.postdev.dragon.lake;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Random input whose seed is printed and can be set again by {@code -Dpostdevai.seed}. */
public final class Seeded {
    /** Project of the operations made here. */
    public static final ProjectId PROJECT = new ProjectId("p1");
    /** Origin of the operations made here, unless another is given. */
    public static final Origin ORIGIN = new Origin("node-a");

    private Seeded() {}

    /** A random source; its seed is printed. */
    public static Random random(String test) {
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println(test + ": -Dpostdevai.seed=" + seed);
        return new Random(seed);
    }

    /** An operation of {@link #ORIGIN}. */
    public static Operation operation(long sequence, long millis, Body body) {
        return operation(ORIGIN, sequence, millis, body);
    }

    /** An operation. */
    public static Operation operation(Origin origin, long sequence, long millis, Body body) {
        return new Operation(PROJECT, origin, sequence, HybridTime.of(millis, 0), body);
    }

    /** So many operations one after the other, a millisecond apart. */
    public static List<Operation> operations(int count, Supplier<Body> bodies) {
        List<Operation> operations = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            operations.add(operation(i, 1_000_000L + i, bodies.get()));
        }
        return operations;
    }
}
