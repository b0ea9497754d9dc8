package ai.postdev.dragon.lake.vector;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every vector while there are few; beyond a bound it builds a {@link Partition} in the background and from
 * then on looks only where near vectors lie. A partition is built anew, again in the background, each time the vectors
 * have become four times as many, because the code book was learnt from fewer; between, lists are split one by one.
 *
 * <p>The writer's calls take microseconds, a split of a list up to some milliseconds. Searches take no lock.
 */
public final class PartitionedVectorIndex implements VectorIndex {
    private static final Logger log = LoggerFactory.getLogger(PartitionedVectorIndex.class);
    private static final int REBUILD_AT = 4;
    /** So few vectors may be left to take over while the writer waits. */
    private static final int LEFT_MAX = 64;
    /** A search that met a vector being removed is repeated so often; then it goes without that vector. */
    private static final int REPEATS = 3;
    /** A reader that is older than this share of the vectors tells them apart by a filter. */
    private static final int OLD_SHARE = 16;

    private final Kernels kernels;
    private final PartitionSettings settings;
    private final Executor background;
    private final VectorRows rows;
    private final Readers readers;
    private final RecallSample sample;
    /** Guards the partition's writer side between the index's writer and the builder. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile Serving serving;
    private int builtAt;
    private boolean building;
    /** Vectors removed since the running build began. */
    private int[] removed = new int[16];

    private int removedCount;

    /** What searches use: the lists and how hard to look. */
    private record Serving(Partition partition, Effort effort, double measuredRecall) {}

    /**
     * An empty index.
     *
     * @param background runs builds, one at a time; a build takes seconds for 100,000 vectors
     */
    public PartitionedVectorIndex(int dimensions, Kernels kernels, PartitionSettings settings, Executor background) {
        this(dimensions, kernels, settings, background, background);
    }

    /**
     * An empty index.
     *
     * @param background runs builds, one at a time
     * @param checks runs checks of answers, at most one at a time; each looks at every vector
     */
    PartitionedVectorIndex(
            int dimensions, Kernels kernels, PartitionSettings settings, Executor background, Executor checks) {
        this.sample = new RecallSample(settings, checks, System::nanoTime);
        this.kernels = kernels;
        this.settings = settings;
        this.background = background;
        int code = Partition.codeLength(dimensions);
        int row = VectorRows.length(dimensions);
        this.readers = new Readers(() -> new QueryBuffers(row, code));
        this.rows = new VectorRows(dimensions, readers);
    }

    @Override
    public int dimensions() {
        return rows.dimensions();
    }

