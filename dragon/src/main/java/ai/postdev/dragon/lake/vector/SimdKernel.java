package ai.postdev.dragon.lake.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The Vector API at the width that the machine prefers. Loaded only where the module is there. */
final class SimdKernel implements VectorKernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int COLUMNS = 2 * LANES;
    /** As many bytes as floats fill a register; the smallest register has eight of them, which is twice as many. */
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, LANES * Byte.SIZE)));

    private static final int PARTS = BYTES.length() / LANES;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    @Override
    public String name() {
        return "simd " + SPECIES.vectorBitSize() + " bit";
    }

    @Override
    public float dot(MemorySegment floats, long offset, float[] query, int length) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int i = 0;
        for (; i + 4 * LANES <= length; i += 4 * LANES) {
            long at = offset + (long) i * Float.BYTES;
            s0 = FloatVector.fromMemorySegment(SPECIES, floats, at, ORDER)
                    .fma(FloatVector.fromArray(SPECIES, query, i), s0);
            s1 = FloatVector.fromMemorySegment(SPECIES, floats, at + LANES * Float.BYTES, ORDER)
                    .fma(FloatVector.fromArray(SPECIES, query, i + LANES), s1);
            s2 = FloatVector.fromMemorySegment(SPECIES, floats, at + 2 * LANES * Float.BYTES, ORDER)
                    .fma(FloatVector.fromArray(SPECIES, query, i + 2 * LANES), s2);
            s3 = FloatVector.fromMemorySegment(SPECIES, floats, at + 3 * LANES * Float.BYTES, ORDER)
                    .fma(FloatVector.fromArray(SPECIES, query, i + 3 * LANES), s3);
        }
        for (; i + LANES <= length; i += LANES) {
            s0 = FloatVector.fromMemorySegment(SPECIES, floats, offset + (long) i * Float.BYTES, ORDER)
                    .fma(FloatVector.fromArray(SPECIES, query, i), s0);
        }
        float sum = s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
        for (; i < length; i++) {
            sum += floats.get(ValueLayout.JAVA_FLOAT, offset + (long) i * Float.BYTES) * query[i];
        }
        return sum;
    }

    @Override
    public float dotBytes(MemorySegment bytes, long offset, float[] query, int length) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        int i = 0;
        for (; i + BYTES.length() <= length; i += BYTES.length()) {
            ByteVector codes = ByteVector.fromMemorySegment(BYTES, bytes, offset + i, ORDER);
            s0 = floats(codes, 0).fma(FloatVector.fromArray(SPECIES, query, i), s0);
            if (PARTS > 1) {
                s1 = floats(codes, 1).fma(FloatVector.fromArray(SPECIES, query, i + LANES), s1);
            }
        }
        float sum = s0.add(s1).reduceLanes(VectorOperators.ADD);
        for (; i < length; i++) {
            sum += bytes.get(ValueLayout.JAVA_BYTE, offset + i) * query[i];
        }
        return sum;
    }

    private static FloatVector floats(ByteVector codes, int part) {
        return (FloatVector) codes.castShape(SPECIES, part);
    }

    @Override
    public float dotNibbles(MemorySegment codes, long offset, float[] query, int length) {
        int half = length / 2;
        FloatVector low = FloatVector.zero(SPECIES);
        FloatVector high = low;
        FloatVector all = low;
        int i = 0;
        for (; i + BYTES.length() <= half; i += BYTES.length()) {
            ByteVector both = ByteVector.fromMemorySegment(BYTES, codes, offset + i, ORDER);
            ByteVector lower = both.and((byte) 15);
            ByteVector upper = both.lanewise(VectorOperators.LSHR, 4).and((byte) 15);
            for (int part = 0; part < PARTS; part++) {
                FloatVector first = FloatVector.fromArray(SPECIES, query, i + part * LANES);
                FloatVector second = FloatVector.fromArray(SPECIES, query, half + i + part * LANES);
                low = floats(lower, part).fma(first, low);
                high = floats(upper, part).fma(second, high);
                all = all.add(first.add(second));
            }
        }
        float sum = low.add(high).reduceLanes(VectorOperators.ADD)
                - RowCode.NIBBLE_MIDDLE * all.reduceLanes(VectorOperators.ADD);
        return sum + ScalarKernel.nibbles(codes, offset, query, length, i);
    }

    @Override
    public float dot(float[] floats, int offset, float[] query, int length) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int i = 0;
        for (; i + 4 * LANES <= length; i += 4 * LANES) {
            s0 = FloatVector.fromArray(SPECIES, floats, offset + i).fma(FloatVector.fromArray(SPECIES, query, i), s0);
            s1 = FloatVector.fromArray(SPECIES, floats, offset + i + LANES)
                    .fma(FloatVector.fromArray(SPECIES, query, i + LANES), s1);
            s2 = FloatVector.fromArray(SPECIES, floats, offset + i + 2 * LANES)
                    .fma(FloatVector.fromArray(SPECIES, query, i + 2 * LANES), s2);
            s3 = FloatVector.fromArray(SPECIES, floats, offset + i + 3 * LANES)
                    .fma(FloatVector.fromArray(SPECIES, query, i + 3 * LANES), s3);
        }
        for (; i + LANES <= length; i += LANES) {
            s0 = FloatVector.fromArray(SPECIES, floats, offset + i).fma(FloatVector.fromArray(SPECIES, query, i), s0);
        }
        float sum = s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
        for (; i < length; i++) {
            sum += floats[offset + i] * query[i];
        }
        return sum;
    }

    @Override
    public int tileColumns() {
        return COLUMNS;
    }

    /** Sixteen sums in registers: eight rows by two vectors of columns. */
    @Override
    public void tile(float[] rows, float[] columns, int at, int length, float[] products) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector a4 = a0;
        FloatVector a5 = a0;
        FloatVector a6 = a0;
        FloatVector a7 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        FloatVector b4 = a0;
        FloatVector b5 = a0;
        FloatVector b6 = a0;
        FloatVector b7 = a0;
        for (int d = 0; d < length; d++) {
            FloatVector left = FloatVector.fromArray(SPECIES, columns, at + d * COLUMNS);
            FloatVector right = FloatVector.fromArray(SPECIES, columns, at + d * COLUMNS + LANES);
            FloatVector x = FloatVector.broadcast(SPECIES, rows[d]);
            a0 = x.fma(left, a0);
            b0 = x.fma(right, b0);
            x = FloatVector.broadcast(SPECIES, rows[length + d]);
            a1 = x.fma(left, a1);
            b1 = x.fma(right, b1);
            x = FloatVector.broadcast(SPECIES, rows[2 * length + d]);
            a2 = x.fma(left, a2);
            b2 = x.fma(right, b2);
            x = FloatVector.broadcast(SPECIES, rows[3 * length + d]);
            a3 = x.fma(left, a3);
            b3 = x.fma(right, b3);
            x = FloatVector.broadcast(SPECIES, rows[4 * length + d]);
            a4 = x.fma(left, a4);
            b4 = x.fma(right, b4);
            x = FloatVector.broadcast(SPECIES, rows[5 * length + d]);
            a5 = x.fma(left, a5);
            b5 = x.fma(right, b5);
            x = FloatVector.broadcast(SPECIES, rows[6 * length + d]);
            a6 = x.fma(left, a6);
            b6 = x.fma(right, b6);
            x = FloatVector.broadcast(SPECIES, rows[7 * length + d]);
            a7 = x.fma(left, a7);
            b7 = x.fma(right, b7);
        }
        a0.intoArray(products, 0);
        b0.intoArray(products, LANES);
        a1.intoArray(products, COLUMNS);
        b1.intoArray(products, COLUMNS + LANES);
        a2.intoArray(products, 2 * COLUMNS);
        b2.intoArray(products, 2 * COLUMNS + LANES);
        a3.intoArray(products, 3 * COLUMNS);
        b3.intoArray(products, 3 * COLUMNS + LANES);
        a4.intoArray(products, 4 * COLUMNS);
        b4.intoArray(products, 4 * COLUMNS + LANES);
        a5.intoArray(products, 5 * COLUMNS);
        b5.intoArray(products, 5 * COLUMNS + LANES);
        a6.intoArray(products, 6 * COLUMNS);
        b6.intoArray(products, 6 * COLUMNS + LANES);
        a7.intoArray(products, 7 * COLUMNS);
        b7.intoArray(products, 7 * COLUMNS + LANES);
    }
}
