package ai.postdev.dragon.lake.vector;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Vectors in lists around centres, each list's codes in blocks. One writer; readers take {@link #directory()} after they
 * have entered. A list that outgrows its bound is split on the spot, one that empties is dropped: nothing is ever built
 * anew as a whole here.
 */
final class Partition {
    private final Kernels kernels;
    private final VectorRows rows;
    private final BlockStore store;
    private final Codec codec;
    private final Codec coarse;
    private final Rotation rotation;
    private final int length;
    private final float[] mean;
    private final boolean compact;
    private final IntPages placeOf = new IntPages();
    private final IntPages listOf = new IntPages();
    private final Encoding encoding;
    private final QueryBuffers buffers;
    private final PartitionSearch search;
    private final float[] turned;
    private volatile Directory directory = new Directory(new InvertedList[0], new int[0]);
    private volatile int live;
    private int splits;

    /**
     * An empty partition.
     *
     * @param codec for vectors less their list's centre
     * @param coarse for the centres
     * @param rotation null if the vectors need none
     * @param mean of the centres
     * @param compact whether codes are to do without rows: then lists are never split, as that reads their rows
     */
    Partition(
            Kernels kernels,
            VectorRows rows,
            BlockStore store,
            Codec codec,
            Codec coarse,
            Rotation rotation,
            float[] mean,
            boolean compact) {
        this.kernels = kernels;
        this.rows = rows;
        this.store = store;
        this.codec = codec;
        this.coarse = coarse;
        this.rotation = rotation;
        this.length = mean.length;
        this.mean = mean;
        this.compact = compact;
        this.encoding = new Encoding(length);
        this.buffers = new QueryBuffers(rows.length(), length);
        this.turned = new float[length];
        this.search = new PartitionSearch(this);
    }

    /** Numbers of a code: the dimensions, rounded up to whole rows of codes. */
    static int codeLength(int dimensions) {
        return (dimensions + 7) / 8 * 8;
    }

    Kernels kernels() {
        return kernels;
    }

    VectorRows rows() {
        return rows;
    }

    BlockStore store() {
        return store;
    }

    Codec codec() {
        return codec;
    }

    Codec coarse() {
        return coarse;
    }

    Directory directory() {
        return directory;
    }

    PartitionSearch search() {
        return search;
    }

    /** Vectors held. */
    int live() {
        return live;
    }

    /** Lists split so far. Writer only. */
    int splits() {
        return splits;
    }

    int lists() {
        int count = 0;
        for (InvertedList list : directory.lists()) {
            count += list == null ? 0 : 1;
        }
        return count;
    }

    /** Whether codes do without rows. */
    boolean isCompact() {
        return compact;
    }

    /** Null if vectors need none. */
    Rotation rotation() {
        return rotation;
    }

    /** Block and place of a vector, or -1. A reader asks again after it has read: the vector may have moved. */
    int place(int ordinal) {
        return placeOf.get(ordinal);
    }

    /** The list of a vector, or -1. As {@link #place}. */
    int list(int ordinal) {
        int place = placeOf.get(ordinal);
        return place < 0 ? -1 : listOf.get(place >>> 6);
    }

    /** A vector in the space of the codes, zeros up to the end of {@code to}. */
    void turn(float[] vector, float[] to) {
        System.arraycopy(vector, 0, to, 0, rows.dimensions());
        Arrays.fill(to, rows.dimensions(), to.length, 0);
        if (rotation != null) {
            rotation.apply(to);
        }
    }

    /** Vectors of one list beyond which it is split: a multiple of the size at which lists and their number cost alike. */
    private int splitAbove() {
        return (int) Math.max(4 * CodeKernel.BLOCK, 2.2 * Math.sqrt(live));
    }

    /** Adds a list under the next number. Writer only. */
    void addList(float[] centre) {
        replace(directory.lists().length, new InvertedList(centre));
    }

    private void replace(int number, InvertedList list) {
        int[] gone = directory.coarse();
        directory = with(directory, number, list);
        retireCoarse(gone);
    }

