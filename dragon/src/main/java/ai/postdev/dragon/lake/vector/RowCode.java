package ai.postdev.dragon.lake.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Writes and reads rows in each {@link Precision}. Codes are uniform, their range each vector's own; the scale is the one
 * for which the product of the vector with its own code is right, as a code is otherwise shorter than its vector (the
 * estimator of Gao and Long, "RaBitQ", SIGMOD 2024, for other code words). Four-bit codes of number {@code i} and of number
 * {@code i + length / 2} share a byte. Stateless.
 */
final class RowCode {
    private static final int BYTE_MAX = 127;
    /** Codes 0 to 15 stand for -7.5 to 7.5. */
    static final float NIBBLE_MIDDLE = 7.5f;

    private static final int NIBBLE_MAX = 15;
    private static final int NIBBLE_BITS = 4;

    private RowCode() {}

    /**
     * Writes one row.
     *
     * @param vector the numbers are at its start; what it lacks to {@code length} is written as zeros
     * @param length numbers of a row
     */
    static void write(Precision precision, float[] vector, int length, MemorySegment to, long at) {
        switch (precision) {
            case FLOAT ->
                MemorySegment.copy(vector, 0, to, ValueLayout.JAVA_FLOAT, at, Math.min(length, vector.length));
            case BYTE -> writeBytes(vector, length, to, at);
            case NIBBLE -> writeNibbles(vector, length, to, at);
            case BIT -> {}
        }
    }

    private static float extreme(float[] vector) {
        float extreme = 0;
        for (float x : vector) {
            extreme = Math.max(extreme, Math.abs(x));
        }
        return extreme;
    }

    private static float at(float[] vector, int i) {
        return i < vector.length ? vector[i] : 0;
    }

    private static void writeBytes(float[] vector, int length, MemorySegment to, long at) {
        float step = extreme(vector) / BYTE_MAX;
        double squares = 0;
        double product = 0;
        for (int i = 0; i < length; i++) {
            float x = at(vector, i);
            byte code = step > 0 ? (byte) Math.round(x / step) : 0;
            to.set(ValueLayout.JAVA_BYTE, at + i, code);
            squares += (double) x * x;
            product += (double) x * code;
        }
        scale(Precision.BYTE, length, squares, product, to, at);
    }

    private static void writeNibbles(float[] vector, int length, MemorySegment to, long at) {
        float step = extreme(vector) / NIBBLE_MIDDLE;
        int half = length / 2;
        double squares = 0;
        double product = 0;
        for (int i = 0; i < half; i++) {
            float low = at(vector, i);
            float high = at(vector, half + i);
            int lowCode = nibble(low, step);
            int highCode = nibble(high, step);
            to.set(ValueLayout.JAVA_BYTE, at + i, (byte) (highCode << NIBBLE_BITS | lowCode));
            squares += (double) low * low + (double) high * high;
            product += low * (lowCode - NIBBLE_MIDDLE) + high * (highCode - NIBBLE_MIDDLE);
        }
        scale(Precision.NIBBLE, length, squares, product, to, at);
    }

    private static int nibble(float x, float step) {
        return step > 0 ? Math.clamp(Math.round(x / step + NIBBLE_MIDDLE), 0, NIBBLE_MAX) : 0;
    }

    private static void scale(
            Precision precision, int length, double squares, double product, MemorySegment to, long at) {
        float scale = product > 0 ? (float) (squares / product) : 0;
        to.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at + precision.scaleAt(length), scale);
    }

    /** Reads the first {@code count} numbers of a row into {@code to}, from {@code from} on. */
    static void read(Precision precision, MemorySegment row, long at, int length, float[] to, int from, int count) {
        switch (precision) {
            case FLOAT -> MemorySegment.copy(row, ValueLayout.JAVA_FLOAT, at, to, from, count);
            case BYTE -> {
                float scale = scale(precision, row, at, length);
                for (int i = 0; i < count; i++) {
                    to[from + i] = scale * row.get(ValueLayout.JAVA_BYTE, at + i);
                }
            }
            case NIBBLE -> {
                float scale = scale(precision, row, at, length);
                int half = length / 2;
                for (int i = 0; i < count; i++) {
                    int both = row.get(ValueLayout.JAVA_BYTE, at + (i < half ? i : i - half));
                    int code = i < half ? both & NIBBLE_MAX : both >>> NIBBLE_BITS & NIBBLE_MAX;
                    to[from + i] = scale * (code - NIBBLE_MIDDLE);
                }
            }
            case BIT -> throw noRow();
        }
    }

    private static float scale(Precision precision, MemorySegment row, long at, int length) {
        return row.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at + precision.scaleAt(length));
    }

    /** The product of a query of {@code length} numbers with a row. */
    static float dot(VectorKernel kernel, Precision precision, MemorySegment row, long at, float[] query, int length) {
        return switch (precision) {
            case FLOAT -> kernel.dot(row, at, query, length);
            case BYTE -> scale(precision, row, at, length) * kernel.dotBytes(row, at, query, length);
            case NIBBLE -> scale(precision, row, at, length) * kernel.dotNibbles(row, at, query, length);
            case BIT -> throw noRow();
        };
    }

    private static IllegalStateException noRow() {
        return new IllegalStateException("a vector that is kept at 1 bit has no row; its code is to be read");
    }
}
