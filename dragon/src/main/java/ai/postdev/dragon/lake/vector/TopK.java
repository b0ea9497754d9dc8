package ai.postdev.dragon.lake.vector;

import java.util.Arrays;

/** The k best so far: a binary heap with the worst on top, used again from query to query. One thread. */
final class TopK {
    private int[] ordinals = new int[16];
    private int[] rows = new int[16];
    private float[] scores = new float[16];
    private int capacity;
    private int held;

    void reset(int k) {
        if (k > ordinals.length) {
            ordinals = new int[k];
            rows = new int[k];
            scores = new float[k];
        }
        capacity = k;
        held = 0;
    }

    boolean full() {
        return held == capacity;
    }

    int held() {
        return held;
    }

    /** The score to reach: an equal one may still come in by a lower ordinal. */
    float threshold() {
        return held < capacity ? Float.NEGATIVE_INFINITY : scores[0];
    }

    int ordinal(int at) {
        return ordinals[at];
    }

    int row(int at) {
        return rows[at];
    }

    float score(int at) {
        return scores[at];
    }

    void offer(int ordinal, int row, float score) {
        if (held < capacity) {
            int at = held++;
            while (at > 0 && worse(ordinal, score, (at - 1) / 2)) {
                move((at - 1) / 2, at);
                at = (at - 1) / 2;
            }
            put(at, ordinal, row, score);
        } else if (capacity > 0 && !worse(ordinal, score, 0)) {
            down(0, ordinal, row, score);
        }
    }

    /** Sorts what is held, best first; {@link #reset} before the next offer. */
    void sort() {
        int count = held;
        while (held > 1) {
            int last = --held;
            int ordinal = ordinals[last];
            int row = rows[last];
            float score = scores[last];
            move(0, last);
            down(0, ordinal, row, score);
        }
        held = count;
    }

    private void down(int from, int ordinal, int row, float score) {
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
        put(at, ordinal, row, score);
    }

    private boolean worse(int ordinal, float score, int at) {
        return score < scores[at] || (score == scores[at] && ordinal > ordinals[at]);
    }

    private void move(int from, int to) {
        put(to, ordinals[from], rows[from], scores[from]);
    }

    private void put(int at, int ordinal, int row, float score) {
        ordinals[at] = ordinal;
        rows[at] = row;
        scores[at] = score;
    }

    VectorIndex.Found found() {
        return new VectorIndex.Found(Arrays.copyOf(ordinals, held), Arrays.copyOf(scores, held));
    }
}
