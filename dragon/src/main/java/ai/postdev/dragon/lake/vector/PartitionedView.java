package ai.postdev.dragon.lake.vector;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/** A view of a {@link PartitionedVectorIndex}: the vectors added before it was made. Any thread. */
final class PartitionedView implements VectorIndex.Reader {
    /** A search that met a vector being removed is repeated so often; then it goes without that vector. */
    private static final int REPEATS = 3;
    /** A reader that is older than this share of the vectors tells them apart by a filter. */
    private static final int OLD_SHARE = 16;

    /** What all views of one index share. */
    record Shared(
            VectorRows rows,
            Readers readers,
            Kernels kernels,
            PartitionSettings settings,
            RecallSample sample,
            Supplier<Serving> serving) {}

    private final Shared shared;
    private final VectorRows rows;
    private final Readers readers;
    private final RecallSample sample;
    private final BoundedRows present;
    private final int ordinalsBound;
    private final int live;
    private final IntPredicate older;

    /** Made by the index's writer. */
    PartitionedView(Shared shared) {
        this.shared = shared;
        this.rows = shared.rows();
        this.readers = shared.readers();
        this.sample = shared.sample();
        this.live = rows.live();
        this.present = BoundedRows.of(rows, readers, shared.kernels().vectors());
        this.ordinalsBound = present.ordinals();
        this.older = ordinal -> ordinal < ordinalsBound;
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
            int most = Math.min(k, ordinalsBound);
            Serving now = shared.serving().get();
            if (most < 1) {
                return 0;
            }
            return now == null
                    ? present.nearest(unitQuery, most, accept, ordinals, scores)
                    : near(now, unitQuery, most, accept, ordinals, scores);
        } finally {
            Reference.reachabilityFence(shared);
        }
    }

    private int near(Serving now, float[] unitQuery, int k, IntPredicate accept, int[] ordinals, float[] scores) {
        // a reader from long ago: most of what it would find first came later, so the bound becomes a filter
        boolean old = accept == VectorIndex.ALL && (long) OLD_SHARE * (rows.ordinals() - ordinalsBound) > ordinalsBound;
        Readers.Visit visit = readers.enter();
        // what has no row has no exact product to compare with
        boolean checked = accept == VectorIndex.ALL && !rows.lacksRows() && sample.isDue(visit.buffers);
        int found = 0;
        try {
            found = near(visit.buffers, now, unitQuery, k, old ? older : accept, ordinals, scores);
        } finally {
            visit.leave();
            if (checked) {
                sample.check(
                        unitQuery.clone(),
                        k,
                        Arrays.copyOf(scores, found),
                        (query, wanted) ->
                                present.nearest(query, wanted, VectorIndex.ALL).found());
            }
        }
        return found;
    }

    private int near(
            QueryBuffers buffers,
            Serving now,
            float[] unitQuery,
            int k,
            IntPredicate accept,
            int[] ordinals,
            float[] scores) {
        TopK best = buffers.best;
        for (int attempt = 0; ; attempt++) {
            now.partition().search().nearest(buffers, unitQuery, k, accept, ordinalsBound, now.effort());
            int count = 0;
            for (int i = 0; i < best.held(); i++) {
                if (rows.stands(best.ordinal(i), best.row(i))) {
                    ordinals[count] = best.ordinal(i);
                    scores[count++] = best.score(i);
                }
            }
            if (count == best.held() || attempt == REPEATS) {
                return count;
            }
        }
    }

    @Override
    public VectorIndex.Found nearestOf(float[] unitQuery, int k, BitSet allowed) {
        if (shared.serving().get() != null
                && allowed.cardinality() > shared.settings().exactBelow()) {
            return nearest(unitQuery, k, allowed::get);
        }
        return present.nearestOf(unitQuery, k, allowed);
    }

    @Override
    public boolean holds(int ordinal) {
        return present.holds(ordinal);
    }

    @Override
    public boolean isExact(int ordinal) {
        int row = rows.row(ordinal);
        return row < 0 || rows.slab(row).precision() == Precision.FLOAT;
    }

    @Override
    public float[] vectorOrNull(int ordinal) {
        return present.vectorOrNull(ordinal);
    }
}
