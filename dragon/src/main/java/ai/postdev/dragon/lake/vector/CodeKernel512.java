package ai.postdev.dragon.lake.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Registers of 512 bits. A look-up of 64 codes is one permutation of bytes, four look-ups of at most 63 fit into
 * unsigned bytes before they are widened.
 */
final class CodeKernel512 implements CodeKernel {
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;
    private static final VectorSpecies<Byte> QUARTER = ByteVector.SPECIES_128;
    private static final VectorSpecies<Byte> HALF = ByteVector.SPECIES_256;
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_512;
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
    private static final int LANES = 16;
    private static final int SHORT_LANES = 32;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    /** Adding it rounds a float to an integer that stands in the low bits of the sum. */
    private static final float ROUND = 1 << 23;

    @Override
    public String name() {
        return "simd 512 bit";
    }

    @Override
    public boolean wide() {
        return true;
    }

    private static ByteVector pair(MemorySegment codes, long offset, ByteVector low, ByteVector high) {
        ByteVector c = ByteVector.fromMemorySegment(BYTES, codes, offset, ORDER);
        ByteVector upper = c.reinterpretAsShorts()
                .lanewise(VectorOperators.LSHR, 4)
                .reinterpretAsBytes()
                .and((byte) 15);
        return c.and((byte) 15).selectFrom(low).add(upper.selectFrom(high));
    }

    @Override
    public void sums(MemorySegment codes, long offset, int rows, byte[] table, short[] sums, int at) {
        ShortVector all = ShortVector.zero(SHORTS);
        ShortVector odd = all;
        for (int row = 0; row < rows; row += 2) {
            int entry = row * 2 * WORDS;
            ByteVector t0 = ByteVector.fromArray(BYTES, table, entry);
            ByteVector t1 = ByteVector.fromArray(BYTES, table, entry + WORDS);
            ByteVector t2 = ByteVector.fromArray(BYTES, table, entry + 2 * WORDS);
            ByteVector t3 = ByteVector.fromArray(BYTES, table, entry + 3 * WORDS);
            long from = offset + (long) row * ROW;
            ShortVector r = pair(codes, from, t0, t1)
                    .add(pair(codes, from + ROW, t2, t3))
                    .reinterpretAsShorts();
            all = all.add(r);
            odd = odd.add(r.lanewise(VectorOperators.LSHR, 8));
        }
        all.sub(odd.lanewise(VectorOperators.LSHL, 8)).intoArray(sums, at);
        odd.intoArray(sums, at + SHORT_LANES);
    }

    @Override
    public void sums(
            MemorySegment first,
            long firstOffset,
            MemorySegment second,
            long secondOffset,
            int rows,
            byte[] table,
            short[] sums,
            int at) {
        ShortVector all = ShortVector.zero(SHORTS);
        ShortVector odd = all;
        ShortVector allOfSecond = all;
        ShortVector oddOfSecond = all;
        for (int row = 0; row < rows; row += 2) {
            int entry = row * 2 * WORDS;
            ByteVector t0 = ByteVector.fromArray(BYTES, table, entry);
            ByteVector t1 = ByteVector.fromArray(BYTES, table, entry + WORDS);
            ByteVector t2 = ByteVector.fromArray(BYTES, table, entry + 2 * WORDS);
            ByteVector t3 = ByteVector.fromArray(BYTES, table, entry + 3 * WORDS);
            long from = (long) row * ROW;
            ShortVector r = pair(first, firstOffset + from, t0, t1)
                    .add(pair(first, firstOffset + from + ROW, t2, t3))
                    .reinterpretAsShorts();
            all = all.add(r);
            odd = odd.add(r.lanewise(VectorOperators.LSHR, 8));
            ShortVector s = pair(second, secondOffset + from, t0, t1)
                    .add(pair(second, secondOffset + from + ROW, t2, t3))
                    .reinterpretAsShorts();
            allOfSecond = allOfSecond.add(s);
            oddOfSecond = oddOfSecond.add(s.lanewise(VectorOperators.LSHR, 8));
        }
        all.sub(odd.lanewise(VectorOperators.LSHL, 8)).intoArray(sums, at);
        odd.intoArray(sums, at + SHORT_LANES);
        allOfSecond.sub(oddOfSecond.lanewise(VectorOperators.LSHL, 8)).intoArray(sums, at + BLOCK);
        oddOfSecond.intoArray(sums, at + BLOCK + SHORT_LANES);
    }

    @Override
    public void correct(MemorySegment corrections, long offset, short[] sums, int at, int factor, int shift, int bias) {
        for (int part = 0; part < BLOCK; part += SHORT_LANES) {
            ShortVector c = (ShortVector) ByteVector.fromMemorySegment(HALF, corrections, offset + part, ORDER)
                    .convertShape(VectorOperators.B2S, SHORTS, 0);
            c.mul((short) factor)
                    .lanewise(VectorOperators.ASHR, shift)
                    .add((short) bias)
                    .add(ShortVector.fromArray(SHORTS, sums, at + part))
                    .intoArray(sums, at + part);
        }
    }

