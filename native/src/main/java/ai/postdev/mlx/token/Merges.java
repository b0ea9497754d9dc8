package ai.postdev.mlx.token;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/** Joins neighbouring parts of a word, always the two with the highest score, the leftmost of equals. */
final class Merges {
    private final String word;
    private final int[] from;
    private final int[] to;
    private final int[] before;
    private final int[] after;
    private final PriorityQueue<Pair> queue = new PriorityQueue<>();

    /** What joining two parts is worth; NaN when they do not join. */
    @FunctionalInterface
    interface Score {
        double of(String left, String right);
    }

    private record Pair(double score, int left, int right, int length) implements Comparable<Pair> {
        @Override
        public int compareTo(Pair other) {
            int byScore = Double.compare(other.score, score);
            return byScore != 0 ? byScore : Integer.compare(left, other.left);
        }
    }

    /** @param ends where the first parts end, ascending, the last at the word's end */
    Merges(String word, List<Integer> ends) {
        this.word = word;
        int n = ends.size();
        from = new int[n];
        to = new int[n];
        before = new int[n];
        after = new int[n];
        for (int i = 0; i < n; i++) {
            from[i] = i == 0 ? 0 : ends.get(i - 1);
            to[i] = ends.get(i);
            before[i] = i - 1;
            after[i] = i + 1 < n ? i + 1 : -1;
        }
    }

    void run(Score score) {
        for (int i = 0; i + 1 < from.length; i++) {
            offer(i, i + 1, score);
        }
        for (Pair best = queue.poll(); best != null; best = queue.poll()) {
            // A part that was joined in the meantime is longer, or empty.
            if (to[best.left] - from[best.left] + to[best.right] - from[best.right] != best.length
                    || from[best.left] == to[best.left]
                    || from[best.right] == to[best.right]
                    || after[best.left] != best.right) {
                continue;
            }
            to[best.left] = to[best.right];
            from[best.right] = to[best.right];
            after[best.left] = after[best.right];
            if (after[best.right] >= 0) {
                before[after[best.right]] = best.left;
                offer(best.left, after[best.left], score);
            }
            if (before[best.left] >= 0) {
                offer(before[best.left], best.left, score);
            }
        }
    }

    private void offer(int left, int right, Score score) {
        double value = score.of(word.substring(from[left], to[left]), word.substring(from[right], to[right]));
        if (!Double.isNaN(value)) {
            queue.add(new Pair(value, left, right, to[right] - from[left]));
        }
    }

    List<String> parts() {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i >= 0 && i < from.length; i = after[i]) {
            parts.add(word.substring(from[i], to[i]));
        }
        return parts;
    }
}
