package ai.postdev.dragon.disk;

import java.util.Random;

/** How much of something survives. */
final class Chance {
    private Chance() {}

    /** From 0 to 1, with nothing and all more often than anything between: the ends are where faults hide. */
    static double fraction(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> 1;
            default -> random.nextDouble();
        };
    }
}
