package ai.postdev.dragon.lake.vector;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntPredicate;

/** Looks at every row. Any thread. */
final class ExactScan {
    private ExactScan() {}

    /**
     * The best of the rows below a bound.
     *
     * @param ordinalsBound only vectors below it count
     * @param rowsBound only rows below it are looked at
     */
    static TopK nearest(
            VectorRows rows,
            VectorKernel kernel,
            int ordinalsBound,
            int rowsBound,
            float[] unitQuery,
            int k,
            IntPredicate accept) {
        TopK best = new TopK();
        best.reset(Math.min(k, ordinalsBound));
        float[] query = Arrays.copyOf(unitQuery, rows.length());
        float[] scores = new float[rows.slabRows()];
        for (int first = 0; first < rowsBound && k > 0; first += scores.length) {
            int count = Math.min(scores.length, rowsBound - first);
            rows.slab(first).scores(kernel, count, query, scores);
            for (int i = 0; i < count; i++) {
                if (scores[i] >= best.threshold()) {
                    int ordinal = rows.ordinal(first + i);
                    if (ordinal >= 0 && ordinal < ordinalsBound && accept.test(ordinal)) {
                        // again, now that the row is known to be this vector's: it may have changed hands meanwhile
                        float score = rows.dot(kernel, ordinal, first + i, query);
                        if (score >= best.threshold() && rows.stands(ordinal, first + i)) {
                            best.offer(ordinal, first + i, score);
                        }
                    }
                }
            }
        }
        best.sort();
        return best;
    }

    /** The best of some vectors, each looked at. */
    static TopK nearestOf(
            VectorRows rows, VectorKernel kernel, int ordinalsBound, float[] unitQuery, int k, BitSet allowed) {
        TopK best = new TopK();
        best.reset(Math.min(k, ordinalsBound));
        float[] query = Arrays.copyOf(unitQuery, rows.length());
        for (int ordinal = allowed.nextSetBit(0);
                ordinal >= 0 && ordinal < ordinalsBound && k > 0;
                ordinal = allowed.nextSetBit(ordinal + 1)) {
            int row = rows.row(ordinal);
            if (row >= 0) {
                float score = rows.dot(kernel, ordinal, row, query);
                if (score >= best.threshold() && rows.stands(ordinal, row)) {
                    best.offer(ordinal, row, score);
                }
            }
        }
        best.sort();
        return best;
    }

    static void check(float[] query, int dimensions) {
        if (query.length != dimensions) {
            throw new IllegalArgumentException(
                    "a query of " + query.length + " numbers, this index holds vectors of " + dimensions);
        }
    }
}
