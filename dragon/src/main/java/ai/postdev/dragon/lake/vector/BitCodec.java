package ai.postdev.dragon.lake.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * One bit for each number of the residual, its sign (Gao and Long, "RaBitQ", SIGMOD 2024), scored in plain Java by
 * counting the bits it shares with four bit planes of the query. The best multiple of the signs is
 * {@code |r|^2 / |r|_1}; it and the correction are kept as 16-bit floats, whose errors are small beside those of the signs.
 */
final class BitCodec implements Codec {
    /** Bits of a number of the query. */
    static final int PLANES = 4;

    private static final float LEVEL_MAX = (1 << PLANES) - 1;
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

    /** Four-bit levels from the smallest to the largest number, as bit planes. */
    @Override
    public void prepare(QueryBuffers b) {
        float extreme = 0;
        for (int d = 0; d < length; d++) {
            extreme = Math.max(extreme, Math.abs(b.turned[d]));
        }
        float step = extreme > 0 ? 2 * extreme / LEVEL_MAX : 1;
        Arrays.fill(b.planes, 0);
        int levels = 0;
        for (int d = 0; d < length; d++) {
            int level = Math.round(b.turned[d] / step + LEVEL_MAX / 2);
            level = Math.max(0, Math.min(level, (int) LEVEL_MAX));
            levels += level;
            for (int plane = 0; plane < PLANES; plane++) {
                b.planes[(d >> 6) * PLANES + plane] |= (level >> plane & 1L) << d;
            }
        }
        b.levels = levels;
        b.minima[0] = step;
        b.scale = SCALE;
        b.base = 0;
    }

    /**
     * With levels {@code u}, {@code q = step * (u - 7.5)}, and signs {@code s}: {@code q.s = step * (2 * (sum of u where
     * s is positive) - (sum of u) - 7.5 * (sum of s))}. Places of numbers beyond the length are never positive.
     */
    @Override
    public void score(QueryBuffers b, BlockStore store, int from, int to, float bias) {
        float step = b.minima[0];
        for (int i = from; i < to; i++) {
            MemorySegment block = store.segment(b.blocks[i]);
            long codes = store.offset(b.blocks[i]) + BlockStore.CODES;
            for (int v = 0; v < CodeKernel.BLOCK; v++) {
                float shared = shared(block, codes + (long) v * words * Long.BYTES, b.planes);
                float product =
                        factor(block, codes, v) * step * (shared - b.levels) + number(block, codes + corrections, v);
                int score = (int) ((product + bias) * SCALE);
                b.scores[i * CodeKernel.BLOCK + v] = (short) Math.max(-SCORE_MAX, Math.min(score, SCORE_MAX));
            }
        }
    }

    private float factor(MemorySegment block, long codes, int place) {
        return number(block, codes + factors, place);
    }

    private static float number(MemorySegment block, long numbers, int place) {
        return Float.float16ToFloat(block.get(ValueLayout.JAVA_SHORT, numbers + (long) place * Short.BYTES));
    }

    private static void number(MemorySegment block, long numbers, int place, float value) {
        block.set(ValueLayout.JAVA_SHORT, numbers + (long) place * Short.BYTES, Float.floatToFloat16(value));
    }

    /** Twice the sum of the levels at positive signs, less 7.5 times the sum of all signs. */
    private float shared(MemorySegment block, long at, long[] planes) {
        int s0 = 0;
        int s1 = 0;
        int s2 = 0;
        int s3 = 0;
        int positive = 0;
        for (int w = 0; w < words; w++) {
            long code = block.get(ValueLayout.JAVA_LONG, at + (long) w * Long.BYTES);
            s0 += Long.bitCount(code & planes[w * PLANES]);
            s1 += Long.bitCount(code & planes[w * PLANES + 1]);
            s2 += Long.bitCount(code & planes[w * PLANES + 2]);
            s3 += Long.bitCount(code & planes[w * PLANES + 3]);
            positive += Long.bitCount(code);
        }
        return 2 * (s0 + 2 * s1 + 4 * s2 + 8 * s3) - LEVEL_MAX / 2 * (2 * positive - length);
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