    @Override
    public float table(CodeBook book, float[] query, float most, float[] minima, byte[] table) {
        int parts = book.parts();
        float range = minima(book, query, minima);
        float scale = range > 0 ? most / range : 1;
        for (int part = 0; part < parts; part++) {
            FloatVector v = FloatVector.fromArray(FLOATS, book.y, part * WORDS)
                    .fma(
                            FloatVector.broadcast(FLOATS, query[parts + part] * scale),
                            FloatVector.broadcast(FLOATS, -minima[part] * scale));
            IntVector rounded = FloatVector.fromArray(FLOATS, book.x, part * WORDS)
                    .fma(FloatVector.broadcast(FLOATS, query[part] * scale), v)
                    .add(ROUND)
                    .reinterpretAsInts();
            ((ByteVector) rounded.convertShape(VectorOperators.I2B, QUARTER, 0)).intoArray(table, part * WORDS);
        }
        return scale;
    }

    /** Smallest products of all parts, side by side; returns the widest range of a part. */
    private static float minima(CodeBook book, float[] query, float[] minima) {
        int parts = book.parts();
        int padded = book.padded();
        FloatVector range = FloatVector.zero(FLOATS);
        for (int part = 0; part < padded; part += LANES) {
            FloatVector qx = FloatVector.fromArray(FLOATS, query, part);
            FloatVector qy = FloatVector.fromArray(FLOATS, query, parts + part);
            FloatVector least = FloatVector.broadcast(FLOATS, Float.MAX_VALUE);
            FloatVector greatest = FloatVector.broadcast(FLOATS, -Float.MAX_VALUE);
            for (int word = 0; word < WORDS; word++) {
                FloatVector product = qx.fma(
                        FloatVector.fromArray(FLOATS, book.xByWord, word * padded + part),
                        qy.mul(FloatVector.fromArray(FLOATS, book.yByWord, word * padded + part)));
                least = least.min(product);
                greatest = greatest.max(product);
            }
            least.intoArray(minima, part);
            range = range.max(greatest.sub(least));
        }
        return range.reduceLanes(VectorOperators.MAX);
    }

    @Override
    public int atLeast(short[] scores, int count, int threshold) {
        int reached = 0;
        for (int i = 0; i < count; i += SHORT_LANES) {
            reached += ShortVector.fromArray(SHORTS, scores, i)
                    .compare(VectorOperators.GE, (short) threshold)
                    .trueCount();
        }
        return reached;
    }

    @Override
    public int collect(short[] scores, int count, int threshold, int[] places) {
        int found = 0;
        for (int i = 0; i < count; i += SHORT_LANES) {
            long bits = ShortVector.fromArray(SHORTS, scores, i)
                    .compare(VectorOperators.GE, (short) threshold)
                    .toLong();
            for (; bits != 0; bits &= bits - 1) {
                places[found++] = i + Long.numberOfTrailingZeros(bits);
            }
        }
        return found;
    }

    /** Distances are never negative, so their bits order as integers do and can carry the word in the lowest four. */
    @Override
    public void encode(CodeBook book, float[] columns, int[] codes) {
        int parts = book.parts();
        for (int part = 0; part < parts; part++) {
            for (int v = 0; v < BLOCK; v += 2 * LANES) {
                int at = part * BLOCK + v;
                FloatVector x0 = FloatVector.fromArray(FLOATS, columns, at);
                FloatVector x1 = FloatVector.fromArray(FLOATS, columns, at + LANES);
                FloatVector y0 = FloatVector.fromArray(FLOATS, columns, parts * BLOCK + at);
                FloatVector y1 = FloatVector.fromArray(FLOATS, columns, parts * BLOCK + at + LANES);
                IntVector best0 = IntVector.broadcast(IntVector.SPECIES_512, Integer.MAX_VALUE);
                IntVector best1 = best0;
                for (int word = 0; word < WORDS; word++) {
                    FloatVector wx = FloatVector.broadcast(FLOATS, book.x[part * WORDS + word]);
                    FloatVector wy = FloatVector.broadcast(FLOATS, book.y[part * WORDS + word]);
                    FloatVector dx0 = x0.sub(wx);
                    FloatVector dy0 = y0.sub(wy);
                    FloatVector dx1 = x1.sub(wx);
                    FloatVector dy1 = y1.sub(wy);
                    best0 = best0.min(dx0.fma(dx0, dy0.mul(dy0))
                            .reinterpretAsInts()
                            .and(~15)
                            .or(word));
                    best1 = best1.min(dx1.fma(dx1, dy1.mul(dy1))
                            .reinterpretAsInts()
                            .and(~15)
                            .or(word));
                }
                best0.and(15).intoArray(codes, at);
                best1.and(15).intoArray(codes, at + LANES);
            }
        }
    }
}
