package ai.postdev.dragon.lake.vector;

import java.util.Arrays;
import java.util.Random;

/**
 * Centres of clusters and the assignment of vectors to the nearest, by Lloyd's k-means on a sample. Buffers inside; one
 * thread.
 */
final class Centres {
    private static final int ROWS = VectorKernel.TILE_ROWS;

    private final VectorKernel kernel;
    private final int length;
    private final int count;
    private final float[] centres;
    private final float[] halfNorms;
    private final float[] packed;
    private final float[] products;
    private final float[] best = new float[ROWS];

    private Centres(VectorKernel kernel, int length, int count) {
        this.kernel = kernel;
        this.length = length;
        this.count = count;
        int columns = kernel.tileColumns();
        int tiles = (count + columns - 1) / columns;
        centres = new float[count * length];
        halfNorms = new float[tiles * columns];
        packed = new float[tiles * columns * length];
        products = new float[ROWS * columns];
    }

    /**
     * Clusters a sample.
     *
     * @param samples one vector after the other
     * @param count how many centres, at most as many as samples
     */
    static Centres cluster(VectorKernel kernel, float[] samples, int length, int count, int rounds, Random random) {
        Centres result = new Centres(kernel, length, count);
        int sampled = samples.length / length;
        int[] order = new int[sampled];
        Arrays.setAll(order, i -> i);
        for (int i = 0; i < count; i++) {
            int other = i + random.nextInt(sampled - i);
            int chosen = order[other];
            order[other] = order[i];
            order[i] = chosen;
            System.arraycopy(samples, chosen * length, result.centres, i * length, length);
        }
        result.pack();
        int[] nearest = new int[sampled];
        for (int round = 0; round < rounds; round++) {
            result.assignAll(samples, nearest);
            result.move(samples, nearest, random);
            result.pack();
        }
        return result;
    }

    private void assignAll(float[] samples, int[] nearest) {
        int sampled = nearest.length;
        float[] rows = new float[ROWS * length];
        int[] found = new int[ROWS];
        for (int first = 0; first < sampled; first += ROWS) {
            int rowCount = Math.min(ROWS, sampled - first);
            System.arraycopy(samples, first * length, rows, 0, rowCount * length);
            nearest(rows, found);
            System.arraycopy(found, 0, nearest, first, rowCount);
        }
    }

    /** Every centre to the mean of its vectors; one that has none takes the place of a random sample. */
    private void move(float[] samples, int[] nearest, Random random) {
        Arrays.fill(centres, 0);
        int[] members = new int[count];
        for (int i = 0; i < nearest.length; i++) {
            members[nearest[i]]++;
            add(samples, i * length, nearest[i] * length);
        }
        for (int c = 0; c < count; c++) {
            if (members[c] == 0) {
                int sample = random.nextInt(nearest.length);
                System.arraycopy(samples, sample * length, centres, c * length, length);
            } else {
                float share = 1f / members[c];
                for (int d = c * length; d < (c + 1) * length; d++) {
                    centres[d] *= share;
                }
            }
        }
    }

    private void add(float[] samples, int from, int to) {
        for (int d = 0; d < length; d++) {
            centres[to + d] += samples[from + d];
        }
    }

    private void pack() {
        int columns = kernel.tileColumns();
        Arrays.fill(halfNorms, Float.MAX_VALUE);
        for (int c = 0; c < count; c++) {
            halfNorms[c] = kernel.dot(centres, c * length, centre(c), length) / 2;
            int at = c / columns * columns * length + c % columns;
            for (int d = 0; d < length; d++) {
                packed[at + d * columns] = centres[c * length + d];
            }
        }
    }

    int count() {
        return count;
    }

    float[] centre(int c) {
        return Arrays.copyOfRange(centres, c * length, (c + 1) * length);
    }

    /** The nearest centre of each of {@link VectorKernel#TILE_ROWS} vectors. */
    void nearest(float[] rows, int[] found) {
        int columns = kernel.tileColumns();
        Arrays.fill(best, -Float.MAX_VALUE);
        Arrays.fill(found, 0);
        for (int first = 0; first < count; first += columns) {
            kernel.tile(rows, packed, first * length, length, products);
            take(first, columns, found);
        }
    }

    /** Nearest by distance is greatest by product less half the square of the centre. */
    private void take(int first, int columns, int[] found) {
        for (int row = 0; row < ROWS; row++) {
            for (int c = 0; c < columns; c++) {
                float near = products[row * columns + c] - halfNorms[first + c];
                if (near > best[row]) {
                    best[row] = near;
                    found[row] = first + c;
                }
            }
        }
    }
}
