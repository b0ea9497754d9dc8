package ai.postdev.dragon.lake.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Plain Java. Eight sums side by side, because the compiler may not reorder one float sum. */
final class ScalarKernel implements VectorKernel {
    private static final int COLUMNS = 64;

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public float dot(MemorySegment floats, long offset, float[] query, int length) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            long at = offset + (long) i * Float.BYTES;
            s0 += floats.get(ValueLayout.JAVA_FLOAT, at) * query[i];
            s1 += floats.get(ValueLayout.JAVA_FLOAT, at + 4) * query[i + 1];
            s2 += floats.get(ValueLayout.JAVA_FLOAT, at + 8) * query[i + 2];
            s3 += floats.get(ValueLayout.JAVA_FLOAT, at + 12) * query[i + 3];
            s4 += floats.get(ValueLayout.JAVA_FLOAT, at + 16) * query[i + 4];
            s5 += floats.get(ValueLayout.JAVA_FLOAT, at + 20) * query[i + 5];
            s6 += floats.get(ValueLayout.JAVA_FLOAT, at + 24) * query[i + 6];
            s7 += floats.get(ValueLayout.JAVA_FLOAT, at + 28) * query[i + 7];
        }
        float sum = s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7;
        for (; i < length; i++) {
            sum += floats.get(ValueLayout.JAVA_FLOAT, offset + (long) i * Float.BYTES) * query[i];
        }
        return sum;
    }

    @Override
    public float dotBytes(MemorySegment bytes, long offset, float[] query, int length) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        for (int i = 0; i < length; i += 4) {
            long at = offset + i;
            s0 += bytes.get(ValueLayout.JAVA_BYTE, at) * query[i];
            s1 += bytes.get(ValueLayout.JAVA_BYTE, at + 1) * query[i + 1];
            s2 += bytes.get(ValueLayout.JAVA_BYTE, at + 2) * query[i + 2];
            s3 += bytes.get(ValueLayout.JAVA_BYTE, at + 3) * query[i + 3];
        }
        return s0 + s1 + s2 + s3;
    }

    @Override
    public float dotNibbles(MemorySegment codes, long offset, float[] query, int length) {
        return nibbles(codes, offset, query, length, 0);
    }

    /** From one byte on, for the end that a register does not fill too. */
    static float nibbles(MemorySegment codes, long offset, float[] query, int length, int from) {
        int half = length / 2;
        float low = 0;
        float high = 0;
        for (int i = from; i < half; i++) {
            int both = codes.get(ValueLayout.JAVA_BYTE, offset + i);
            low += ((both & 15) - RowCode.NIBBLE_MIDDLE) * query[i];
            high += ((both >>> 4 & 15) - RowCode.NIBBLE_MIDDLE) * query[half + i];
        }
        return low + high;
    }

    @Override
    public float dot(float[] floats, int offset, float[] query, int length) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            s0 += floats[offset + i] * query[i];
            s1 += floats[offset + i + 1] * query[i + 1];
            s2 += floats[offset + i + 2] * query[i + 2];
            s3 += floats[offset + i + 3] * query[i + 3];
            s4 += floats[offset + i + 4] * query[i + 4];
            s5 += floats[offset + i + 5] * query[i + 5];
            s6 += floats[offset + i + 6] * query[i + 6];
            s7 += floats[offset + i + 7] * query[i + 7];
        }
        float sum = s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7;
        for (; i < length; i++) {
            sum += floats[offset + i] * query[i];
        }
        return sum;
    }

    @Override
    public int tileColumns() {
        return COLUMNS;
    }

    /** One row after the other, all columns side by side: this form has no sum over lanes and the compiler widens it. */
    @Override
    public void tile(float[] rows, float[] columns, int at, int length, float[] products) {
        Arrays.fill(products, 0, TILE_ROWS * COLUMNS, 0);
        for (int row = 0; row < TILE_ROWS; row++) {
            for (int d = 0; d < length; d++) {
                axpy(rows[row * length + d], columns, at + d * COLUMNS, products, row * COLUMNS);
            }
        }
    }

    private static void axpy(float factor, float[] columns, int from, float[] products, int to) {
        for (int c = 0; c < COLUMNS; c++) {
            products[to + c] += factor * columns[from + c];
        }
    }
}
