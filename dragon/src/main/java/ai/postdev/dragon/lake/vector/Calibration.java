package ai.postdev.dragon.lake.vector;

import java.util.Arrays;
import java.util.Random;
import java.util.function.BiFunction;

/**
 * Finds out how many lists and how wide a margin the recall aimed for takes on these vectors: some of them serve as
 * queries, their true neighbours are found by products with all vectors. Buffers inside; one thread.
 */
final class Calibration {
    private static final int QUERIES = 96;
    private static final int NEIGHBOURS = 1_000;
    private static final int K = 10;
    private static final int MARGIN_NEIGHBOURS = 24;
    private static final int TRIES = 10;
    private static final float LESS = 0.85f;
    /** Where vectors lie in their centres, rounding is all that keeps them from it. */
    private static final float NEAR_LEAST = 0.05f;

    /** Such a part of what may be missed is kept in hand: the sample is small. */
    private static final int SPARE = 4;

    private static final long SEED = 11;

    private final Partition partition;
    private final VectorRows rows;
    private final VectorKernel kernel;
    private final int bound;
    private final int length;
    private final int[] queries;
    private final float[][] vectors;
    private final TopK[] truth;
    private final QueryBuffers buffers;

    /**
     * Finds the true neighbours.
     *
     * @param bound ordinals below it are in the partition, unless removed
     */
    Calibration(Partition partition, int bound) {
        this.partition = partition;
        this.rows = partition.rows();
        this.kernel = partition.kernels().vectors();
        this.bound = bound;
        this.length = rows.length();
        this.buffers = new QueryBuffers(length, Partition.codeLength(rows.dimensions()));
        Random random = new Random(SEED);
        int[] chosen = new int[QUERIES];
        float[][] found = new float[QUERIES][];
        int count = 0;
        for (int attempt = 0; attempt < 4 * QUERIES && count < QUERIES; attempt++) {
            int ordinal = random.nextInt(bound);
            float[] vector = rows.vector(ordinal);
            if (vector != null) {
                chosen[count] = ordinal;
                found[count++] = vector;
            }
        }
        this.queries = Arrays.copyOf(chosen, count);
        this.vectors = Arrays.copyOf(found, count);
        this.truth = new TopK[count];
        for (int i = 0; i < count; i++) {
            truth[i] = new TopK();
            truth[i].reset(Math.min(NEIGHBOURS, Math.max(1, bound / 8)));
        }
        compareWithAll();
    }

    private void compareWithAll() {
        int columns = kernel.tileColumns();
        int tiles = (queries.length + columns - 1) / columns;
        float[] packed = new float[tiles * columns * length];
        for (int q = 0; q < queries.length; q++) {
            for (int d = 0; d < vectors[q].length; d++) {
                packed[q / columns * columns * length + d * columns + q % columns] = vectors[q][d];
            }
        }
        float[] products = new float[VectorKernel.TILE_ROWS * columns];
        float[] eight = new float[VectorKernel.TILE_ROWS * length];
        int[] ordinals = new int[VectorKernel.TILE_ROWS];
        int filled = 0;
        for (int ordinal = 0; ordinal < bound; ordinal++) {
            int row = rows.row(ordinal);
            if (row >= 0) {
                ordinals[filled] = ordinal;
                rows.read(row, eight, filled++ * length);
            }
            if (filled == VectorKernel.TILE_ROWS || (ordinal == bound - 1 && filled > 0)) {
                for (int tile = 0; tile < tiles; tile++) {
                    kernel.tile(eight, packed, tile * columns * length, length, products);
                    take(products, columns, tile * columns, ordinals, filled);
                }
                filled = 0;
            }
        }
        for (TopK top : truth) {
            top.sort();
        }
    }

    private void take(float[] products, int columns, int first, int[] ordinals, int filled) {
        for (int q = first; q < Math.min(first + columns, queries.length); q++) {
            TopK top = truth[q];
            for (int i = 0; i < filled; i++) {
                float score = products[i * columns + q - first];
                if (score >= top.threshold() && ordinals[i] != queries[q]) {
                    top.offer(ordinals[i], 0, score);
                }
            }
        }
    }

    /** The least effort that reaches a recall of ten neighbours on the sample. */
    Effort effort(double target) {
        double covered = target + (1 - target) / 2;
        double ten = Math.max(1, listsHolding(K, covered));
        double growth = 0;
        for (int k = K * 10; k <= truth[0].held(); k *= 10) {
            growth = Math.max(growth, Math.log(listsHolding(k, covered) / ten) / Math.log((double) k / K));
        }
        double deviations = target >= 0.98 ? 2 : 1.25;
        float error = error();
        Effort effort =
                new Effort(ten, Math.max(0.1, growth), reach(covered), near(covered), (float) (deviations * error));
        for (int attempt = 0; attempt < TRIES && recall(effort) < target; attempt++) {
            effort = new Effort(
                    effort.probes() * 1.2 + 0.5,
                    effort.growth(),
                    effort.reach(),
                    effort.near() * 1.1f,
                    effort.margin() + error / 4);
        }
        return lean(effort, target + (1 - target) / SPARE);
    }

    /**
     * The same recall may take less: where neighbours lie in many lists, only few of them in each, the lists that hold
     * nearly all are far too many. So lists, then the margin, are taken away while the sample is still found, and a little
     * more of it than aimed for.
     */
    private Effort lean(Effort effort, double target) {
        Effort least = less(effort, target, effort.near(), Effort::withNear);
        for (double probes = effort.probes() * LESS; probes >= 1; probes *= LESS) {
            Effort less = least.withProbes(probes);
            if (recall(less) < target) {
                break;
            }
            least = less;
        }
        return less(least, target, effort.margin(), Effort::withMargin);
    }

