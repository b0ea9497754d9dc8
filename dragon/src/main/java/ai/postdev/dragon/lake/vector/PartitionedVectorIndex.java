package ai.postdev.dragon.lake.vector;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every vector while there are few; beyond a bound it builds a {@link Partition} in the background and from
 * then on looks only where near vectors lie. When memory is so short that vectors are to be kept as codes alone, a compact
 * partition takes its place, until all vectors are kept in full again. A partition is built anew, again in the background, each time the vectors
 * have become four times as many, because the code book was learnt from fewer; between, lists are split one by one.
 *
 * <p>The writer's calls take microseconds, a split of a list up to some milliseconds. Searches take no lock.
 */
public final class PartitionedVectorIndex implements VectorIndex {
    private static final Logger log = LoggerFactory.getLogger(PartitionedVectorIndex.class);
    private static final int REBUILD_AT = 4;
    /** So few vectors may be left to take over while the writer waits. */
    private static final int LEFT_MAX = 64;

    private final Kernels kernels;
    private final PartitionSettings settings;
    private final Executor background;
    private final VectorRows rows;
    private final Readers readers;
    private final RecallSample sample;
    private final PrecisionSteps steps;
    private final PartitionedView.Shared shared;
    /** Guards the partition's writer side between the index's writer and the builder. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile Serving serving;
    /** Of the partition that serves; null while a caller has set the effort. */
    private EffortControl control;

    private int builtAt;
    private boolean building;
    /** Vectors removed since the running build began. */
    private int[] removed = new int[16];

    private int removedCount;

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
        this.sample = new RecallSample(settings, checks, System::nanoTime, this::checked);
        this.kernels = kernels;
        this.settings = settings;
        this.background = background;
        int code = Partition.codeLength(dimensions);
        int row = VectorRows.length(dimensions);
        this.readers = new Readers(() -> new QueryBuffers(row, code));
        this.rows = new VectorRows(dimensions, readers);
        this.steps = new PrecisionSteps(rows);
        this.shared = new PartitionedView.Shared(rows, readers, kernels, settings, sample, () -> serving);
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
                now.partition().add(ordinal, unit);
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
                now.partition().remove(ordinal);
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
        Serving now = serving;
        boolean compact = now != null && now.partition().isCompact();
        boolean outgrown = rows.live() > settings.exactBelow() && rows.live() >= (long) REBUILD_AT * builtAt;
        boolean exactAgain = compact && rows.missingBytes() == 0;
        // What has no row cannot be put into other lists.
        if (!building && !rows.lacksRows() && (outgrown || exactAgain)) {
            building = true;
            background.execute(() -> build(compact && !exactAgain));
        }
    }

    private void build(boolean compact) {
        long start = System.nanoTime();
        try {
            int taken = begin();
            Partition partition = new PartitionBuilder(rows, kernels, readers, compact).build(taken);
            while (rows.ordinals() >= 2L * taken) {
                // a load in one go: begin again with all instead of taking most of them over one by one
                taken = begin();
                partition = new PartitionBuilder(rows, kernels, readers, compact).build(taken);
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
            float[] vector = rows.vector(ordinal);
            if (vector != null) {
                partition.add(ordinal, vector);
            }
        }
    }

    /** The last few vectors and all removals while the writer waits, then searches find the partition. */
    private void publish(Serving next, int taken) {
        lock.lock();
        try {
            for (int from = taken; from < rows.ordinals(); from = rows.ordinals()) {
                takeOver(next.partition(), from, rows.ordinals());
            }
            for (int i = 0; i < removedCount; i++) {
                next.partition().remove(removed[i]);
            }
            builtAt = Math.max(1, rows.live());
            building = false;
            serving = next;
            control = new EffortControl(settings.recall(), next.effort());
            rows.codes(
                    next.partition().codec() instanceof BitCodec codec
                                    && next.partition().isCompact()
                            ? new CodedVectors(next.partition(), codec)
                            : VectorRows.NO_CODES);
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

    /** Searches look harder when too little is found, and less hard again when more is than was asked for. */
    private void checked(SampledRecall check) {
        lock.lock();
        try {
            Serving now = serving;
            if (control != null && control.checked(check, now.partition().lists())) {
                serving = new Serving(now.partition(), control.effort(), now.measuredRecall());
                sample.anew();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public SampledRecall recall() {
        return sample.recall();
    }

    /** The effort that searches take: found when the partition was built, and by checks since; null before. Any thread. */
    public Effort effort() {
        Serving now = serving;
        return now == null ? null : now.effort();
    }

    /**
     * Searches take this effort from now on, whatever they find, until a partition is built anew; nothing happens before
     * there is one.
     */
    public void effort(Effort effort) {
        lock.lock();
        try {
            Serving now = serving;
            if (now != null) {
                serving = new Serving(now.partition(), effort, now.measuredRecall());
                control = null;
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Reader reader() {
        return new PartitionedView(shared);
    }

    @Override
    public long memoryBytes() {
        lock.lock();
        try {
            rows.reclaim();
            Serving now = serving;
            return rows.memoryBytes() + (now == null ? 0 : now.partition().memoryBytes());
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
        int row = rows.row(ordinal);
        return row < 0 ? Precision.BIT : rows.slab(row).precision();
    }

    @Override
    public void keep(Precision precision) {
        rows.precision(precision);
    }

    @Override
    public long givableBytes() {
        // Few vectors are looked at one by one, for which they need rows.
        return rows.givableBytes(serving == null ? Precision.NIBBLE : Precision.BIT);
    }

    @Override
    public long missingBytes() {
        return rows.missingBytes();
    }

    @Override
    public boolean lower(Precision to) {
        lock.lock();
        try {
            if (building) {
                return false; // the builder reads rows for seconds without saying so
            }
            Serving now = serving;
            boolean compact = now != null && now.partition().isCompact();
            if (steps.lower(compact || to.hasRow() ? to : Precision.NIBBLE)) {
                return true;
            }
            if (now != null && !compact && !to.hasRow()) {
                building = true; // rows go once there are codes that do without them
                background.execute(() -> build(true));
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
            if (!building) { // while it goes on, there is another time
                steps.raise(exact);
                buildIfDue();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int[] lowered() {
        return rows.lowered();
    }
}
