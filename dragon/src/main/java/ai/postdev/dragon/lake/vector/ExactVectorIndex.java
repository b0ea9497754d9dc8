package ai.postdev.dragon.lake.vector;

import java.lang.ref.Reference;
import java.util.BitSet;
import java.util.function.IntPredicate;

/** Looks at every vector. Exact, nothing to build or to tune; 100,000 vectors of 384 numbers take some milliseconds. */
public final class ExactVectorIndex implements VectorIndex {
    private final VectorRows rows;
    private final VectorKernel kernel;

    /** An empty index. */
    public ExactVectorIndex(int dimensions, VectorKernel kernel) {
        this.rows = new VectorRows(dimensions, new Readers(() -> new QueryBuffers(0, 0)));
        this.kernel = kernel;
    }

    @Override
    public int dimensions() {
        return rows.dimensions();
    }

    @Override
    public int add(float[] unit) {
        return rows.add(unit);
    }

    @Override
    public int skip() {
        return rows.skip();
    }

    @Override
    public boolean holds(int ordinal) {
        return rows.holds(ordinal);
    }

    @Override
    public boolean remove(int ordinal) {
        return rows.remove(ordinal);
    }

    @Override
    public int size() {
        return rows.ordinals();
    }

    @Override
    public int live() {
        return rows.live();
    }

    @Override
    public Reader reader() {
        return new View(rows.ordinals(), rows.rows());
    }

    @Override
    public long memoryBytes() {
        return rows.memoryBytes();
    }

    private final class View implements Reader {
        private final int ordinalsBound;
        private final int rowsBound;
        private final int live = rows.live();

        View(int ordinalsBound, int rowsBound) {
            this.ordinalsBound = ordinalsBound;
            this.rowsBound = rowsBound;
        }

        @Override
        public int size() {
            return ordinalsBound;
        }

        @Override
        public int live() {
            return live;
        }

        @Override
        public int nearest(float[] unitQuery, int k, IntPredicate accept, int[] ordinals, float[] scores) {
            ExactScan.check(unitQuery, rows.dimensions());
            try {
                TopK best = ExactScan.nearest(rows, kernel, ordinalsBound, rowsBound, unitQuery, k, accept);
                for (int i = 0; i < best.held(); i++) {
                    ordinals[i] = best.ordinal(i);
                    scores[i] = best.score(i);
                }
                return best.held();
            } finally {
                Reference.reachabilityFence(rows);
            }
        }

        @Override
        public Found nearestOf(float[] unitQuery, int k, BitSet allowed) {
            ExactScan.check(unitQuery, rows.dimensions());
            try {
                return ExactScan.nearestOf(rows, kernel, ordinalsBound, unitQuery, k, allowed)
                        .found();
            } finally {
                Reference.reachabilityFence(rows);
            }
        }

        @Override
        public boolean holds(int ordinal) {
            return ordinal >= 0 && ordinal < ordinalsBound && rows.row(ordinal) >= 0;
        }

        @Override
        public float[] vectorOrNull(int ordinal) {
            try {
                return holds(ordinal) ? rows.vector(ordinal) : null;
            } finally {
                Reference.reachabilityFence(rows);
            }
        }
    }
}
