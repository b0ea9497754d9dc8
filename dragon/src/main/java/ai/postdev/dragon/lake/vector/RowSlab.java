package ai.postdev.dragon.lake.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Off-heap memory for some rows of one precision. Freed by {@link #free}, or when nothing can reach it any more; who reads
 * it must keep it reachable meanwhile. Not {@code Arena.ofAuto}, which counts against the limit of direct buffers and so
 * against the size of the heap.
 */
final class RowSlab {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final long LINE = 64;

    private final Precision precision;
    private final int length;
    private final long stride;
    private final MemorySegment memory;
    /** The vector in each row, or -1; null where there are no rows. */
    private final AtomicIntegerArray ordinals;

    private final Cleaner.Cleanable freed;

    /**
     * Zeros.
     *
     * @param ordinals the vector in each row, or -1; not kept where there are no rows
     */
    RowSlab(Precision precision, int length, int rows, AtomicIntegerArray ordinals) {
        Arena arena = Arena.ofShared();
        this.precision = precision;
        this.length = length;
        this.stride = precision.stride(length);
        this.memory = arena.allocate(rows * stride, LINE);
        this.ordinals = precision.hasRow() ? ordinals : null;
        this.freed = CLEANER.register(this, arena::close);
    }

    Precision precision() {
        return precision;
    }

    long stride() {
        return stride;
    }

    long bytes() {
        return memory.byteSize();
    }

    /** The vector in each row, or -1; null where there are no rows. */
    AtomicIntegerArray ordinals() {
        return ordinals;
    }

    /** The vector in a row, or -1, also where that is not kept. */
    int ordinal(int place) {
        return ordinals == null ? -1 : ordinals.get(place);
    }

    void ordinal(int place, int ordinal) {
        if (ordinals != null) {
            ordinals.set(place, ordinal);
        }
    }

    MemorySegment memory() {
        return memory;
    }

    void write(int place, float[] vector) {
        RowCode.write(precision, vector, length, memory, place * stride);
    }

    void clear(int place) {
        memory.asSlice(place * stride, stride).fill((byte) 0);
    }

    void read(int place, float[] to, int at, int count) {
        RowCode.read(precision, memory, place * stride, length, to, at, count);
    }

    float dot(VectorKernel kernel, int place, float[] query) {
        return RowCode.dot(kernel, precision, memory, place * stride, query, length);
    }

    /** Products of a query with the first {@code count} rows. */
    void scores(VectorKernel kernel, int count, float[] query, float[] scores) {
        if (precision == Precision.FLOAT) {
            kernel.scores(memory, stride, 0, count, query, length, scores);
            return;
        }
        for (int place = 0; place < count; place++) {
            scores[place] = dot(kernel, place, query);
        }
    }

    /** Gives the memory back; nobody reads it any more. */
    void free() {
        freed.clean();
    }
}
