package ai.postdev.dragon.lake.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * One bit for each number of the residual, its sign (Gao and Long, "RaBitQ", SIGMOD 2024), scored in plain Java by
 * counting the bits it shares with four bit planes of the query. The best multiple of the signs is
 * {@code |r|^2 / |r|_1}.
 */
final class BitCodec implements Codec {
    /** Bits of a number of the query. */
    static final int PLANES = 4;

    private static final float LEVEL_MAX = (1 << PLANES) - 1;
    /** Score steps for one unit of inner product: products of unit vectors and their errors stay within a short. */
    private static final float SCALE = 8_192;

    private static final int SCORE_MAX = 32_000;
    private static final int FLOATS = CodeKernel.BLOCK * Float.BYTES;

    private final int length;
    private final int words;
    private final long factors;
    private final long corrections;
    private final long balances;

    BitCodec(int length) {
        this.length = length;
        this.words = words(length);
        this.factors = (long) words * Long.BYTES * CodeKernel.BLOCK;
        this.corrections = factors + FLOATS;
        this.balances = corrections + FLOATS;
    }

    static int words(int length) {
        return (length + Long.SIZE - 1) / Long.SIZE;
    }

    @Override
    public String name() {
        return words * Long.BYTES + 3 * Float.BYTES + " bytes, plain Java";
    }

    @Override
    public long codeBytes() {
        return balances + FLOATS;
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
     * s is positive) - (sum of u) - 7.5 * (sum of s))}.
     */
    @Override
    public void score(QueryBuffers b, BlockStore store, int from, int to, float bias) {
        float step = b.minima[0];
        for (int i = from; i < to; i++) {
            MemorySegment block = store.segment(b.blocks[i]);
            long codes = store.offset(b.blocks[i]) + BlockStore.CODES;
            for (int v = 0; v < CodeKernel.BLOCK; v++) {
                long shared = shared(block, codes + (long) v * words * Long.BYTES, b.planes);
                long at = codes + (long) v * Float.BYTES;
                float product = block.get(ValueLayout.JAVA_FLOAT, at + factors) * step * (2 * shared - b.levels)
                        - LEVEL_MAX / 2 * step * block.get(ValueLayout.JAVA_FLOAT, at + balances)
                        + block.get(ValueLayout.JAVA_FLOAT, at + corrections);
                int score = (int) ((product + bias) * SCALE);
                b.scores[i * CodeKernel.BLOCK + v] = (short) Math.max(-SCORE_MAX, Math.min(score, SCORE_MAX));
            }
        }
    }

    private int shared(MemorySegment block, long at, long[] planes) {
        int s0 = 0;
        int s1 = 0;
        int s2 = 0;
        int s3 = 0;
        for (int w = 0; w < words; w++) {
            long code = block.get(ValueLayout.JAVA_LONG, at + (long) w * Long.BYTES);
            s0 += Long.bitCount(code & planes[w * PLANES]);
            s1 += Long.bitCount(code & planes[w * PLANES + 1]);
            s2 += Long.bitCount(code & planes[w * PLANES + 2]);
            s3 += Long.bitCount(code & planes[w * PLANES + 3]);
        }
        return s0 + 2 * s1 + 4 * s2 + 8 * s3;
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
        int positive = 0;
        for (int w = 0; w < words; w++) {
            long bits = e.bits[v * words + w];
            positive += Long.bitCount(bits);
            block.set(ValueLayout.JAVA_LONG, codes + ((long) place * words + w) * Long.BYTES, bits);
        }
        long at = codes + (long) place * Float.BYTES;
        block.set(ValueLayout.JAVA_FLOAT, at + factors, e.factors[v]);
        block.set(ValueLayout.JAVA_FLOAT, at + corrections, e.corrections[v]);
        block.set(ValueLayout.JAVA_FLOAT, at + balances, e.factors[v] * (2 * positive - length));
    }

    @Override
    public void copy(MemorySegment from, long fromCodes, int fromPlace, MemorySegment to, long toCodes, int toPlace) {
        long code = (long) words * Long.BYTES;
        MemorySegment.copy(from, fromCodes + fromPlace * code, to, toCodes + toPlace * code, code);
        for (long part = factors; part <= balances; part += FLOATS) {
            float value = from.get(ValueLayout.JAVA_FLOAT, fromCodes + part + 4L * fromPlace);
            to.set(ValueLayout.JAVA_FLOAT, toCodes + part + 4L * toPlace, value);
        }
    }

    @Override
    public long memoryBytes() {
        return 0;
    }
}
