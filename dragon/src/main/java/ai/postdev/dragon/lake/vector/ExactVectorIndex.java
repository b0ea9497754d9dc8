package ai.postdev.dragon.lake.vector;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** Looks at every vector. Exact, nothing to build or to tune; 100,000 vectors of 384 numbers take some milliseconds. */
public final class ExactVectorIndex implements VectorIndex {
    private static final int BITS = 10;
    private static final int BLOCK = 1 << BITS;

    private final int dimensions;
    private final VectorKernel kernel;
    private volatile float[][] blocks = new float[4][];
    private int size;

    /** An empty index. */
    public ExactVectorIndex(int dimensions, VectorKernel kernel) {
        if (dimensions < 1) {
            throw new IllegalArgumentException("vectors need at least one dimension, found " + dimensions);
        }
        this.dimensions = dimensions;
        this.kernel = kernel;
    }

    @Override
    public int dimensions() {
        return dimensions;
    }

    @Override
    public int add(float[] unit) {
        if (unit.length != dimensions) {
            throw new IllegalArgumentException(
                    "a vector of " + unit.length + " numbers, this index holds vectors of " + dimensions);
        }
        int block = size >>> BITS;
        if (block == blocks.length) {
            blocks = Arrays.copyOf(blocks, block * 2);
        }
        float[][] directory = blocks;
        if (directory[block] == null) {
            directory[block] = new float[BLOCK * dimensions];
            blocks = directory; // a volatile write, so that later readers find the block
        }
        System.arraycopy(unit, 0, directory[block], (size & (BLOCK - 1)) * dimensions, dimensions);
        return size++;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Reader reader() {
        return new View(size);
    }

    @Override
    public long memoryBytes() {
        long held = 0;
        for (float[] block : blocks) {
            held += block == null ? 0 : (long) block.length * Float.BYTES;
        }
        return held;
    }

    private final class View implements Reader {
        private final int count;

        View(int count) {
            this.count = count;
        }

        @Override
        public int size() {
            return count;
        }

        @Override
        public float[] vector(int ordinal) {
            int from = (ordinal & (BLOCK - 1)) * dimensions;
            return Arrays.copyOfRange(blocks[ordinal >>> BITS], from, from + dimensions);
        }

        @Override
        public Found nearest(float[] unitQuery, int k, IntPredicate accept) {
            if (unitQuery.length != dimensions) {
                throw new IllegalArgumentException(
                        "a query of " + unitQuery.length + " numbers, this index holds vectors of " + dimensions);
            }
            Best best = new Best(Math.min(k, count));
            float[] scores = new float[BLOCK];
            float[][] directory = blocks;
            for (int first = 0; first < count && best.capacity() > 0; first += BLOCK) {
                int end = Math.min(BLOCK, count - first);
                kernel.scores(directory[first >>> BITS], dimensions, 0, end, unitQuery, scores);
                for (int i = 0; i < end; i++) {
                    if (scores[i] > best.threshold() && accept.test(first + i)) {
                        best.offer(first + i, scores[i]);
                    }
                }
            }
            return best.found();
        }
    }

    /** The k best so far: a binary heap with the worst on top. */
    private static final class Best {
        private final int[] ordinals;
        private final float[] scores;
        private int held;

        Best(int capacity) {
            ordinals = new int[capacity];
            scores = new float[capacity];
        }

        int capacity() {
            return ordinals.length;
        }

        float threshold() {
            return held < ordinals.length ? Float.NEGATIVE_INFINITY : scores[0];
        }

        /** Takes a score above the threshold in. Later ordinals never beat an equal score: they come later. */
        void offer(int ordinal, float score) {
            if (held < ordinals.length) {
                int at = held++;
                while (at > 0 && worse(ordinal, score, (at - 1) / 2)) {
                    move((at - 1) / 2, at);
                    at = (at - 1) / 2;
                }
                put(at, ordinal, score);
            } else {
                down(0, ordinal, score);
            }
        }

        private void down(int from, int ordinal, float score) {
            int at = from;
            for (int child = 2 * at + 1; child < held; child = 2 * at + 1) {
                if (child + 1 < held && worse(ordinals[child + 1], scores[child + 1], child)) {
                    child++;
                }
                if (worse(ordinal, score, child)) {
                    break;
                }
                move(child, at);
                at = child;
            }
            put(at, ordinal, score);
        }

        private boolean worse(int ordinal, float score, int at) {
            return score < scores[at] || (score == scores[at] && ordinal > ordinals[at]);
        }

        private void move(int from, int to) {
            put(to, ordinals[from], scores[from]);
        }

        private void put(int at, int ordinal, float score) {
            ordinals[at] = ordinal;
            scores[at] = score;
        }

        Found found() {
            int[] bestOrdinals = new int[held];
            float[] bestScores = new float[held];
            while (held > 0) {
                int last = --held;
                bestOrdinals[last] = ordinals[0];
                bestScores[last] = scores[0];
                down(0, ordinals[last], scores[last]);
            }
            return new Found(bestOrdinals, bestScores);
        }
    }
}
