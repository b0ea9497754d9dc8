package ai.postdev.benchmarks.vector;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Vectors of unit length, queries that are not among them, and each query's true nearest.
 *
 * @param base one array for each vector
 * @param truth for each query the ten best by inner product, best first
 */
record VectorData(String name, float[][] base, float[][] queries, int[][] truth) {
    static final int K = 10;
    private static final int CENTRES = 200;
    private static final int QUERIES = 1_000;
    /** Of more vectors fewer questions are asked, as their truth is found by looking at all. */
    private static final int LARGE = 200_000;

    private static final int QUERIES_LARGE = 200;
    private static final long SEED = 7;
    /** Sums in another order differ by so much. */
    private static final float SAME = 1e-5f;

    int dimensions() {
        return base[0].length;
    }

    /** 200 centres N(0,1), noise 0.6 N(0,1) on every axis: hard neighbourhoods. */
    static VectorData isotropic(int count, int dimensions) {
        float[] even = new float[dimensions];
        Arrays.fill(even, 1);
        return mixture("A", count, dimensions, even, 0.6f, null);
    }

    /** Centres and 0.7 times noise with variance 1/i on axis i, turned at random: much like embeddings. */
    static VectorData embeddingLike(int count, int dimensions) {
        float[] spread = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            spread[i] = (float) (1 / Math.sqrt(i + 1));
        }
        return mixture("B", count, dimensions, spread, 0.7f, orthogonal(dimensions, new Random(SEED + 1)));
    }

    private static VectorData mixture(
            String name, int count, int dimensions, float[] spread, float noise, float[][] turn) {
        Random random = new Random(SEED);
        float[][] centres = new float[CENTRES][];
        for (int c = 0; c < CENTRES; c++) {
            centres[c] = gaussian(random, spread, 1);
        }
        float[][] all = new float[count + (count > LARGE ? QUERIES_LARGE : QUERIES)][];
        for (int i = 0; i < all.length; i++) {
            float[] vector = gaussian(random, spread, noise);
            float[] centre = centres[random.nextInt(CENTRES)];
            for (int d = 0; d < dimensions; d++) {
                vector[d] += centre[d];
            }
            all[i] = vector;
        }
        IntStream.range(0, all.length)
                .parallel()
                .forEach(i -> all[i] = unit(turn == null ? all[i] : turned(all[i], turn)));
        return of(name, Arrays.copyOf(all, count), Arrays.copyOfRange(all, count, all.length));
    }

    /** Finds the true neighbours. */
    static VectorData of(String name, float[][] base, float[][] queries) {
        int[][] truth = new int[queries.length][];
        IntStream.range(0, queries.length).parallel().forEach(q -> truth[q] = nearest(base, queries[q]));
        return new VectorData(name, base, queries, truth);
    }

    private static int[] nearest(float[][] base, float[] query) {
        int[] best = new int[K];
        double[] scores = new double[K];
        Arrays.fill(scores, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < base.length; i++) {
            double score = dot(base[i], query);
            if (score > scores[K - 1]) {
                int at = K - 1;
                for (; at > 0 && scores[at - 1] < score; at--) {
                    scores[at] = scores[at - 1];
                    best[at] = best[at - 1];
                }
                scores[at] = score;
                best[at] = i;
            }
        }
        return best;
    }

    static float dot(float[] a, float[] b) {
        float[] sums = new float[16];
        int i = 0;
        for (; i + 16 <= a.length; i += 16) {
            for (int lane = 0; lane < 16; lane++) {
                sums[lane] += a[i + lane] * b[i + lane];
            }
        }
        float sum = 0;
        for (float s : sums) {
            sum += s;
        }
        for (; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static float[] gaussian(Random random, float[] spread, float scale) {
        float[] vector = new float[spread.length];
        for (int d = 0; d < vector.length; d++) {
            vector[d] = (float) random.nextGaussian() * spread[d] * scale;
        }
        return vector;
    }

    private static float[] turned(float[] vector, float[][] turn) {
        float[] result = new float[vector.length];
        for (int d = 0; d < vector.length; d++) {
            result[d] = dot(turn[d], vector);
        }
        return result;
    }

    /** A random orthogonal matrix, by Gram and Schmidt. */
    private static float[][] orthogonal(int n, Random random) {
        double[][] rows = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int d = 0; d < n; d++) {
                rows[i][d] = random.nextGaussian();
            }
            for (int j = 0; j < i; j++) {
                double product = 0;
                for (int d = 0; d < n; d++) {
                    product += rows[i][d] * rows[j][d];
                }
                for (int d = 0; d < n; d++) {
                    rows[i][d] -= product * rows[j][d];
                }
            }
            double squares = 0;
            for (double x : rows[i]) {
                squares += x * x;
            }
            for (int d = 0; d < n; d++) {
                rows[i][d] /= Math.sqrt(squares);
            }
        }
        float[][] result = new float[n][n];
        for (int i = 0; i < n; i++) {
            for (int d = 0; d < n; d++) {
                result[i][d] = (float) rows[i][d];
            }
        }
        return result;
    }

    private static float[] unit(float[] vector) {
        double squares = 0;
        for (float x : vector) {
            squares += (double) x * x;
        }
        float scale = (float) (1 / Math.sqrt(squares));
        for (int d = 0; d < vector.length; d++) {
            vector[d] *= scale;
        }
        return vector;
    }

    /**
     * The share of the ten best that was found. Texts that are nearly the same have nearly the same vectors: of those that
     * are as near as the tenth, any counts.
     */
    double recall(int[][] found) {
        long hits = 0;
        for (int q = 0; q < truth.length; q++) {
            float least = dot(base[truth[q][K - 1]], queries[q]) - SAME;
            int near = 0;
            for (int ordinal : found[q]) {
                near += dot(base[ordinal], queries[q]) >= least ? 1 : 0;
            }
            hits += Math.min(K, near);
        }
        return hits / (double) (truth.length * K);
    }

    /**
     * Vectors from a file: the number of dimensions as a little-endian int, then the vectors; every 21st serves as a
     * query, at most a thousand.
     */
    static VectorData read(String name, Path file) throws IOException {
        float[][] vectors = vectors(file);
        List<float[]> base = new ArrayList<>();
        List<float[]> queries = new ArrayList<>();
        for (int i = 0; i < vectors.length; i++) {
            (i % 21 == 0 && queries.size() < QUERIES ? queries : base).add(vectors[i]);
        }
        return of(name, base.toArray(new float[0][]), queries.toArray(new float[0][]));
    }

    /** All vectors of such a file, made of unit length. */
    static float[][] vectors(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int dimensions = bytes.getInt();
        float[][] vectors = new float[bytes.remaining() / (dimensions * Float.BYTES)][dimensions];
        for (float[] vector : vectors) {
            bytes.asFloatBuffer().get(vector);
            bytes.position(bytes.position() + dimensions * Float.BYTES);
            unit(vector);
        }
        return vectors;
    }

    /** Writes vectors as little-endian floats, one after the other. */
    static void write(Path file, float[][] vectors) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(vectors[0].length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (float[] vector : vectors) {
                bytes.clear().asFloatBuffer().put(vector);
                out.write(bytes.array());
            }
        }
    }

    /** Writes the truth as little-endian ints. */
    void writeTruth(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(truth.length * K * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int[] row : truth) {
            for (int ordinal : row) {
                bytes.putInt(ordinal);
            }
        }
        Files.write(file, bytes.array());
    }
}
