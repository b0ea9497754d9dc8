package ai.postdev.dragon.lake.vector;

import java.lang.ref.Reference;
import java.util.BitSet;
import java.util.function.IntPredicate;

/**
 * The vectors of an index that were there at some moment, without those removed since, looked at one by one. Any thread.
 *
 * @param readers of the index, so that no memory is freed meanwhile
 * @param ordinals the vectors are below it
 * @param bound their rows are below it
 */
record BoundedRows(VectorRows rows, Readers readers, VectorKernel kernel, int ordinals, int bound) {
    /** What {@code rows} holds now. Called by its writer. */
    static BoundedRows of(VectorRows rows, Readers readers, VectorKernel kernel) {
        return new BoundedRows(rows, readers, kernel, rows.ordinals(), rows.rows());
    }

    /** The best by inner product, best first. */
    TopK nearest(float[] unitQuery, int k, IntPredicate accept) {
        ExactScan.check(unitQuery, rows.dimensions());
        Readers.Visit visit = readers.enter();
        try {
            return ExactScan.nearest(rows, kernel, ordinals, bound, unitQuery, k, accept);
        } finally {
            visit.leave();
            Reference.reachabilityFence(rows);
        }
    }

    /** As {@link VectorIndex.Reader#nearest(float[], int, IntPredicate, int[], float[])}. */
    int nearest(float[] unitQuery, int k, IntPredicate accept, int[] foundOrdinals, float[] scores) {
        TopK best = nearest(unitQuery, k, accept);
        for (int i = 0; i < best.held(); i++) {
            foundOrdinals[i] = best.ordinal(i);
            scores[i] = best.score(i);
        }
        return best.held();
    }

    /** The best of some vectors by inner product. */
    VectorIndex.Found nearestOf(float[] unitQuery, int k, BitSet allowed) {
        ExactScan.check(unitQuery, rows.dimensions());
        Readers.Visit visit = readers.enter();
        try {
            return ExactScan.nearestOf(rows, kernel, ordinals, unitQuery, k, allowed)
                    .found();
        } finally {
            visit.leave();
            Reference.reachabilityFence(rows);
        }
    }

    /** As {@link VectorIndex.Reader#holds}. */
    boolean holds(int ordinal) {
        return ordinal >= 0 && ordinal < ordinals && rows.row(ordinal) >= 0;
    }

    /** As {@link VectorIndex.Reader#vectorOrNull}. */
    float[] vectorOrNull(int ordinal) {
        Readers.Visit visit = readers.enter();
        try {
            return holds(ordinal) ? rows.vector(ordinal) : null;
        } finally {
            visit.leave();
            Reference.reachabilityFence(rows);
        }
    }
}
