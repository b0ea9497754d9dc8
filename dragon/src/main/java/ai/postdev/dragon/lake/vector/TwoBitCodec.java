package ai.postdev.dragon.lake.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A {@link BitCodec} with a second bit for each number of the residual: whether it lies in the upper half of what its sign
 * leaves, so that there are four steps of equal width. All are estimated from the signs; of those that may be among the
 * best the second bit tells more, at the same cost again and with half the error.
 */
final class TwoBitCodec implements Codec {
    /** The width of four steps that fits normally distributed numbers of deviation 1 best. */
    private static final float STEP = 0.996f;
    /** Errors of refined estimates for those of the others: 0.49 for normally distributed numbers, and the query's. */
    private static final float REFINED = 0.6f;

    private static final float MIDDLE = 0.5f;
    private static final int SHORTS = CodeKernel.BLOCK * Short.BYTES;

    private final BitCodec signs;
    private final int length;
    private final int words;
    private final long seconds;
    private final long factors;
    private final long corrections;

    TwoBitCodec(int length) {
        this.signs = new BitCodec(length);
        this.length = length;
        this.words = BitCodec.words(length);
        this.seconds = signs.codeBytes();
        this.factors = seconds + (long) words * Long.BYTES * CodeKernel.BLOCK;
        this.corrections = factors + SHORTS;
    }

    @Override
    public String name() {
        return 2 * (words * Long.BYTES + 2 * Short.BYTES) + " bytes, plain Java";
    }

    @Override
    public long codeBytes() {
        return corrections + SHORTS;
    }

    @Override
    public Object preparation() {
        return signs.preparation();
    }

    @Override
    public void prepare(QueryBuffers b) {
        signs.prepare(b);
    }

    @Override
    public void score(QueryBuffers b, BlockStore store, int from, int to, float bias) {
        signs.score(b, store, from, to, bias);
    }

    @Override
    public float refined() {
        return REFINED;
    }

    /**
     * With signs {@code s} of 1 and -1 and second bits {@code t} of 0 and 1 a code stands for {@code s + t - 0.5}. The product
     * of the query with the signs is known from {@link #score}.
     */
    @Override
    public void refine(QueryBuffers b, BlockStore store, int count) {
        float middle = MIDDLE * b.levels;
        for (int i = 0; i < count; i++) {
            int place = b.places[i];
            int block = b.blocks[place >> 6];
            MemorySegment segment = store.segment(block);
            long codes = store.offset(block) + BlockStore.CODES;
            int v = place & (CodeKernel.BLOCK - 1);
            int second = BitCodec.sum(segment, codes + seconds + (long) v * words * Long.BYTES, words, b.planes);
            float product =
                    BitCodec.number(segment, codes + factors, v) * b.minima[0] * (b.raw[place] + second - middle)
                            + BitCodec.number(segment, codes + corrections, v);
            b.scores[place] = BitCodec.score(product + b.biases[place >> 6]);
        }
    }

    @Override
    public void encode(Encoding e, float[] near) {
        System.arraycopy(e.corrections, 0, e.secondCorrections, 0, e.count);
        signs.encode(e, near);
        for (int v = 0; v < e.count; v++) {
            encode(e, v, near);
        }
    }

    private void encode(Encoding e, int v, float[] near) {
        float squares = 0;
        for (int d = 0; d < length; d++) {
            float r = e.columns[d * CodeKernel.BLOCK + v];
            squares += r * r;
        }
        float step = (float) (STEP * Math.sqrt(squares / length));
        float product = 0;
        float nearResidual = 0;
        float nearWord = 0;
        for (int w = 0; w < words; w++) {
            e.seconds[v * words + w] = 0;
        }
        for (int d = 0; d < length; d++) {
            float r = e.columns[d * CodeKernel.BLOCK + v];
            boolean second = r > 0 ? r >= step : r >= -step;
            float word = (r > 0 ? 1 : -1) + (second ? MIDDLE : -MIDDLE);
            product += r * word;
            nearResidual += near[d] * r;
            nearWord += near[d] * word;
            e.seconds[v * words + (d >> 6)] |= second ? 1L << d : 0;
        }
        e.secondFactors[v] = product > 0 ? squares / product : 0;
        e.secondCorrections[v] += nearResidual - e.secondFactors[v] * nearWord;
    }

    @Override
    public void write(Encoding e, int v, MemorySegment block, long codes, int place) {
        signs.write(e, v, block, codes, place);
        for (int w = 0; w < words; w++) {
            block.set(
                    ValueLayout.JAVA_LONG,
                    codes + seconds + ((long) place * words + w) * Long.BYTES,
                    e.seconds[v * words + w]);
        }
        BitCodec.number(block, codes + factors, place, e.secondFactors[v]);
        BitCodec.number(block, codes + corrections, place, e.secondCorrections[v]);
    }

    @Override
    public void copy(MemorySegment from, long fromCodes, int fromPlace, MemorySegment to, long toCodes, int toPlace) {
        signs.copy(from, fromCodes, fromPlace, to, toCodes, toPlace);
        long code = (long) words * Long.BYTES;
        MemorySegment.copy(from, fromCodes + seconds + fromPlace * code, to, toCodes + seconds + toPlace * code, code);
        for (long numbers : new long[] {factors, corrections}) {
            BitCodec.number(to, toCodes + numbers, toPlace, BitCodec.number(from, fromCodes + numbers, fromPlace));
        }
    }

    @Override
    public long memoryBytes() {
        return 0;
    }
}
