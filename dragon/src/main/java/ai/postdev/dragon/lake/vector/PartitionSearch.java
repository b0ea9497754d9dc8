package ai.postdev.dragon.lake.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * A search in a partition: the nearest lists, an estimate of every vector in them, and exact products of the best. How
 * many are read in full follows from the data: first a fixed number, then all whose estimate reaches the last of the
 * best less a margin. Stateless; allocates nothing once the buffers have grown.
 */
final class PartitionSearch {
    /** With so few lists, or such a share of them wanted, the exact products with all centres cost less. */
    private static final int COARSE_MIN = 128;

    private static final int COARSE_SHARE = 4;
    /** Centres whose exact product is taken beyond the wanted ones, because their codes only estimate it. */
    private static final int COARSE_SPARE = 12;
    /** Accepted vectors that a filtered search wants to have seen for each neighbour, however near the lists are. */
    private static final int SEEN_MIN = 2;

    /** A share of all vectors that are not neighbours any more but a good part of everything. */
    private static final int FAR_SHARE = 16;

    /**
     * So many times more vectors are read in full first when there is a filter: what it accepts lies farther away, where
     * estimates are worse than those that the margin was measured on.
     */
    private static final int FILTERED_FIRST = 4;

    /** And the margin is so many times wider. */
    private static final int FILTERED_MARGIN = 2;

    /** So many times more are estimated a second time, where that is possible, than are read in full first. */
    private static final int REFINED_FIRST = 4;

    /** Vectors that are read in full before the last of the best is looked at again. */
    static final int AT_ONCE = 32;

    private static final int LINE = 64;

    private final Partition partition;
    private final VectorRows rows;
    private final VectorKernel kernel;
    private final CodeKernel codes;
    private final BlockStore store;
    private final boolean refines;

    PartitionSearch(Partition partition) {
        this.partition = partition;
        this.rows = partition.rows();
        this.kernel = partition.kernels().vectors();
        this.codes = partition.kernels().codes();
        this.store = partition.store();
        this.refines = partition.codec().refined() < 1;
    }

    /**
     * Leaves the best in {@code b.best}, sorted.
     *
     * @param bound only ordinals below it count
     */
    void nearest(QueryBuffers b, float[] query, int k, IntPredicate accept, int bound, Effort effort) {
        System.arraycopy(query, 0, b.query, 0, query.length);
        Arrays.fill(b.query, query.length, b.query.length, 0);
        partition.turn(query, b.turned);
        b.best.reset(k);
        b.prepared = null;
        Directory directory = partition.directory();
        boolean filtered = accept != VectorIndex.ALL;
        int lists = order(b, directory, filtered ? directory.lists().length : probes(effort, k, directory));
        prepare(b, partition.codec());
        if (filtered) {
            int blocks = scanFiltered(b, directory, lists, k, accept, bound, effort);
            readBest(b, blocks * CodeKernel.BLOCK, FILTERED_FIRST * Effort.first(k), bound);
            readWithin(b, blocks * CodeKernel.BLOCK, bound, FILTERED_MARGIN * effort.margin());
        } else {
            int few = Effort.few(lists);
            int blocks = scan(b, directory, 0, few, 0, 0);
            readBest(b, blocks * CodeKernel.BLOCK, Effort.first(k), bound);
            blocks = scan(b, directory, few, lists, blocks, effort.near());
            readWithin(b, blocks * CodeKernel.BLOCK, bound, effort.margin());
        }
        b.best.sort();
    }

    private static void prepare(QueryBuffers b, Codec codec) {
        if (b.prepared != codec.preparation()) {
            codec.prepare(b);
            b.prepared = codec.preparation();
        }
    }

    /** Of so many neighbours that they are no longer near, every list has some. */
    private int probes(Effort effort, double neighbours, Directory directory) {
        return neighbours * FAR_SHARE >= partition.live() ? directory.lists().length : effort.probes(neighbours);
    }

    /** The nearest lists, best first, into {@code b.lists} and {@code b.products}; returns how many. */
    int order(QueryBuffers b, Directory directory, int wanted) {
        InvertedList[] lists = directory.lists();
        int count = lists.length <= COARSE_MIN || wanted >= lists.length / COARSE_SHARE
                ? all(b, lists)
                : candidates(b, directory, wanted + COARSE_SPARE);
        b.lists(count);
        for (int i = 0; i < count; i++) {
            InvertedList list = lists[(int) b.order[i]];
            float product = kernel.dot(list.centre, 0, b.turned, list.centre.length);
            b.order[i] = -sortable(product - list.halfNorm) << Integer.SIZE | b.order[i];
        }
        Arrays.sort(b.order, 0, count);
        int kept = Math.min(wanted, count);
        for (int i = 0; i < kept; i++) {
            InvertedList list = lists[(int) b.order[i]];
            b.lists[i] = (int) b.order[i];
            b.products[i] = list.halfNorm + unsortable((int) -(b.order[i] >> Integer.SIZE));
        }
        return kept;
    }

