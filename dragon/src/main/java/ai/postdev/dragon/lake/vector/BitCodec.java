package ai.postdev.dragon.lake.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One bit for each number of the residual, its sign (Gao and Long, "RaBitQ", SIGMOD 2024), scored in plain Java by
 * counting the bits it shares with four bit planes of the query. The best multiple of the signs is
 * {@code |r|^2 / |r|_1}; it and the correction are kept as 16-bit floats, whose errors are small beside those of the signs.
 */
final class BitCodec implements Codec {
    /** Bits of a number of the query. */
    static final int PLANES = 4;

    /** Levels go from one less than its negative to it. */
    private static final int LEVEL_MAX = (1 << PLANES - 1) - 1;
    /** Score steps for one unit of inner product: products of unit vectors and their errors stay within a short. */
    private static final float SCALE = 8_192;

    private static final int SCORE_MAX = 32_000;
    private static final int SHORTS = CodeKernel.BLOCK * Short.BYTES;

    private final int length;
    private final int words;
    private final long factors;
    private final long corrections;

    BitCodec(int length) {
        this.length = length;
        this.words = words(length);
        this.factors = (long) words * Long.BYTES * CodeKernel.BLOCK;
        this.corrections = factors + SHORTS;
    }

    static int words(int length) {
        return (length + Long.SIZE - 1) / Long.SIZE;
    }

    @Override
    public String name() {
        return words * Long.BYTES + 2 * Short.BYTES + " bytes, plain Java";
    }

    @Override
    public long codeBytes() {
        return corrections + SHORTS;
    }

    @Override
    public Object preparation() {
        return BitCodec.class;
    }

    /** Levels of four bits around zero, as bit planes. */
    @Override
    public void prepare(QueryBuffers b) {
        float extreme = 0;
        for (int d = 0; d < length; d++) {
            extreme = Math.max(extreme, Math.abs(b.turned[d]));
        }
        float step = extreme > 0 ? extreme / LEVEL_MAX : 1;
        int levels = 0;
        for (int w = 0; w < words; w++) {
            levels += planes(b, w, 1 / step);
        }
        b.levels = levels;
        b.minima[0] = step;
        b.scale = SCALE;
        b.base = 0;
    }

    /** Writes 64 numbers as bit planes and returns the sum of their levels. */
    private int planes(QueryBuffers b, int word, float scale) {
        int from = word * Long.SIZE;
        int count = Math.min(Long.SIZE, length - from);
        long p0 = 0;
        long p1 = 0;
        long p2 = 0;
        long p3 = 0;
        int levels = 0;
        for (int d = 0; d < count; d++) {
            long level = (int) (b.turned[from + d] * scale + (LEVEL_MAX + 1.5f)) - (LEVEL_MAX + 1);
            levels += (int) level;
            p0 |= (level & 1) << d;
            p1 |= (level >>> 1 & 1) << d;
            p2 |= (level >>> 2 & 1) << d;
            p3 |= (level >>> 3 & 1) << d;
        }
        b.planes[word * PLANES] = p0;
        b.planes[word * PLANES + 1] = p1;
        b.planes[word * PLANES + 2] = p2;
        b.planes[word * PLANES + 3] = p3;
        return levels;
    }

    /**
     * With levels {@code u}, {@code q = step * u}, and signs {@code s}: {@code q.s = step * (2 * (sum of u where s is positive)
     * - (sum of u))}.
     */
    @Override
    public void score(QueryBuffers b, BlockStore store, int from, int to, float bias) {
        float step = b.minima[0];
        for (int i = from; i < to; i++) {
            MemorySegment block = store.segment(b.blocks[i]);
            long codes = store.offset(b.blocks[i]) + BlockStore.CODES;
            b.biases[i] = bias;
            for (long left = store.mask(b.blocks[i]); left != 0; left &= left - 1) {
                int v = Long.numberOfTrailingZeros(left);
                float raw = 2 * sum(block, codes + (long) v * words * Long.BYTES, words, b.planes) - b.levels;
                float product = factor(block, codes, v) * step * raw + number(block, codes + corrections, v);
                b.raw[i * CodeKernel.BLOCK + v] = raw;
                b.scores[i * CodeKernel.BLOCK + v] = score(product + bias);
            }
        }
    }

    static short score(float product) {
        return (short) Math.max(-SCORE_MAX, Math.min((int) (product * SCALE), SCORE_MAX));
    }

