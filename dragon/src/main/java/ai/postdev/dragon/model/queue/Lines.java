package ai.postdev.dragon.model.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The requests that wait: a line for each model, class and caller. Not thread-safe. */
final class Lines {
    private static final Comparator<Entry> BY_ORDER = Comparator.comparingLong(entry -> entry.order);

    /** One class of one model. */
    private static final class Line {
        /** Was begun before, so it goes before all others: it may hold memory, and its caller has seen some of it. */
        final TreeMap<Long, Entry> returned = new TreeMap<>();

        final Map<String, Deque<Entry>> callers = new LinkedHashMap<>();
        int size;

        Stream<Entry> heads() {
            return Stream.concat(
                    returned.values().stream().limit(1),
                    callers.values().stream().map(Deque::peekFirst));
        }

        Stream<Entry> all() {
            return Stream.concat(
                    returned.values().stream(), callers.values().stream().flatMap(Collection::stream));
        }
    }

    private final Map<String, Map<WorkClass, Line>> models = new TreeMap<>();
    private final Map<WorkClass, Fairness> fairness = new EnumMap<>(WorkClass.class);
    private final Map<WorkClass, Integer> waiting = new EnumMap<>(WorkClass.class);
    private final Map<String, Integer> ofCallers = new HashMap<>();
    private long bytes;

    Lines(int callersMax) {
        for (WorkClass workClass : WorkClass.values()) {
            fairness.put(workClass, new Fairness(callersMax));
            waiting.put(workClass, 0);
        }
    }

    /** Models that somebody waits for, in the order of their names. */
    List<String> models() {
        return List.copyOf(models.keySet());
    }

    boolean anyFor(String model) {
        return models.containsKey(model);
    }

    int count(String model, WorkClass workClass) {
        Line line = line(model, workClass);
        return line == null ? 0 : line.size;
    }

    int count(WorkClass workClass) {
        return waiting.get(workClass);
    }

    int ofCaller(String caller) {
        return ofCallers.getOrDefault(caller, 0);
    }

    long bytes() {
        return bytes;
    }

    void add(Entry entry) {
        Line line = models.computeIfAbsent(entry.request.model(), _ -> new EnumMap<>(WorkClass.class))
                .computeIfAbsent(entry.workClass(), _ -> new Line());
        if (entry.begun) {
            line.returned.put(entry.order, entry);
        } else {
            line.callers
                    .computeIfAbsent(entry.request.caller(), _ -> new ArrayDeque<>())
                    .addLast(entry);
        }
        line.size++;
        count(entry, 1);
    }

    void remove(Entry entry) {
        Map<WorkClass, Line> lines = models.get(entry.request.model());
        Line line = lines.get(entry.workClass());
        if (line.returned.remove(entry.order) == null) {
            Deque<Entry> own = line.callers.get(entry.request.caller());
            own.remove(entry);
            if (own.isEmpty()) {
                line.callers.remove(entry.request.caller());
            }
        }
        line.size--;
        count(entry, -1);
        if (line.size == 0) {
            lines.remove(entry.workClass());
            if (lines.isEmpty()) {
                models.remove(entry.request.model());
            }
        }
    }

    private void count(Entry entry, int by) {
        waiting.merge(entry.workClass(), by, Integer::sum);
        ofCallers.merge(entry.request.caller(), by, (a, b) -> a + b == 0 ? null : a + b);
        bytes += by * entry.request.bytes();
    }

    /** Takes the next one of a class: who was begun before, then the oldest of the caller who had least. */
    Optional<Entry> take(String model, WorkClass workClass) {
        Line line = line(model, workClass);
        if (line == null) {
            return Optional.empty();
        }
        Fairness had = fairness.get(workClass);
        Entry next = line.returned.isEmpty()
                ? line.callers.values().stream()
                        .map(Deque::peekFirst)
                        .min(Comparator.comparingLong((Entry entry) -> had.tag(entry.request.caller()))
                                .thenComparing(BY_ORDER))
                        .orElseThrow()
                : line.returned.firstEntry().getValue();
        remove(next);
        if (!next.begun) {
            had.spend(next.request.caller(), next.request.tokens());
        }
        return Optional.of(next);
    }

    /** Since when the one waits that waits longest. */
    long waitingSince(String model, WorkClass workClass) {
        return line(model, workClass)
                .heads()
                .mapToLong(entry -> entry.waitingSince)
                .min()
                .orElseThrow();
    }

    /** The first that came of the most urgent class; there is one. */
    Entry head(String model) {
        return models.get(model)
                .values()
                .iterator()
                .next()
                .heads()
                .min(BY_ORDER)
                .orElseThrow();
    }

    /** Who waits for the model, most urgent first, then in the order they came. */
    List<Entry> all(String model) {
        List<Entry> all = new ArrayList<>();
        models.getOrDefault(model, Map.of())
                .values()
                .forEach(line -> all.addAll(line.all().sorted(BY_ORDER).toList()));
        return all;
    }

    private Line line(String model, WorkClass workClass) {
        Map<WorkClass, Line> lines = models.get(model);
        return lines == null ? null : lines.get(workClass);
    }
}