    /** A directory with another list under a number; the block of its centre's code is a copy. */
    private Directory with(Directory old, int number, InvertedList list) {
        InvertedList[] lists = Arrays.copyOf(old.lists(), Math.max(number + 1, old.lists().length));
        lists[number] = list;
        int at = number / CodeKernel.BLOCK;
        int place = number % CodeKernel.BLOCK;
        int[] blocks = Arrays.copyOf(old.coarse(), Math.max(at + 1, old.coarse().length));
        int block = at == old.coarse().length ? store.allocate() : store.copy(old.coarse()[at]);
        blocks[at] = block;
        if (list == null) {
            store.vacate(block, place);
        } else {
            encoding.clear();
            encoding.add(list.centre, 0, new float[length], -list.halfNorm);
            coarse.encode(encoding, mean);
            coarse.write(encoding, 0, store.segment(block), store.offset(block) + BlockStore.CODES, place);
            store.occupy(block, place, number);
        }
        return new Directory(lists, blocks);
    }

    private void retireCoarse(int[] old) {
        int[] present = directory.coarse();
        for (int i = 0; i < old.length; i++) {
            if (old[i] != present[i]) {
                store.retire(old[i]);
            }
        }
    }

    /** Adds a vector; readers that enter from now on find it. Writer only. */
    void add(int ordinal, float[] vector) {
        turn(vector, turned);
        System.arraycopy(turned, 0, buffers.turned, 0, length);
        search.order(buffers, directory, 1);
        int number = buffers.lists[0];
        InvertedList list = directory.lists()[number];
        encoding.clear();
        encoding.add(turned, 0, list.centre, 0);
        codec.encode(encoding, list.centre);
        put(encoding, number, list, 0, ordinal);
        if (!compact && list.live > Math.max(splitAbove(), list.splitAbove)) {
            split(number, list);
        }
    }

    /** Adds the vectors in {@code encoding} to a list. Writer only. */
    void addAll(int number, Encoding many, int[] ordinals, int from) {
        InvertedList list = directory.lists()[number];
        codec.encode(many, list.centre);
        for (int v = 0; v < many.count; v++) {
            put(many, number, list, v, ordinals[from + v]);
        }
    }

    private void put(Encoding from, int number, InvertedList list, int v, int ordinal) {
        int[] blocks = list.blocks;
        int block = -1;
        for (int i = blocks.length - 1; i >= 0 && block < 0; i--) {
            block = store.mask(blocks[i]) == -1L ? -1 : blocks[i];
        }
        boolean fresh = block < 0;
        if (fresh) {
            block = store.allocate();
            listOf.set(block, number);
        }
        int place = Long.numberOfTrailingZeros(~store.mask(block));
        codec.write(from, v, store.segment(block), store.offset(block) + BlockStore.CODES, place);
        store.occupy(block, place, ordinal);
        placeOf.set(ordinal, block << 6 | place);
        if (fresh) {
            blocks = Arrays.copyOf(blocks, blocks.length + 1);
            blocks[blocks.length - 1] = block;
            list.blocks = blocks;
        }
        list.live++;
        live = live + 1;
    }

    /** Removes a vector whose ordinal has lost its row already. Writer only. */
    boolean remove(int ordinal) {
        int at = placeOf.get(ordinal);
        if (at < 0) {
            return false;
        }
        placeOf.set(ordinal, -1);
        int block = at >>> 6;
        store.vacate(block, at & 63);
        int number = listOf.get(block);
        InvertedList list = directory.lists()[number];
        list.live--;
        live = live - 1;
        if (list.live == 0 && lists() > 1) {
            int[] gone = list.blocks;
            replace(number, null);
            store.retire(gone);
        } else if ((list.live + CodeKernel.BLOCK - 1) / CodeKernel.BLOCK < list.blocks.length - 1) {
            pack(number, list);
        }
        return true;
    }

