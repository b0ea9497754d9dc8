package ai.postdev.app.bench;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Normalised discounted cumulative gain at {@value #K} with binary gain, as the semble benchmark computes it.
 *
 * <p>Of the first {@value #K} entries, the first that covers a target gives that target its rank; an entry that is first
 * for two targets counts once, a second entry for a target that is found already counts nothing. The ideal counts every
 * target, also one whose file is not there. Repeats of a file are kept and push later files down, unless {@code distinct}
 * reduces the first {@value #K} entries to their distinct files before ranking (cut first, then reduce).
 */
public final class Ndcg {
    /** Entries that are looked at. */
    public static final int K = 10;

    private Ndcg() {}

    /**
     * A file, or lines of it.
     *
     * @param path relative to the repository's root
     * @param startLine 1-based; 0 for the whole file
     * @param endLine inclusive; 0 for the whole file
     */
    public record Entry(String path, int startLine, int endLine) {
        public Entry {
            path = path.replace('\\', '/');
            while (path.startsWith("./")) {
                path = path.substring(2);
            }
        }

        /** A whole file. */
        public static Entry file(String path) {
            return new Entry(path, 0, 0);
        }

        private boolean isWhole() {
            return startLine == 0 || endLine == 0;
        }

        /** Paths match if one is the other or its tail at a slash; lines, where both have them, must overlap. */
        boolean covers(Entry target) {
            boolean sameFile =
                    path.equals(target.path) || path.endsWith("/" + target.path) || target.path.endsWith("/" + path);
            return sameFile
                    && (isWhole() || target.isWhole() || startLine <= target.endLine && target.startLine <= endLine);
        }
    }

    /**
     * The score of one ranking, 0 to 1.
     *
     * @param distinct reduce the first entries to distinct files
     */
    public static double of(List<Entry> ranking, List<Entry> targets, boolean distinct) {
        if (targets.isEmpty()) {
            return 0;
        }
        List<Entry> entries = ranking.subList(0, Math.min(K, ranking.size()));
        if (distinct) {
            Set<String> paths = new LinkedHashSet<>();
            entries.forEach(entry -> paths.add(entry.path()));
            entries = paths.stream().map(Entry::file).toList();
        }
        Set<Integer> hits = new TreeSet<>();
        for (Entry target : targets) {
            rankOf(target, entries).ifPresent(hits::add);
        }
        double gained = hits.stream().mapToDouble(Ndcg::discount).sum();
        double ideal = 0;
        for (int rank = 1; rank <= Math.min(K, targets.size()); rank++) {
            ideal += discount(rank);
        }
        return gained / ideal;
    }

    private static OptionalInt rankOf(Entry target, List<Entry> entries) {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).covers(target)) {
                return OptionalInt.of(i + 1);
            }
        }
        return OptionalInt.empty();
    }

    private static double discount(int rank) {
        return Math.log(2) / Math.log(rank + 1.0);
    }

    /** The mean; 0 of nothing. */
    static double mean(List<Double> values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return values.isEmpty() ? 0 : sum / values.size();
    }
}
