package ai.postdev.benchmarks.lake;

import java.util.ArrayList;
import java.util.List;

/** How long something took, on the wall. One thread adds. */
final class Latencies {
    private final List<Long> nanos = new ArrayList<>();

    void time(Runnable work) {
        long start = System.nanoTime();
        work.run();
        nanos.add(System.nanoTime() - start);
    }

    @Override
    public String toString() {
        List<Long> sorted = nanos.stream().sorted().toList();
        return sorted.isEmpty()
                ? "none"
                : "p50 %.2f p99 %.2f longest %.2f ms of %d"
                        .formatted(at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1), sorted.size());
    }

    private static double at(List<Long> sorted, double part) {
        return sorted.get((int) Math.min(sorted.size() - 1, (long) (part * sorted.size()))) / 1e6;
    }
}
