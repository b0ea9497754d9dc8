package ai.postdev.dragon.lake.vector;

/**
 * How hard a search looks.
 *
 * @param probes lists to look into for the nearest ten
 * @param growth how the lists to look into grow with the number of neighbours wanted: its power
 * @param reach with a filter, lists are looked into whose centre's product with the query is at most so much below the
 *     last of the best: what is accepted may lie far away, in lists that are near to nothing
 * @param near without a filter, a list after the first few is looked into only if its centre's product with the query is at
 *     most so much below the last of the best so far, in units of how far its vectors lie from its centre; from 0 on, infinite:
 *     each is looked into
 * @param margin vectors whose estimate is at most so much (inner product) below the last of the best are read in full
 */
public record Effort(double probes, double growth, float reach, float near, float margin) {
    static final int TEN = 10;

    private static final int FEW = 2;
    private static final int FEW_SHARE = 8;

    public Effort {
        if (!(probes >= 1) || !(growth >= 0) || !(reach >= 0) || !(near >= 0) || !(margin >= 0)) {
            throw new IllegalArgumentException(
                    "effort needs at least one list and no negative growth, reach, nearness or margin, found " + probes
                            + ", " + growth + ", " + reach + ", " + near + ", " + margin);
        }
    }

    /**
     * Lists to look into for so many neighbours.
     *
     * @param neighbours with a filter: wanted ones divided by the share that the filter accepts
     */
    int probes(double neighbours) {
        return (int) Math.min(1 << 20, Math.ceil(probes * Math.pow(Math.max(1, neighbours / TEN), growth)));
    }

    /** Vectors that are read in full to learn how good the last of the best is. */
    static int first(int k) {
        return k + k / 2 + 6;
    }

    /** Lists that are looked into whatever they may hold, of so many. */
    static int few(int lists) {
        return Math.min(lists, Math.max(FEW, (lists + FEW_SHARE - 1) / FEW_SHARE));
    }

    Effort withProbes(double other) {
        return new Effort(other, growth, reach, near, margin);
    }

    Effort withNear(float other) {
        return new Effort(probes, growth, reach, other, margin);
    }

    Effort withMargin(float other) {
        return new Effort(probes, growth, reach, near, other);
    }
}
