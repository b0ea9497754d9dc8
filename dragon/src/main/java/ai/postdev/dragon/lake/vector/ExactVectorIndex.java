package ai.postdev.dragon.lake.vector;

import java.util.BitSet;
import java.util.function.IntPredicate;

/** Looks at every vector. Exact, nothing to build or to tune; 100,000 vectors of 384 numbers take some milliseconds. */
public final class ExactVectorIndex implements VectorIndex {
    private final Readers readers = new Readers(() -> new QueryBuffers(0, 0));
    private final VectorRows rows;
    private final VectorKernel kernel;

    /** An empty index. */
    public ExactVectorIndex(int dimensions, VectorKernel kernel) {
        this.rows = new VectorRows(dimensions, readers);
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
        return new View(BoundedRows.of(rows, readers, kernel), rows.live());
    }

    @Override
    public long memoryBytes() {
        return rows.memoryBytes();
    }

    /** @param live vectors at the moment of {@code rows} */
    private record View(BoundedRows rows, int live) implements Reader {
        @Override
        public int size() {
            return rows.ordinals();
        }

        @Override
        public int nearest(float[] unitQuery, int k, IntPredicate accept, int[] ordinals, float[] scores) {
            return rows.nearest(unitQuery, k, accept, ordinals, scores);
        }

        @Override
        public Found nearestOf(float[] unitQuery, int k, BitSet allowed) {
            return rows.nearestOf(unitQuery, k, allowed);
        }

        @Override
        public boolean holds(int ordinal) {
            return rows.holds(ordinal);
        }

        @Override
        public float[] vectorOrNull(int ordinal) {
            return rows.vectorOrNull(ordinal);
        }
    }
}
