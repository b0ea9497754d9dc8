package ai.postdev.dragon.lake.vector;

import java.util.Arrays;

/** Two-means: the two centres around which a set of vectors falls apart. */
final class Halving {
    private static final int ROUNDS = 5;
    /** The smaller part has at least this share, else one stray vector would make a list of its own again and again. */
    private static final int SHARE_MIN = 8;

    /** Squared distance below which two vectors count as one. */
    private static final float SAME = 1e-6f;

    private Halving() {}

    /**
     * The two centres, or null if the vectors do not differ.
     *
     * @param second receives which vectors belong to the second centre
     */
    static float[][] of(VectorKernel kernel, float[] vectors, int count, int length, boolean[] second) {
        int far = farthest(kernel, vectors, count, length, 0);
        int opposite = farthest(kernel, vectors, count, length, far);
        if (far == opposite) {
            return null;
        }
        float[] a = Arrays.copyOfRange(vectors, far * length, (far + 1) * length);
        float[] b = Arrays.copyOfRange(vectors, opposite * length, (opposite + 1) * length);
        float[] between = new float[length];
        float[] nearness = new float[count];
        for (int round = 0; round < ROUNDS; round++) {
            for (int d = 0; d < length; d++) {
                between[d] = b[d] - a[d];
            }
            for (int i = 0; i < count; i++) {
                nearness[i] = kernel.dot(vectors, i * length, between, length);
            }
            float cut = bounded((kernel.dot(b, 0, b, length) - kernel.dot(a, 0, a, length)) / 2, nearness);
            for (int i = 0; i < count; i++) {
                second[i] = nearness[i] > cut;
            }
            mean(vectors, length, second, false, a);
            mean(vectors, length, second, true, b);
        }
        return new float[][] {a, b};
    }

    /** A cut that leaves each side its share. */
    private static float bounded(float cut, float[] nearness) {
        float[] sorted = nearness.clone();
        Arrays.sort(sorted);
        int share = sorted.length / SHARE_MIN;
        return Math.max(sorted[share], Math.min(cut, sorted[sorted.length - 1 - share - 1]));
    }

    private static int farthest(VectorKernel kernel, float[] vectors, int count, int length, int from) {
        float[] origin = Arrays.copyOfRange(vectors, from * length, (from + 1) * length);
        float[] vector = new float[length];
        int farthest = from;
        float most = SAME;
        for (int i = 0; i < count; i++) {
            for (int d = 0; d < length; d++) {
                vector[d] = vectors[i * length + d] - origin[d];
            }
            float distance = kernel.dot(vector, 0, vector, length);
            if (distance > most) {
                most = distance;
                farthest = i;
            }
        }
        return farthest;
    }

    private static void mean(float[] vectors, int length, boolean[] second, boolean which, float[] mean) {
        Arrays.fill(mean, 0);
        int count = 0;
        for (int i = 0; i < second.length; i++) {
            if (second[i] == which) {
                count++;
                for (int d = 0; d < length; d++) {
                    mean[d] += vectors[i * length + d];
                }
            }
        }
        for (int d = 0; d < length && count > 0; d++) {
            mean[d] /= count;
        }
    }
}
