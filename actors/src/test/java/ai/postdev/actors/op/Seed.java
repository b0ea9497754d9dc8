package ai.postdev.actors.op;

import java.util.Random;

/** The seed of a run: printed, and settable by {@code -Dpostdevai.seed}, so that every failure can be had again. */
final class Seed {
    private Seed() {}

    static Random random(String test) {
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println(test + ": -Dpostdevai.seed=" + seed);
        return new Random(seed);
    }
}
