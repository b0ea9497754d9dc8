package ai.postdev.dragon.lake.vector;

import java.util.Random;

/**
 * An orthogonal map that spreads what a few axes carry over all of them: random signs and Walsh-Hadamard transforms of
 * the largest power of two, first on the front and then on the back of the vector, three times over (as in Ailon and
 * Chazelle, "The fast Johnson-Lindenstrauss transform", 2009). Inner products stay. Immutable; any thread.
 */
final class Rotation {
    private static final int ROUNDS = 3;

    private final int length;
    private final int power;
    private final float[][] signs = new float[2 * ROUNDS][];

    Rotation(int length, long seed) {
        this.length = length;
        this.power = Integer.highestOneBit(length);
        Random random = new Random(seed);
        float norm = (float) (1 / Math.sqrt(power));
        for (int round = 0; round < signs.length; round++) {
            signs[round] = new float[power];
            for (int i = 0; i < power; i++) {
                signs[round][i] = random.nextBoolean() ? norm : -norm;
            }
        }
    }

    /** Rotates the first numbers of {@code vector} in place. */
    void apply(float[] vector) {
        for (int round = 0; round < signs.length; round++) {
            int from = (round & 1) == 0 ? 0 : length - power;
            scale(vector, from, signs[round]);
            for (int half = 1; half < power; half *= 2) {
                butterflies(vector, from, half);
            }
        }
    }

    /** Takes {@link #apply} back. */
    void undo(float[] vector) {
        for (int round = signs.length - 1; round >= 0; round--) {
            int from = (round & 1) == 0 ? 0 : length - power;
            for (int half = 1; half < power; half *= 2) {
                butterflies(vector, from, half);
            }
            scale(vector, from, signs[round]);
        }
    }

    private void scale(float[] vector, int from, float[] by) {
        for (int i = 0; i < power; i++) {
            vector[from + i] *= by[i];
        }
    }

    private void butterflies(float[] vector, int from, int half) {
        for (int block = from; block < from + power; block += 2 * half) {
            for (int i = block; i < block + half; i++) {
                float a = vector[i];
                float b = vector[i + half];
                vector[i] = a + b;
                vector[i + half] = a - b;
            }
        }
    }

    long memoryBytes() {
        return (long) signs.length * power * Float.BYTES;
    }
}
