package ai.postdev.dragon.lake.vector;

import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;

/**
 * The vectors themselves: rows in off-heap slabs, each slab of one {@link Precision}. Each vector has an ordinal, never used
 * twice, and a row, used again once its vector is removed. One writer; readers on any thread, inside a {@link Readers.Visit}
 * if slabs are ever replaced.
 *
 * <p>A reader that works on a row while the writer reuses it may read a mixture. It finds out by asking afterwards
 * whether the ordinal still has that row ({@link #stands}): the ordinal loses its row before the row is written again.
 */
final class VectorRows {
    private static final long SLAB_BYTES = 1 << 20;
    private static final int SLAB_ROWS_MIN = 64;
    private static final int REGISTER = 16;

    /** Bytes of a code beside its bits, about: names, corrections, unused places. */
    private static final int CODE_BESIDE = 24;

    /** Reads vectors without a row. */
    interface Codes {
        /**
         * What is known of a vector.
         *
         * @param to receives its numbers from the start on
         * @return whether it is there
         */
        boolean read(int ordinal, float[] to);
    }

    /** While every vector has a row. */
    static final Codes NO_CODES = (_, _) -> false;

    /** A slab that was replaced in an epoch. */
    private record Retired(RowSlab slab, long epoch) {}

    private final int dimensions;
    private final int length;
    private final int bits;
    private final Readers readers;
    private final IntPages rowOf = new IntPages();
    private final ArrayDeque<Retired> retired = new ArrayDeque<>();
    private volatile RowSlab[] slabs = {};
    private volatile Precision precision = Precision.FLOAT;
    private volatile Codes codes = NO_CODES;
    /** Slabs without rows. */
    private volatile int rowless;

    private volatile int ordinals;
    private int rows;
    private int[] free = new int[16];
    private int freed;

    /** @param readers who may be reading when a slab is replaced */
    VectorRows(int dimensions, Readers readers) {
        if (dimensions < 1) {
            throw new IllegalArgumentException("vectors need at least one dimension, found " + dimensions);
        }
        this.dimensions = dimensions;
        this.length = length(dimensions);
        this.bits = Integer.numberOfTrailingZeros(
                Integer.highestOneBit((int) Math.max(SLAB_ROWS_MIN, SLAB_BYTES / Precision.FLOAT.stride(length))));
        this.readers = readers;
    }

    /** Numbers of a row, the zeros at its end included: a query padded to it needs no remainder loop. */
    static int length(int dimensions) {
        return (dimensions + REGISTER - 1) / REGISTER * REGISTER;
    }

    int dimensions() {
        return dimensions;
    }

    /** Numbers of a row, the zeros at its end included. */
    int length() {
        return length;
    }

    /** Rows of one slab. */
    int slabRows() {
        return 1 << bits;
    }

    /** Ordinals given out so far; those below it are readable. */
    int ordinals() {
        return ordinals;
    }

    /** Rows in use or free. Writer, or a reader who accepts a bound that is growing. */
    int rows() {
        return rows;
    }

    /** Vectors held. Writer only. */
    int live() {
        return rows - freed;
    }

    /** Bytes that the next {@link #add} takes besides what is held already. Writer only. */
    long growth() {
        long each = precision.hasRow() ? precision.stride(length) : length / Byte.SIZE + CODE_BESIDE;
        return freed > 0 || rows >>> bits < slabs.length ? 0 : each << bits;
    }

    /** Adds a vector and returns its ordinal. Writer only. */
    int add(float[] vector) {
        if (vector.length != dimensions) {
            throw new IllegalArgumentException(
                    "a vector of " + vector.length + " numbers, this index holds vectors of " + dimensions);
        }
        int row = freed > 0 ? free[--freed] : rows;
        int slab = row >>> bits;
        if (slab == slabs.length) {
            RowSlab[] more = Arrays.copyOf(slabs, slab + 1);
            more[slab] = new RowSlab(precision, length, slabRows(), nobodys());
            slabs = more;
            rowless += precision.hasRow() ? 0 : 1;
        }
        slabs[slab].write(place(row), vector);
        int ordinal = ordinals;
        slabs[slab].ordinal(place(row), ordinal);
        rowOf.set(ordinal, row);
        rows = Math.max(rows, row + 1);
        ordinals = ordinal + 1;
        return ordinal;
    }

