package ai.postdev.dragon.lake.vector;

import java.util.Random;

/**
 * A product quantiser (Jégou, Douze and Schmid, "Product quantization for nearest neighbor search", 2011) of two
 * numbers a part and sixteen words a part. Part {@code p} is the numbers {@code p} and {@code parts + p}, so that a
 * query needs no re-ordering. Immutable once trained; any thread.
 */
final class CodeBook {
    private static final int WORDS = CodeKernel.WORDS;
    private static final int LANES_MAX = 16;
    private static final int ROUNDS = 10;

    private final int parts;
    private final int padded;
    /** Words of a part together: {@code [part * 16 + word]}. */
    final float[] x;

    final float[] y;
    /** One word of all parts together: {@code [word * padded + part]}. */
    final float[] xByWord;

    final float[] yByWord;

    private CodeBook(int parts) {
        this.parts = parts;
        this.padded = (parts + LANES_MAX - 1) / LANES_MAX * LANES_MAX;
        this.x = new float[parts * WORDS];
        this.y = new float[parts * WORDS];
        this.xByWord = new float[padded * WORDS];
        this.yByWord = new float[padded * WORDS];
    }

    int parts() {
        return parts;
    }

    /** Parts rounded up to whole registers. */
    int padded() {
        return padded;
    }

    float product(int part, int word, float[] query) {
        return Math.fma(query[part], x[part * WORDS + word], query[parts + part] * y[part * WORDS + word]);
    }

    /** The nearest word. */
    int nearest(int part, float px, float py) {
        int best = 0;
        float least = Float.MAX_VALUE;
        for (int word = part * WORDS; word < (part + 1) * WORDS; word++) {
            float dx = px - x[word];
            float dy = py - y[word];
            float distance = dx * dx + dy * dy;
            if (distance < least) {
                least = distance;
                best = word;
            }
        }
        return best & (WORDS - 1);
    }

    /**
     * Lloyd's algorithm in each part.
     *
     * @param blocks samples, 64 to a block, number {@code d} of a block's samples together
     */
    static CodeBook train(CodeKernel kernel, int parts, float[][] blocks, long seed) {
        CodeBook book = new CodeBook(parts);
        Random random = new Random(seed);
        for (int part = 0; part < parts; part++) {
            for (int word = 0; word < WORDS; word++) {
                float[] block = blocks[random.nextInt(blocks.length)];
                int v = random.nextInt(CodeKernel.BLOCK);
                book.x[part * WORDS + word] = block[part * CodeKernel.BLOCK + v];
                book.y[part * WORDS + word] = block[(parts + part) * CodeKernel.BLOCK + v];
            }
        }
        int[] codes = new int[parts * CodeKernel.BLOCK];
        for (int round = 0; round < ROUNDS; round++) {
            double[] sumX = new double[parts * WORDS];
            double[] sumY = new double[parts * WORDS];
            int[] counts = new int[parts * WORDS];
            for (float[] block : blocks) {
                kernel.encode(book, block, codes);
                add(parts, block, codes, sumX, sumY, counts);
            }
            for (int word = 0; word < counts.length; word++) {
                if (counts[word] > 0) {
                    book.x[word] = (float) (sumX[word] / counts[word]);
                    book.y[word] = (float) (sumY[word] / counts[word]);
                }
            }
        }
        for (int part = 0; part < parts; part++) {
            for (int word = 0; word < WORDS; word++) {
                book.xByWord[word * book.padded + part] = book.x[part * WORDS + word];
                book.yByWord[word * book.padded + part] = book.y[part * WORDS + word];
            }
        }
        return book;
    }

    private static void add(int parts, float[] block, int[] codes, double[] sumX, double[] sumY, int[] counts) {
        for (int part = 0; part < parts; part++) {
            for (int v = 0; v < CodeKernel.BLOCK; v++) {
                int word = part * WORDS + codes[part * CodeKernel.BLOCK + v];
                sumX[word] += block[part * CodeKernel.BLOCK + v];
                sumY[word] += block[(parts + part) * CodeKernel.BLOCK + v];
                counts[word]++;
            }
        }
    }

    long memoryBytes() {
        return 4L * Float.BYTES * padded * WORDS;
    }
}
