package ai.postdev.dragon.memory;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How much memory the process and the models' workers may take, and how it is split.
 *
 * @param totalBytes of everything: heap, native memory, models
 * @param percent of what the stores may take, for each share; together 100
 * @param modelsPercent of what the program itself leaves, promised to models; 0 to 100
 */
public record MemoryBudget(long totalBytes, Map<Share, Integer> percent, int modelsPercent) {
    public MemoryBudget {
        percent = Map.copyOf(percent);
        int sum = percent.values().stream().mapToInt(Integer::intValue).sum();
        if (totalBytes < 1) {
            throw new IllegalArgumentException("a memory budget is at least 1 byte, found " + totalBytes);
        }
        if (modelsPercent < 0 || modelsPercent > 100) {
            throw new IllegalArgumentException(
                    "models are promised 0 to 100 percent of memory, found " + modelsPercent);
        }
        if (percent.size() != Share.values().length
                || sum != 100
                || percent.values().stream().anyMatch(p -> p < 0)) {
            throw new IllegalArgumentException(
                    "the shares of memory must be 0 or more and 100 together, found " + written(percent));
        }
    }

    /** A budget that promises nothing to models. */
    MemoryBudget(long totalBytes, Map<Share, Integer> percent) {
        this(totalBytes, percent, 0);
    }

    private static String written(Map<Share, Integer> percent) {
        return new TreeMap<>(percent)
                .entrySet().stream()
                        .map(entry -> entry.getKey().id() + "=" + entry.getValue())
                        .collect(Collectors.joining(","));
    }

    /** Bytes of a share when the stores may take {@code available} together. */
    long limit(Share share, long available) {
        return available / 100 * percent.get(share);
    }

    /** Bytes that models are promised when stores and models may take {@code room} together. */
    long models(long room) {
        return room / 100 * modelsPercent;
    }
}
