package ai.postdev.developer.watch;

import ai.postdev.developer.ingest.CommitRecord;
import ai.postdev.developer.ingest.GitFolder;
import ai.postdev.developer.ingest.GitLog;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * In which order files are read at the start: those that recent commits touched most first, then the newest. What a
 * person is likely to ask for is searchable before the rest.
 *
 * @param weights path to its weight: each of the newest commits adds to what it touches, older ones less
 */
record ReadingOrder(Map<String, Double> weights) {
    static final ReadingOrder BY_TIME = new ReadingOrder(Map.of());

    private static final int COMMITS = 500;
    /** A commit this many places further back counts half. */
    private static final double HALF_LIFE = 100;

    /** From the newest commits of a repository; by time alone if there are none. */
    static ReadingOrder of(Optional<GitFolder> git, boolean gitInstalled) {
        try {
            if (git.isEmpty() || git.get().head().isEmpty()) {
                return BY_TIME;
            }
            GitLog log = GitLog.of(git.get(), gitInstalled);
            List<CommitRecord> commits =
                    log.read(log.reachable(List.of(git.get().head().get()), List.of(), COMMITS));
            Map<String, Double> weights = new HashMap<>();
            for (int i = 0; i < commits.size(); i++) {
                double weight = Math.pow(0.5, i / HALF_LIFE);
                commits.get(i).changes().forEach(change -> weights.merge(change.path(), weight, Double::sum));
            }
            return new ReadingOrder(weights);
        } catch (IOException e) {
            // the order only helps; the history feed reports what is wrong with the repository
            return BY_TIME;
        }
    }

    /** {@code paths}, the most interesting first. */
    List<String> sorted(List<String> paths, ToLongFunction<String> modifiedNanos) {
        return paths.stream()
                .sorted(Comparator.<String>comparingDouble(path -> -weights.getOrDefault(path, 0.0))
                        .thenComparing(Comparator.comparingLong(modifiedNanos).reversed()))
                .toList();
    }
}