    private float factor(MemorySegment block, long codes, int place) {
        return number(block, codes + factors, place);
    }

    static float number(MemorySegment block, long numbers, int place) {
        return Float.float16ToFloat(block.get(ValueLayout.JAVA_SHORT, numbers + (long) place * Short.BYTES));
    }

    static void number(MemorySegment block, long numbers, int place, float value) {
        block.set(ValueLayout.JAVA_SHORT, numbers + (long) place * Short.BYTES, Float.floatToFloat16(value));
    }

    /**
     * The sum of the query's levels at the bits that are set: in two's complement the last plane counts negatively. Two words at
     * a time, whose counts are added up before they are weighted: a third faster than word by word.
     */
    static int sum(MemorySegment bits, long at, int words, long[] planes) {
        int sum = 0;
        int w = 0;
        for (; w + 1 < words; w += 2) {
            long first = bits.get(ValueLayout.JAVA_LONG, at + (long) w * Long.BYTES);
            long second = bits.get(ValueLayout.JAVA_LONG, at + (w + 1L) * Long.BYTES);
            int p = w * PLANES;
            int q = p + PLANES;
            sum += Long.bitCount(first & planes[p])
                    + Long.bitCount(second & planes[q])
                    + 2 * (Long.bitCount(first & planes[p + 1]) + Long.bitCount(second & planes[q + 1]))
                    + 4 * (Long.bitCount(first & planes[p + 2]) + Long.bitCount(second & planes[q + 2]))
                    - 8 * (Long.bitCount(first & planes[p + 3]) + Long.bitCount(second & planes[q + 3]));
        }
        if (w < words) {
            long last = bits.get(ValueLayout.JAVA_LONG, at + (long) w * Long.BYTES);
            int p = w * PLANES;
            sum += Long.bitCount(last & planes[p])
                    + 2 * Long.bitCount(last & planes[p + 1])
                    + 4 * Long.bitCount(last & planes[p + 2])
                    - 8 * Long.bitCount(last & planes[p + 3]);
        }
        return sum;
    }

    @Override
    public void encode(Encoding e, float[] near) {
        for (int v = 0; v < e.count; v++) {
            float squares = 0;
            float absolute = 0;
            float nearResidual = 0;
            float nearSigns = 0;
            for (int w = 0; w < words; w++) {
                e.bits[v * words + w] = 0;
            }
            for (int d = 0; d < length; d++) {
                float r = e.columns[d * CodeKernel.BLOCK + v];
                squares += r * r;
                absolute += Math.abs(r);
                nearResidual += near[d] * r;
                nearSigns += r > 0 ? near[d] : -near[d];
                e.bits[v * words + (d >> 6)] |= r > 0 ? 1L << d : 0;
            }
            e.factors[v] = absolute > 0 ? squares / absolute : 0;
            e.corrections[v] += nearResidual - e.factors[v] * nearSigns;
        }
    }

    @Override
    public void write(Encoding e, int v, MemorySegment block, long codes, int place) {
        for (int w = 0; w < words; w++) {
            block.set(ValueLayout.JAVA_LONG, codes + ((long) place * words + w) * Long.BYTES, e.bits[v * words + w]);
        }
        number(block, codes + factors, place, e.factors[v]);
        number(block, codes + corrections, place, e.corrections[v]);
    }

    /** Adds the residual that a code stands for to {@code to}. */
    void decode(MemorySegment block, long codes, int place, float[] to) {
        float factor = factor(block, codes, place);
        for (int d = 0; d < length; d++) {
            long word = block.get(ValueLayout.JAVA_LONG, codes + ((long) place * words + (d >> 6)) * Long.BYTES);
            to[d] += (word >>> d & 1) == 1 ? factor : -factor;
        }
    }

    @Override
    public void copy(MemorySegment from, long fromCodes, int fromPlace, MemorySegment to, long toCodes, int toPlace) {
        long code = (long) words * Long.BYTES;
        MemorySegment.copy(from, fromCodes + fromPlace * code, to, toCodes + toPlace * code, code);
        number(to, toCodes + factors, toPlace, number(from, fromCodes + factors, fromPlace));
        number(to, toCodes + corrections, toPlace, number(from, fromCodes + corrections, fromPlace));
    }

    @Override
    public long memoryBytes() {
        return 0;
    }
}
