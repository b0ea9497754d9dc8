package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Where each origin of each project ends. Read on any thread, changed under the journal's commit lock. */
final class Tails {
    /**
     * The last operation of an origin.
     *
     * @param start sequence of the first: 1, or more for an origin that goes on counting where those before it ended
     */
    record Tail(long start, long sequence, HybridTime time) {
        static final Tail NONE = new Tail(1, 0, HybridTime.ZERO);
    }

    private final Map<ProjectId, Map<Origin, Tail>> tails = new ConcurrentHashMap<>();

    Tail of(ProjectId project, Origin origin) {
        return of(project).getOrDefault(origin, Tail.NONE);
    }

    /** The tails of a project, in order of their origins; a fixed copy. */
    Map<Origin, Tail> of(ProjectId project) {
        return tails.getOrDefault(project, Map.of());
    }

    Set<ProjectId> projects() {
        return new TreeSet<>(tails.keySet());
    }

    VersionVector vector(ProjectId project) {
        Map<Origin, Long> sequences = new HashMap<>();
        of(project).forEach((origin, tail) -> sequences.put(origin, tail.sequence()));
        return new VersionVector(sequences);
    }

    /** For each origin of a project the sequence it begins with. */
    Map<Origin, Long> starts(ProjectId project) {
        Map<Origin, Long> starts = new HashMap<>();
        of(project).forEach((origin, tail) -> starts.put(origin, tail.start()));
        return starts;
    }

    /** The highest sequence that any origin of a project has used; 0 if there is none. */
    long highest(ProjectId project) {
        return of(project).values().stream().mapToLong(Tail::sequence).max().orElse(0);
    }

    HybridTime lastTime(ProjectId project) {
        return of(project).values().stream()
                .map(Tail::time)
                .max(HybridTime::compareTo)
                .orElse(HybridTime.ZERO);
    }

    long operations() {
        return tails.keySet().stream().mapToLong(this::operations).sum();
    }

    /** How many operations a project has: an origin need not begin at 1. */
    long operations(ProjectId project) {
        return of(project).values().stream()
                .mapToLong(tail -> tail.sequence() - tail.start() + 1)
                .sum();
    }

    /** Moves on to the tails of {@code staged}, all at once for each project. */
    void advance(Map<ProjectId, Map<Origin, Tail>> staged) {
        staged.forEach((project, origins) -> {
            TreeMap<Origin, Tail> next = new TreeMap<>(of(project));
            next.putAll(origins);
            tails.put(project, next);
        });
    }

    void forget(ProjectId project) {
        tails.remove(project);
    }

    void clear() {
        tails.clear();
    }
}