    private AtomicIntegerArray nobodys() {
        int[] nobody = new int[slabRows()];
        Arrays.fill(nobody, -1);
        return new AtomicIntegerArray(nobody);
    }

    /** Gives out an ordinal without a row. Writer only. */
    int skip() {
        int ordinal = ordinals;
        ordinals = ordinal + 1;
        return ordinal;
    }

    /** Whether an ordinal has a row now. Any thread. */
    boolean holds(int ordinal) {
        return ordinal >= 0 && ordinal < ordinals && rowOf.get(ordinal) >= 0;
    }

    /** Removes a vector: its row is free for the next one. Writer only. */
    boolean remove(int ordinal) {
        int row = ordinal < 0 || ordinal >= ordinals ? -1 : rowOf.get(ordinal);
        if (row < 0) {
            return false;
        }
        rowOf.set(ordinal, -1);
        slab(row).ordinal(place(row), -1);
        VarHandle.fullFence(); // the row is written again only after readers can see that it is nobody's
        slabs[row >>> bits].clear(place(row));
        if (freed == free.length) {
            free = Arrays.copyOf(free, 2 * freed);
        }
        free[freed++] = row;
        return true;
    }

    /** The row of a vector, or -1 if it was removed. */
    int row(int ordinal) {
        return rowOf.get(ordinal);
    }

    /** The vector in a row, or -1; of a vector without a row it is not known. */
    int ordinal(int row) {
        return slab(row).ordinal(place(row));
    }

    /** Whether some vectors have no row. Any thread. */
    boolean lacksRows() {
        return rowless > 0;
    }

    /** Where vectors without a row are read from now on. Writer only. */
    void codes(Codes partition) {
        codes = partition;
    }

    /** Whether what was just read from {@code row} was the vector of {@code ordinal}. */
    boolean stands(int ordinal, int row) {
        VarHandle.acquireFence();
        return rowOf.get(ordinal) == row;
    }

    /** The slab of a row. */
    RowSlab slab(int row) {
        return slabs[row >>> bits];
    }

    /** Where in its slab a row is. */
    int place(int row) {
        return row & ((1 << bits) - 1);
    }

    /** The product of a query, padded to {@link #length()}, with the row of a vector, or with its code if it has none. */
    float dot(VectorKernel kernel, int ordinal, int row, float[] query) {
        RowSlab slab = slab(row);
        if (slab.precision().hasRow()) {
            return slab.dot(kernel, place(row), query);
        }
        float[] vector = new float[length];
        return codes.read(ordinal, vector) ? kernel.dot(vector, 0, query, length) : Float.NEGATIVE_INFINITY;
    }

    /** Copies a row; its vector must have one. */
    void read(int row, float[] to, int at) {
        slab(row).read(place(row), to, at, dimensions);
    }

    /** A copy of a vector, or null if it was removed. */
    float[] vector(int ordinal) {
        int row = row(ordinal);
        if (row < 0) {
            return null;
        }
        float[] copy = new float[dimensions];
        RowSlab slab = slab(row);
        if (slab.precision().hasRow()) {
            slab.read(place(row), copy, 0, dimensions);
        } else if (!codes.read(ordinal, copy)) {
            return null;
        }
        return stands(ordinal, row) ? copy : null;
    }

    // ---- precision

    /** What rows of further slabs are kept in. Any thread. */
    Precision precision() {
        return precision;
    }

    /** From now on further slabs are of this precision. Writer only. */
    void precision(Precision next) {
        precision = next;
    }

    /**
     * Writes the first slab that is kept more exactly than {@code to} anew in the next lower precision, and frees what
     * nobody reads any more. Writer only.
     *
     * @return whether there was one
     */
    boolean lowerOne(Precision to) {
        RowSlab[] all = slabs;
        for (int slab = 0; slab < all.length; slab++) {
            if (all[slab].precision().compareTo(to) < 0) {
                replace(slab, all[slab].precision().lower().orElseThrow(), Map.of());
                return true;
            }
        }
        return false;
    }

    /**
     * Writes a slab anew in floats.
     *
     * @param exact vectors of its rows that are to be written as they are; the others are written as they are kept now
     */
    void raise(int slab, Map<Integer, float[]> exact) {
        replace(slab, Precision.FLOAT, exact);
    }

