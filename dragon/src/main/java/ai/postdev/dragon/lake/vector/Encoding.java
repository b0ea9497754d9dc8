package ai.postdev.dragon.lake.vector;

import java.util.Arrays;

/** Up to 64 vectors on their way into codes. Buffers, used again; one thread. */
final class Encoding {
    final int length;
    /** Residuals: number {@code d} of all 64 vectors together. */
    final float[] columns;

    final int[] codes;
    /** What is to be added to each vector's product besides {@code q.w}. */
    final float[] corrections = new float[CodeKernel.BLOCK];

    final float[] factors = new float[CodeKernel.BLOCK];
    final long[] bits;
    /** What a second bit for each number adds. */
    final float[] secondCorrections = new float[CodeKernel.BLOCK];

    final float[] secondFactors = new float[CodeKernel.BLOCK];
    final long[] seconds;
    int count;

    Encoding(int length) {
        this.length = length;
        columns = new float[length * CodeKernel.BLOCK];
        codes = new int[length / 2 * CodeKernel.BLOCK];
        bits = new long[BitCodec.words(length) * CodeKernel.BLOCK];
        seconds = new long[bits.length];
    }

    void clear() {
        count = 0;
        Arrays.fill(corrections, 0);
    }

    /**
     * Adds a vector's residual.
     *
     * @param extra a constant to be added to its products
     */
    void add(float[] vector, int at, float[] centre, float extra) {
        int v = count++;
        for (int d = 0; d < length; d++) {
            columns[d * CodeKernel.BLOCK + v] = vector[at + d] - centre[d];
        }
        corrections[v] = extra;
    }
}