    @Override
    public int add(float[] unit) {
        lock.lock();
        try {
            int ordinal = rows.add(unit);
            Serving now = serving;
            if (now != null) {
                now.partition.add(ordinal, rows.row(ordinal), unit);
            }
            buildIfDue();
            return ordinal;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int skip() {
        lock.lock();
        try {
            return rows.skip();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean holds(int ordinal) {
        return rows.holds(ordinal);
    }

    @Override
    public boolean remove(int ordinal) {
        lock.lock();
        try {
            if (!rows.remove(ordinal)) {
                return false;
            }
            Serving now = serving;
            if (now != null) {
                now.partition.remove(ordinal);
            }
            if (building) {
                if (removedCount == removed.length) {
                    removed = Arrays.copyOf(removed, 2 * removedCount);
                }
                removed[removedCount++] = ordinal;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void buildIfDue() {
        if (building || rows.live() <= settings.exactBelow() || rows.live() < (long) REBUILD_AT * builtAt) {
            return;
        }
        building = true;
        background.execute(this::build);
    }

    private void build() {
        long start = System.nanoTime();
        try {
            int taken = begin();
            Partition partition = new PartitionBuilder(rows, kernels, readers).build(taken);
            while (rows.ordinals() >= 2L * taken) {
                // a load in one go: begin again with all instead of taking most of them over one by one
                taken = begin();
                partition = new PartitionBuilder(rows, kernels, readers).build(taken);
            }
            for (int ordinals = rows.ordinals(); ordinals - taken > LEFT_MAX; ordinals = rows.ordinals()) {
                takeOver(partition, taken, ordinals);
                taken = ordinals;
            }
            Calibration calibration = new Calibration(partition, taken);
            Effort effort = calibration.effort(settings.recall());
            double recall = calibration.recall(effort);
            publish(new Serving(partition, effort, recall), taken);
            log.info(
                    "{} vectors of {} in {} lists after {} ms: {}; {} lists for ten neighbours find {} of them",
                    taken,
                    rows.dimensions(),
                    partition.lists(),
                    (System.nanoTime() - start) / 1_000_000,
                    partition.codec().name(),
                    effort.probes(Effort.TEN),
                    recall);
        } catch (RuntimeException | Error e) {
            log.error(
                    "vectors could not be partitioned, every search looks at all of them until there are twice as many",
                    e);
            lock.lock();
            try {
                building = false;
                builtAt = Math.max(builtAt, rows.live() / 2);
            } finally {
                lock.unlock();
            }
            if (e instanceof Error error) {
                throw error;
            }
        }
    }

    /** The vectors that the build starts from; removals are written down from now on. */
    private int begin() {
        lock.lock();
        try {
            removedCount = 0;
            return rows.ordinals();
        } finally {
            lock.unlock();
        }
    }

    private void takeOver(Partition partition, int from, int to) {
        for (int ordinal = from; ordinal < to; ordinal++) {
            int row = rows.row(ordinal);
            float[] vector = row < 0 ? null : rows.vector(ordinal);
            if (vector != null) {
                partition.add(ordinal, row, vector);
            }
        }
    }

    /** The last few vectors and all removals while the writer waits, then searches find the partition. */
    private void publish(Serving next, int taken) {
        lock.lock();
        try {
            for (int from = taken; from < rows.ordinals(); from = rows.ordinals()) {
                takeOver(next.partition, from, rows.ordinals());
            }
            for (int i = 0; i < removedCount; i++) {
                next.partition.remove(removed[i]);
            }
            builtAt = Math.max(1, rows.live());
            building = false;
            serving = next;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int size() {
        return rows.ordinals();
    }

    @Override
    public int live() {
        return rows.live();
    }

    /** Whether searches use a partition by now. Any thread. */
    public boolean partitioned() {
        return serving != null;
    }

    @Override
    public SampledRecall recall() {
        return sample.recall();
    }

    /** The effort that searches take, found when the partition was built; null before. Any thread. */
    public Effort effort() {
        Serving now = serving;
        return now == null ? null : now.effort;
    }

    /** Searches take another effort from now on; nothing happens before there is a partition. */
    public void effort(Effort effort) {
        lock.lock();
        try {
            Serving now = serving;
            if (now != null) {
                serving = new Serving(now.partition, effort, now.measuredRecall);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Reader reader() {
        return new View(rows.ordinals(), rows.rows());
    }

    @Override
    public long memoryBytes() {
        lock.lock();
        try {
            rows.reclaim();
            Serving now = serving;
            return rows.memoryBytes() + (now == null ? 0 : now.partition.memoryBytes());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long growth() {
        return rows.growth();
    }

    @Override
    public Map<Precision, Integer> kept() {
        return rows.kept();
    }

    @Override
    public Precision precision(int ordinal) {
        return rows.slab(rows.row(ordinal)).precision();
    }

    @Override
    public void keep(Precision precision) {
        rows.precision(precision);
    }

    @Override
    public long givableBytes() {
        return rows.givableBytes();
    }

    @Override
    public long missingBytes() {
        return rows.missingBytes();
    }

    @Override
    public boolean lower(Precision to) {
        lock.lock();
        try {
            // The builder reads rows for seconds without saying so.
            for (Optional<Precision> step = Precision.FLOAT.lower();
                    !building && step.isPresent() && step.get().compareTo(to) <= 0;
                    step = step.get().lower()) {
                if (rows.lowerOne(step.get())) {
                    rows.precision(step.get());
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void raise(Map<Integer, float[]> exact) {
        lock.lock();
        try {
            Map<Integer, Map<Integer, float[]>> slabs = new TreeMap<>();
            exact.forEach((ordinal, vector) -> {
                int row = holds(ordinal) ? rows.row(ordinal) : -1;
                if (row >= 0 && rows.slab(row).precision() != Precision.FLOAT) {
                    slabs.computeIfAbsent(row / rows.slabRows(), _ -> new HashMap<>())
                            .put(row, vector);
                }
            });
            if (building) {
                return; // the builder reads rows for seconds without saying so; there is another time
            }
            slabs.forEach(rows::raise);
            if (rows.missingBytes() == 0) {
                rows.precision(Precision.FLOAT);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int[] lowered() {
        return rows.lowered();
    }

    private final class View implements Reader {
        private final int ordinalsBound;
        private final int rowsBound;
        private final int live = rows.live();
        private final IntPredicate older;

        View(int ordinalsBound, int rowsBound) {
            this.ordinalsBound = ordinalsBound;
            this.rowsBound = rowsBound;
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
                Serving now = serving;
                if (most < 1) {
                    return 0;
                }
                return now == null
                        ? exact(unitQuery, most, accept, ordinals, scores)
                        : near(now, unitQuery, most, accept, ordinals, scores);
            } finally {
                Reference.reachabilityFence(PartitionedVectorIndex.this);
            }
        }

        private int exact(float[] unitQuery, int k, IntPredicate accept, int[] ordinals, float[] scores) {
            TopK best = scan(unitQuery, k, accept);
            for (int i = 0; i < best.held(); i++) {
                ordinals[i] = best.ordinal(i);
                scores[i] = best.score(i);
            }
            return best.held();
        }

        private int near(Serving now, float[] unitQuery, int k, IntPredicate accept, int[] ordinals, float[] scores) {
            // a reader from long ago: most of what it would find first came later, so the bound becomes a filter
            boolean old = accept == ALL && (long) OLD_SHARE * (rows.ordinals() - ordinalsBound) > ordinalsBound;
            Readers.Visit visit = readers.enter();
            boolean checked = accept == ALL && sample.isDue(visit.buffers);
            int found = 0;
            try {
                found = near(visit.buffers, now, unitQuery, k, old ? older : accept, ordinals, scores);
            } finally {
                visit.leave();
                if (checked) {
                    sample.check(unitQuery.clone(), k, Arrays.copyOf(scores, found), this::exact);
                }
            }
            return found;
        }

        private TopK scan(float[] query, int k, IntPredicate accept) {
            Readers.Visit visit = readers.enter();
            try {
                return ExactScan.nearest(rows, kernels.vectors(), ordinalsBound, rowsBound, query, k, accept);
            } finally {
                visit.leave();
            }
        }

        private Found exact(float[] query, int k) {
            try {
                return scan(query, k, ALL).found();
            } finally {
                Reference.reachabilityFence(PartitionedVectorIndex.this);
            }
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
                now.partition.search().nearest(buffers, unitQuery, k, accept, ordinalsBound, now.effort);
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
        public Found nearestOf(float[] unitQuery, int k, BitSet allowed) {
            if (serving != null && allowed.cardinality() > settings.exactBelow()) {
                return nearest(unitQuery, k, allowed::get);
            }
            ExactScan.check(unitQuery, rows.dimensions());
            Readers.Visit visit = readers.enter();
            try {
                return ExactScan.nearestOf(rows, kernels.vectors(), ordinalsBound, unitQuery, k, allowed)
                        .found();
            } finally {
                visit.leave();
                Reference.reachabilityFence(PartitionedVectorIndex.this);
            }
        }

        @Override
        public boolean holds(int ordinal) {
            return ordinal >= 0 && ordinal < ordinalsBound && rows.row(ordinal) >= 0;
        }

        @Override
        public float[] vectorOrNull(int ordinal) {
            Readers.Visit visit = readers.enter();
            try {
                return holds(ordinal) ? rows.vector(ordinal) : null;
            } finally {
                visit.leave();
                Reference.reachabilityFence(PartitionedVectorIndex.this);
            }
        }
    }
}
