package ai.postdev.actors.door;

import java.util.Random;

/** The random source of a test; its seed is printed, and set by {@code -Dpostdevai.seed}. */
final class Seeds {
    private Seeds() {}

    static Random random() {
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println("seed " + seed + " (repeat with -Dpostdevai.seed=" + seed + ")");
        return new Random(seed);
    }
}