    private Effort less(Effort effort, double target, float most, BiFunction<Effort, Float, Effort> with) {
        Effort least = effort;
        for (float part = most * LESS; part > most / 8; part *= LESS) {
            Effort less = with.apply(least, part);
            if (recall(less) < target) {
                break;
            }
            least = less;
        }
        return least;
    }

    /** How much farther than the last of the ten nearest the centres of lists are that hold this share of them. */
    private float near(double share) {
        float[] needed = new float[queries.length * K];
        int count = 0;
        Directory directory = partition.directory();
        int code = Partition.codeLength(rows.dimensions());
        for (int q = 0; q < queries.length; q++) {
            partition.turn(vectors[q], buffers.turned);
            int most = Math.min(K, truth[q].held());
            for (int i = 0; i < most; i++) {
                int number = partition.list(truth[q].ordinal(i));
                if (number >= 0) {
                    InvertedList list = directory.lists()[number];
                    float below = truth[q].score(most - 1) - kernel.dot(list.centre, 0, buffers.turned, code);
                    needed[count++] = list.spread > 0 ? below / list.spread : 0;
                }
            }
        }
        Arrays.sort(needed, 0, count);
        return count == 0
                ? NEAR_LEAST
                : Math.max(NEAR_LEAST, needed[Math.min(count - 1, (int) Math.ceil(share * count))]);
    }

    /** How many of the nearest lists hold this share of the {@code k} nearest vectors. */
    private double listsHolding(int k, double share) {
        int[] ranks = new int[queries.length * k];
        int count = 0;
        Directory directory = partition.directory();
        int[] rank = new int[directory.lists().length];
        for (int q = 0; q < queries.length; q++) {
            partition.turn(vectors[q], buffers.turned);
            int lists = partition.search().order(buffers, directory, directory.lists().length);
            for (int i = 0; i < lists; i++) {
                rank[buffers.lists[i]] = i + 1;
            }
            for (int i = 0; i < Math.min(k, truth[q].held()); i++) {
                int list = partition.list(truth[q].ordinal(i));
                if (list >= 0) {
                    ranks[count++] = rank[list];
                }
            }
        }
        Arrays.sort(ranks, 0, count);
        return count == 0 ? 1 : ranks[Math.min(count - 1, (int) Math.ceil(share * count))];
    }

    /**
     * The reach that finds this share of the ten nearest where a filter accepts only what lies around another place than
     * the query: the neighbours of each query serve as what a filter accepts for the one before it.
     */
    private float reach(double share) {
        float[] reaches = new float[queries.length * K];
        int count = 0;
        Directory directory = partition.directory();
        int code = Partition.codeLength(rows.dimensions());
        TopK far = new TopK();
        for (int q = 0; q < queries.length; q++) {
            partition.turn(vectors[q], buffers.turned);
            nearestOf(truth[(q + 1) % queries.length], Arrays.copyOf(vectors[q], length), far);
            for (int i = 0; i < far.held(); i++) {
                int list = partition.list(far.ordinal(i));
                if (list >= 0) {
                    float centre = kernel.dot(directory.lists()[list].centre, 0, buffers.turned, code);
                    reaches[count++] = far.score(far.held() - 1) - centre;
                }
            }
        }
        Arrays.sort(reaches, 0, count);
        return count == 0 ? 0 : Math.max(0, reaches[Math.min(count - 1, (int) Math.ceil(share * count))]);
    }

    private void nearestOf(TopK accepted, float[] query, TopK nearest) {
        nearest.reset(Math.min(K, accepted.held()));
        for (int i = 0; i < accepted.held(); i++) {
            int row = rows.row(accepted.ordinal(i));
            if (row >= 0) {
                float score = rows.dot(kernel, accepted.ordinal(i), row, query);
                if (score >= nearest.threshold()) {
                    nearest.offer(accepted.ordinal(i), row, score);
                }
            }
        }
        nearest.sort();
    }

    /** Root mean square of what estimates of near vectors are off by, as an inner product. */
    float error() {
        double squares = 0;
        int count = 0;
        Directory directory = partition.directory();
        for (int q = 0; q < queries.length; q++) {
            partition.turn(vectors[q], buffers.turned);
            int code = Partition.codeLength(rows.dimensions());
            partition.codec().prepare(buffers);
            for (int i = 0; i < Math.min(MARGIN_NEIGHBOURS, truth[q].held()); i++) {
                int place = partition.place(truth[q].ordinal(i));
                if (place < 0) {
                    continue;
                }
                InvertedList list = directory.lists()[partition.list(truth[q].ordinal(i))];
                buffers.blocks[0] = place >>> 6;
                partition.codec().score(buffers, partition.store(), 0, 1, 0);
                double estimate = buffers.scores[place & 63] / buffers.scale
                        + buffers.base
                        + kernel.dot(list.centre, 0, buffers.turned, code);
                squares += (estimate - truth[q].score(i)) * (estimate - truth[q].score(i));
                count++;
            }
        }
        return (float) Math.sqrt(squares / Math.max(1, count));
    }

    /** The share of the ten true neighbours that a search finds. */
    double recall(Effort effort) {
        long found = 0;
        long wanted = 0;
        for (int q = 0; q < queries.length; q++) {
            int self = queries[q];
            partition.search().nearest(buffers, vectors[q], K + 1, VectorIndex.ALL, bound, effort);
            int most = Math.min(K, truth[q].held());
            for (int i = 0; i < most; i++) {
                for (int j = 0; j < buffers.best.held(); j++) {
                    found += buffers.best.ordinal(j) == truth[q].ordinal(i) && truth[q].ordinal(i) != self ? 1 : 0;
                }
            }
            wanted += most;
        }
        return wanted == 0 ? 1 : (double) found / wanted;
    }
}