    /** Moves a list into as few blocks as it needs. Readers inside keep the old ones. */
    private void pack(int number, InvertedList list) {
        int[] old = list.blocks;
        int[] packed = new int[(list.live + CodeKernel.BLOCK - 1) / CodeKernel.BLOCK];
        int moved = 0;
        for (int block : old) {
            MemorySegment from = store.segment(block);
            long fromCodes = store.offset(block) + BlockStore.CODES;
            for (long left = store.mask(block); left != 0; left &= left - 1) {
                int place = Long.numberOfTrailingZeros(left);
                if (moved % CodeKernel.BLOCK == 0) {
                    packed[moved / CodeKernel.BLOCK] = store.allocate();
                    listOf.set(packed[moved / CodeKernel.BLOCK], number);
                }
                int to = packed[moved / CodeKernel.BLOCK];
                int toPlace = moved++ % CodeKernel.BLOCK;
                codec.copy(from, fromCodes, place, store.segment(to), store.offset(to) + BlockStore.CODES, toPlace);
                int ordinal = store.ordinal(block, place);
                store.occupy(to, toPlace, ordinal);
                placeOf.set(ordinal, to << 6 | toPlace);
            }
        }
        list.blocks = packed;
        store.retire(old);
    }

    /** Two centres in place of one, by a few rounds of k-means among the list's own vectors. */
    private void split(int number, InvertedList list) {
        Members members = members(list);
        float[][] centres = Halving.of(kernels.vectors(), members.vectors, members.count, length, members.second);
        if (centres == null) {
            list.splitAbove = 2 * list.live; // all the same vector: two lists would be no better than one
            return;
        }
        int[] old = list.blocks;
        InvertedList[] halves = {new InvertedList(centres[0]), new InvertedList(centres[1])};
        int next = directory.lists().length;
        live = live - list.live;
        fill(members, false, number, halves[0]);
        fill(members, true, next, halves[1]);
        int[] oldCoarse = directory.coarse();
        Directory between = with(directory, next, halves[1]);
        directory = with(between, number, halves[0]); // both at once: a reader finds each vector, and finds it once
        retireCoarse(oldCoarse);
        if (between.coarse()[number / CodeKernel.BLOCK] != oldCoarse[number / CodeKernel.BLOCK]) {
            store.retire(between.coarse()[number / CodeKernel.BLOCK]);
        }
        store.retire(old);
        splits++;
    }

    private void fill(Members members, boolean second, int number, InvertedList list) {
        encoding.clear();
        int[] chosen = new int[CodeKernel.BLOCK];
        for (int i = 0; i < members.count; i++) {
            if (members.second[i] == second) {
                chosen[encoding.count] = i;
                encoding.add(members.vectors, i * length, list.centre, 0);
                if (encoding.count == CodeKernel.BLOCK) {
                    flush(members, chosen, number, list);
                }
            }
        }
        flush(members, chosen, number, list);
    }

    private void flush(Members members, int[] chosen, int number, InvertedList list) {
        codec.encode(encoding, list.centre);
        for (int v = 0; v < encoding.count; v++) {
            put(encoding, number, list, v, members.ordinals[chosen[v]]);
        }
        encoding.clear();
    }

    private record Members(int count, int[] ordinals, float[] vectors, boolean[] second) {}

    private Members members(InvertedList list) {
        int[] ordinals = new int[list.live];
        float[] vectors = new float[list.live * length];
        float[] vector = new float[rows.dimensions()];
        int count = 0;
        for (int block : list.blocks) {
            for (long left = store.mask(block); left != 0; left &= left - 1) {
                int place = Long.numberOfTrailingZeros(left);
                ordinals[count] = store.ordinal(block, place);
                int row = rows.row(ordinals[count]);
                if (row >= 0) {
                    rows.read(row, vector, 0);
                    turn(vector, turned);
                }
                // One that is being removed, while this partition is still being built, may count as the centre.
                System.arraycopy(row >= 0 ? turned : list.centre, 0, vectors, count++ * length, length);
            }
        }
        return new Members(count, ordinals, vectors, new boolean[count]);
    }

    long memoryBytes() {
        Directory present = directory;
        return store.memoryBytes()
                + placeOf.memoryBytes()
                + listOf.memoryBytes()
                + codec.memoryBytes()
                + coarse.memoryBytes()
                + (rotation == null ? 0 : rotation.memoryBytes())
                + (long) present.lists().length * (length + 8) * Float.BYTES;
    }
}