    private void replace(int number, Precision next, Map<Integer, float[]> exact) {
        RowSlab old = slabs[number];
        RowSlab fresh =
                new RowSlab(next, length, slabRows(), old.precision().hasRow() ? old.ordinals() : there(number));
        float[] vector = new float[dimensions];
        for (int place = 0; place < slabRows() && next.hasRow(); place++) {
            int row = number << bits | place;
            int ordinal = fresh.ordinal(place);
            if (ordinal >= 0 && exact.containsKey(row)) {
                fresh.write(place, exact.get(row));
            } else if (ordinal >= 0 && old.precision().hasRow()) {
                old.read(place, vector, 0, dimensions);
                fresh.write(place, vector);
            } else if (ordinal >= 0 && codes.read(ordinal, vector)) {
                fresh.write(place, vector);
            }
        }
        RowSlab[] all = slabs.clone();
        all[number] = fresh;
        slabs = all;
        rowless += (next.hasRow() ? 0 : 1) - (old.precision().hasRow() ? 0 : 1);
        retired.add(new Retired(old, readers.next()));
        reclaim();
    }

    /** The vectors that belong into the rows of a slab, which need not be there. Any thread; looks at all ordinals. */
    private AtomicIntegerArray there(int slab) {
        AtomicIntegerArray there = nobodys();
        int bound = ordinals;
        for (int ordinal = 0; ordinal < bound; ordinal++) {
            int row = rowOf.get(ordinal);
            if (row >>> bits == slab) {
                there.set(place(row), ordinal);
            }
        }
        return there;
    }

    /** The ordinals of the first slab that is not kept in floats; none if there is none. Any thread. */
    int[] lowered() {
        RowSlab[] all = slabs;
        for (int slab = 0; slab < all.length; slab++) {
            if (all[slab].precision() != Precision.FLOAT) {
                AtomicIntegerArray ordinalOf = all[slab].precision().hasRow() ? all[slab].ordinals() : there(slab);
                int[] there = IntStream.range(0, slabRows())
                        .map(ordinalOf::get)
                        .filter(ordinal -> ordinal >= 0)
                        .toArray();
                if (there.length > 0) {
                    return there;
                }
            }
        }
        return new int[0];
    }

    /** Frees replaced slabs that nobody reads any more. Writer only. */
    void reclaim() {
        while (!retired.isEmpty() && readers.passed(retired.peek().epoch())) {
            retired.poll().slab().free();
        }
    }

    /** How many vectors are kept in each precision. Writer only. */
    Map<Precision, Integer> kept() {
        Map<Precision, Integer> kept = new EnumMap<>(Precision.class);
        RowSlab[] all = slabs;
        if (all.length == 0) {
            return kept;
        }
        for (Precision each : Precision.values()) {
            int full = 0;
            for (int slab = 0; slab < all.length; slab++) {
                int there = Math.min(slabRows(), rows - (slab << bits));
                full += all[slab].precision() == each ? there : 0;
            }
            // Free rows lie anywhere; that a precision has its share of them is near enough.
            int live = (int) Math.round((double) full * live() / Math.max(1, rows));
            if (live > 0) {
                kept.put(each, live);
            }
        }
        return kept;
    }

    /** Bytes that would be given back if all rows were kept in this precision, the lowest possible. Writer only. */
    long givableBytes(Precision lowest) {
        long bytes = 0;
        long least = lowest.stride(length) << bits;
        for (RowSlab slab : slabs) {
            bytes += slab.bytes() - least;
        }
        return bytes;
    }

    /** Bytes that keeping all rows in floats would take besides what is held. Writer only. */
    long missingBytes() {
        long bytes = 0;
        long most = Precision.FLOAT.stride(length) << bits;
        for (RowSlab slab : slabs) {
            bytes += most - slab.bytes();
        }
        return bytes;
    }

    /** Writer only. */
    long memoryBytes() {
        long bytes = 0;
        for (RowSlab slab : slabs) {
            bytes += slab.bytes() + (slab.precision().hasRow() ? (long) Integer.BYTES << bits : 0);
        }
        for (Retired each : retired) {
            bytes += each.slab().bytes();
        }
        return bytes + rowOf.memoryBytes() + (long) free.length * Integer.BYTES;
    }
}