    private static int all(QueryBuffers b, InvertedList[] lists) {
        b.lists(lists.length);
        int count = 0;
        for (int i = 0; i < lists.length; i++) {
            if (lists[i] != null) {
                b.order[count++] = i;
            }
        }
        return count;
    }

    private int candidates(QueryBuffers b, Directory directory, int wanted) {
        int[] coarse = directory.coarse();
        b.blocks(coarse.length);
        System.arraycopy(coarse, 0, b.blocks, 0, coarse.length);
        b.prepared = null;
        prepare(b, partition.coarse());
        partition.coarse().score(b, store, 0, coarse.length, 0);
        for (int i = 0; i < coarse.length; i++) {
            hide(b, i, store.mask(coarse[i]));
        }
        int places = coarse.length * CodeKernel.BLOCK;
        int count = codes.collect(b.scores, places, codes.threshold(b.scores, places, wanted), b.places);
        b.lists(count);
        for (int i = 0; i < count; i++) {
            b.order[i] = b.places[i];
        }
        return count;
    }

    /** An int that orders as the float does. */
    private static long sortable(float value) {
        int bits = Float.floatToRawIntBits(value);
        return bits ^ (bits >> 31 & Integer.MAX_VALUE);
    }

    private static float unsortable(int bits) {
        return Float.intBitsToFloat(bits ^ (bits >> 31 & Integer.MAX_VALUE));
    }

    /**
     * Estimates what some of the nearest lists hold, except lists of which nothing is likely to be among the best.
     *
     * @param count blocks estimated so far
     * @param near as in {@link Effort}; does not matter before there are enough of the best
     * @return blocks estimated now
     */
    private int scan(QueryBuffers b, Directory directory, int from, int to, int count, float near) {
        int blocks = count;
        for (int i = from; i < to; i++) {
            InvertedList list = directory.lists()[b.lists[i]];
            if (!(b.products[i] + near * list.spread
                    < b.best.threshold())) { // also where infinite times zero is no number
                blocks = scan(b, list, b.products[i] - b.products[0], blocks);
            }
        }
        return blocks;
    }

    private int scan(QueryBuffers b, InvertedList list, float bias, int count) {
        int[] blocks = list.blocks;
        int to = count + blocks.length;
        b.blocks(to);
        System.arraycopy(blocks, 0, b.blocks, count, blocks.length);
        partition.codec().score(b, store, count, to, bias);
        for (int block = count; block < to; block++) {
            hide(b, block, store.mask(b.blocks[block]));
        }
        return to;
    }

    /** Marks the places that a mask lacks, so that no threshold finds them. */
    private static void hide(QueryBuffers b, int block, long mask) {
        for (long hidden = ~mask; hidden != 0; hidden &= hidden - 1) {
            b.scores[block * CodeKernel.BLOCK + Long.numberOfTrailingZeros(hidden)] = Short.MIN_VALUE;
        }
    }

    /**
     * Asks the filter for every vector of a list and scores only blocks that have an accepted one. The share accepted
     * so far says how many of the nearest lists to look into if what is accepted lies anywhere; of the others, those are
     * looked into whose vectors may still reach the best so far.
     */
    private int scanFiltered(
            QueryBuffers b, Directory directory, int lists, int k, IntPredicate accept, int bound, Effort effort) {
        int count = 0;
        long asked = 0;
        long accepted = 0;
        // Of many estimates the best are those that are too high.
        float reach = effort.reach() + FILTERED_MARGIN * effort.margin();
        b.estimated.reset(k);
        for (int i = 0; i < lists; i++) {
            double share = (accepted + 1.0) / (asked + 1.0);
            if (accepted >= (long) SEEN_MIN * k
                    && i >= probes(effort, k / share, directory)
                    && b.products[i] + reach < b.estimated.threshold()) {
                continue;
            }
            int[] blocks = directory.lists()[b.lists[i]].blocks;
            int from = count;
            b.blocks(count + blocks.length);
            b.masks(count + blocks.length);
            for (int block : blocks) {
                long mask = store.mask(block);
                asked += Long.bitCount(mask);
                mask = accepted(block, mask, accept, bound);
                if (mask != 0) {
                    accepted += Long.bitCount(mask);
                    b.masks[count] = mask;
                    b.blocks[count++] = block;
                }
            }
            partition.codec().score(b, store, from, count, b.products[i] - b.products[0]);
            for (int block = from; block < count; block++) {
                hide(b, block, b.masks[block]);
                estimate(b, block);
            }
        }
        return count;
    }

