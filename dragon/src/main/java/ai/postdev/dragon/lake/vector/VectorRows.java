package ai.postdev.dragon.lake.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The vectors themselves: rows of floats in off-heap slabs. Each vector has an ordinal, never used twice, and a row,
 * used again once its vector is removed. One writer, readers on any thread.
 *
 * <p>A reader that works on a row while the writer reuses it may read a mixture. It finds out by asking afterwards
 * whether the ordinal still has that row ({@link #stands}): the ordinal loses its row before the row is written again.
 */
final class VectorRows {
    private static final long SLAB_BYTES = 1 << 20;
    private static final int SLAB_ROWS_MIN = 64;
    private static final int LINE = 64;

    private final int dimensions;
    private final int length;
    private final long stride;
    private final int bits;
    private final OffHeap memory = OffHeap.of(this);
    private final IntPages rowOf = new IntPages();
    private final IntPages ordinalOf = new IntPages();
    private volatile MemorySegment[] slabs = {};
    private volatile int ordinals;
    private int rows;
    private int[] free = new int[16];
    private int freed;

    VectorRows(int dimensions) {
        if (dimensions < 1) {
            throw new IllegalArgumentException("vectors need at least one dimension, found " + dimensions);
        }
        this.dimensions = dimensions;
        this.stride = (dimensions * (long) Float.BYTES + LINE - 1) / LINE * LINE;
        this.length = (int) (stride / Float.BYTES);
        this.bits = Integer.numberOfTrailingZeros(
                Integer.highestOneBit((int) Math.max(SLAB_ROWS_MIN, SLAB_BYTES / stride)));
    }

    int dimensions() {
        return dimensions;
    }

    /** Floats of a row, the zeros at its end included: a query padded to it needs no remainder loop. */
    int length() {
        return length;
    }

    long stride() {
        return stride;
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

    /** Adds a vector and returns its ordinal. Writer only. */
    int add(float[] vector) {
        if (vector.length != dimensions) {
            throw new IllegalArgumentException(
                    "a vector of " + vector.length + " numbers, this index holds vectors of " + dimensions);
        }
        int row = freed > 0 ? free[--freed] : rows;
        int slab = row >>> bits;
        if (slab == slabs.length) {
            MemorySegment[] more = Arrays.copyOf(slabs, slab + 1);
            more[slab] = memory.allocate(stride << bits);
            slabs = more;
        }
        MemorySegment.copy(vector, 0, slabs[slab], ValueLayout.JAVA_FLOAT, offset(row), dimensions);
        int ordinal = ordinals;
        ordinalOf.set(row, ordinal);
        rowOf.set(ordinal, row);
        rows = Math.max(rows, row + 1);
        ordinals = ordinal + 1;
        return ordinal;
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
        ordinalOf.set(row, -1);
        VarHandle.fullFence(); // the row is written again only after readers can see that it is nobody's
        slabs[row >>> bits].asSlice(offset(row), stride).fill((byte) 0);
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

    /** The vector in a row, or -1. */
    int ordinal(int row) {
        return ordinalOf.get(row);
    }

    /** Whether what was just read from {@code row} was the vector of {@code ordinal}. */
    boolean stands(int ordinal, int row) {
        VarHandle.acquireFence();
        return rowOf.get(ordinal) == row;
    }

    MemorySegment slab(int row) {
        return slabs[row >>> bits];
    }

    MemorySegment[] slabs() {
        return slabs;
    }

    /** Bytes from the start of its slab to a row. */
    long offset(int row) {
        return (row & ((1 << bits) - 1)) * stride;
    }

    /** Copies a row. */
    void read(int row, float[] to, int at) {
        MemorySegment.copy(slab(row), ValueLayout.JAVA_FLOAT, offset(row), to, at, dimensions);
    }

    /** A copy of a vector, or null if it was removed. */
    float[] vector(int ordinal) {
        int row = row(ordinal);
        if (row < 0) {
            return null;
        }
        float[] copy = new float[dimensions];
        read(row, copy, 0);
        return stands(ordinal, row) ? copy : null;
    }

    long memoryBytes() {
        return slabs.length * (stride << bits)
                + rowOf.memoryBytes()
                + ordinalOf.memoryBytes()
                + (long) free.length * Integer.BYTES;
    }
}