    /** Lets the accepted vectors of a block take part among the best by estimate. */
    private static void estimate(QueryBuffers b, int block) {
        float base = base(b);
        for (long left = b.masks[block]; left != 0; left &= left - 1) {
            int place = block * CodeKernel.BLOCK + Long.numberOfTrailingZeros(left);
            float score = b.scores[place] / b.scale + base;
            if (score >= b.estimated.threshold()) {
                b.estimated.offer(place, 0, score);
            }
        }
    }

    private long accepted(int block, long mask, IntPredicate accept, int bound) {
        long accepted = 0;
        for (long left = mask; left != 0; left &= left - 1) {
            int place = Long.numberOfTrailingZeros(left);
            int ordinal = store.ordinal(block, place);
            if (ordinal >= 0 && ordinal < bound && accept.test(ordinal)) {
                accepted |= 1L << place;
            }
        }
        return accepted;
    }

    /** Reads those in full whose estimates are best: {@code first} of them, and all that are as good as the last. */
    private void readBest(QueryBuffers b, int count, int first, int bound) {
        int wanted = refines ? REFINED_FIRST * first : first;
        int found = codes.collect(b.scores, count, codes.threshold(b.scores, count, wanted), b.places);
        read(b, refines ? refinedBest(b, found, first) : found, bound, Float.MAX_VALUE);
    }

    /** Leaves the best of some places in {@code b.places}, after a second look. */
    private int refinedBest(QueryBuffers b, int found, int wanted) {
        partition.codec().refine(b, store, found);
        b.estimated.reset(wanted);
        for (int i = 0; i < found; i++) {
            int place = b.places[i];
            if (b.scores[place] >= b.estimated.threshold()) {
                b.estimated.offer(place, 0, b.scores[place]);
            }
        }
        for (int i = 0; i < b.estimated.held(); i++) {
            b.places[i] = b.estimated.ordinal(i);
        }
        return b.estimated.held();
    }

    /** And then all others that may still be among the best. */
    private void readWithin(QueryBuffers b, int count, int bound, float margin) {
        int found = codes.collect(b.scores, count, least(b, margin), b.places);
        if (refines) {
            partition.codec().refine(b, store, found);
        }
        read(b, found, bound, margin * partition.codec().refined());
    }

    /** The lowest estimate that may still be among the best. */
    private static int least(QueryBuffers b, float margin) {
        return b.best.full() ? reach(b.best.threshold() - margin - base(b), b.scale) : Short.MIN_VALUE + 1;
    }

    /** The inner product of an estimate of 0. */
    private static float base(QueryBuffers b) {
        return b.base + b.products[0];
    }

    private static int reach(float product, float scale) {
        return (int) Math.max(Short.MIN_VALUE + 1, Math.min(Math.floor(product * scale), Short.MAX_VALUE));
    }

    /** Some at a time: what these bring may leave others out that were to be read. */
    private void read(QueryBuffers b, int found, int bound, float margin) {
        for (int from = 0; from < found; from += AT_ONCE) {
            read(b, from, Math.min(from + AT_ONCE, found), bound, least(b, margin));
        }
    }

    /**
     * Products of the vectors in {@code b.places} with their rows; each counts as done afterwards. Of a vector without a row
     * the estimate is all there is. The memory of all of them is
     * touched before the first is multiplied: waiting for memory is most of the cost, and this way the waits overlap.
     */
    private void read(QueryBuffers b, int from, int to, int bound, int least) {
        int candidates = 0;
        int touched = 0;
        for (int i = from; i < to; i++) {
            int place = b.places[i];
            short score = b.scores[place];
            b.scores[place] = Short.MIN_VALUE;
            int block = b.blocks[place >> 6];
            int ordinal = score < least ? -1 : store.ordinal(block, place & 63);
            if (ordinal < 0 || ordinal >= bound) {
                continue;
            }
            int row = rows.row(ordinal);
            if (row < 0) {
                continue;
            }
            RowSlab slab = rows.slab(row);
            if (!slab.precision().hasRow()) {
                offer(b, ordinal, row, score / b.scale + base(b));
                continue;
            }
            b.candidates[candidates] = ordinal;
            b.rows[candidates++] = row;
            touched += touch(slab.memory(), rows.place(row) * slab.stride(), (int) slab.stride());
        }
        b.touched = touched;
        for (int i = 0; i < candidates; i++) {
            int row = b.rows[i];
            offer(b, b.candidates[i], row, rows.dot(kernel, b.candidates[i], row, b.query));
        }
    }

    private static void offer(QueryBuffers b, int ordinal, int row, float score) {
        if (score >= b.best.threshold()) {
            b.best.offer(ordinal, row, score);
        }
    }

    private static int touch(MemorySegment slab, long offset, int bytes) {
        int sum = 0;
        for (int line = 0; line < bytes; line += LINE) {
            sum += slab.get(ValueLayout.JAVA_BYTE, offset + line);
        }
        return sum;
    }
}
