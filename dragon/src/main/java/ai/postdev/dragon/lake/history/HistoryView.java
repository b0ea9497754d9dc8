package ai.postdev.dragon.lake.history;

import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Origin;
import ai.postdev.dragon.lake.parallel.SharedTasks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * The events as they were at one moment. Immutable; any thread. Answers come from memory but may take milliseconds: not
 * for an actor's thread.
 */
public final class HistoryView {
    /** Events whose likeness is weighed line by line: those with most of the rare words, and of the same fingerprint. */
    private static final int CANDIDATES = 40;

    private static final int CANDIDATES_SAME = 16;

    /** Candidates that one thread weighs before it looks for more to do. */
    private static final int WEIGHED_AT_ONCE = 8;

    private final HistoryColumns columns;
    private final HistoryColumns.Bounds bounds;
    private final Map<String, Long> counts;
    private final long beyondBound;
    private final long memoryBytes;
    private final EventMarks marks;
    private final Cut cut;

    HistoryView(
            HistoryColumns columns,
            HistoryColumns.Bounds bounds,
            Map<String, Long> counts,
            long beyondBound,
            long memoryBytes,
            EventMarks marks) {
        this(columns, bounds, counts, beyondBound, memoryBytes, marks, Cut.NONE);
    }

    private HistoryView(
            HistoryColumns columns,
            HistoryColumns.Bounds bounds,
            Map<String, Long> counts,
            long beyondBound,
            long memoryBytes,
            EventMarks marks,
            Cut cut) {
        this.columns = columns;
        this.bounds = bounds;
        this.counts = counts;
        this.beyondBound = beyondBound;
        this.memoryBytes = memoryBytes;
        this.marks = marks;
        this.cut = cut;
    }

    /** An earlier state: what was recorded by a time, and of one origin only up to a sequence. */
    private record Cut(long hybridMax, Optional<Origin> origin, long sequenceMax) {
        static final Cut NONE = new Cut(-1L, Optional.empty(), Long.MAX_VALUE);
    }

    /**
     * An event and how like it is to what was asked.
     *
     * @param same whether it says the same about the same, but for what differs between runs
     * @param score 0 to 1
     */
    public record Similar(HistoryEvent event, boolean same, double score) {}

    /** What had been recorded by this time. */
    public HistoryView asOf(HybridTime recorded) {
        return with(new Cut(recorded.value(), Optional.empty(), Long.MAX_VALUE));
    }

    /** What had been recorded when {@code origin} wrote its operation {@code sequence}. */
    public HistoryView asOf(Origin origin, long sequence) {
        long hybridMax = 0;
        for (int event = 0; event < bounds.events(); event++) {
            if (columns.sequence(event) <= sequence
                    && Long.compareUnsigned(columns.hybridTime(event), hybridMax) > 0
                    && columns.isOf(event, origin)) {
                hybridMax = columns.hybridTime(event);
            }
        }
        return with(new Cut(hybridMax, Optional.of(origin), sequence));
    }

    private HistoryView with(Cut earlier) {
        return new HistoryView(columns, bounds, counts, beyondBound, memoryBytes, marks, earlier);
    }

    private boolean visible(int event) {
        if (event >= bounds.events() || marks.rows().dropped().get(event)) {
            return false;
        }
        if (cut.equals(Cut.NONE)) {
            return true;
        }
        return Long.compareUnsigned(columns.hybridTime(event), cut.hybridMax()) <= 0
                && (columns.sequence(event) <= cut.sequenceMax()
                        || !columns.isOf(event, cut.origin().orElseThrow()));
    }

    /** The events that a query wants, newest first. */
    public List<HistoryEvent> find(HistoryQuery query) {
        return events(new EventScan(columns, bounds, this::visible, query).find());
    }

    HistoryEvent event(int row) {
        return columns.event(row, bounds, marks.rows().pinned().get(row));
    }

    private List<HistoryEvent> events(int[] rows) {
        return Arrays.stream(rows).mapToObj(this::event).toList();
    }

    /** Whether this commit is remembered. */
    public boolean hasCommit(String commit) {
        int event = columns.commit(commit, bounds);
        return event >= 0 && visible(event);
    }

    /** Those commits that are not remembered yet, in the order given. */
    public List<String> missingCommits(Collection<String> commits) {
        return commits.stream().filter(commit -> !hasCommit(commit)).toList();
    }

    /** A commit by its id, or by the first digits of it if they are of one commit only. */
    public Optional<HistoryEvent> commit(String idOrPrefix) {
        int exact = columns.commit(idOrPrefix, bounds);
        int event = exact >= 0 ? exact : columns.commitByPrefix(idOrPrefix, bounds);
        return event >= 0 && visible(event) ? Optional.of(event(event)) : Optional.empty();
    }

    /** Events that say the same as a text, or have a line that does; newest first. */
    public List<HistoryEvent> same(Fingerprint fingerprint, int limit) {
        TopByTime top = new TopByTime(Math.min(limit, bounds.events()), true);
        BitSet met = new BitSet();
        List<Long> wanted = new ArrayList<>(fingerprint.lines());
        wanted.add(fingerprint.value());
        for (long value : wanted) {
            columns.eachOfFingerprint(value, bounds, event -> {
                if (event < bounds.events() && !met.get(event) && visible(event)) {
                    met.set(event);
                    top.offer(columns.time(event), event);
                }
                return true;
            });
        }
        return events(top.drain());
    }

    /**
     * Events like a text, the most alike first, the newer of equals first.
     *
     * @param text an error as it appears, a command, or words
     * @param others lends a thread that does a part of it
     */
    public List<Similar> similar(String text, int limit, Executor others) {
        SaidLines asked = SaidLines.of(text);
        AlikeScan scan = new AlikeScan(columns, bounds, asked.parts());
        Likeness likeness = new Likeness(asked, scan.weights());
        Set<Integer> candidates = new LinkedHashSet<>();
        scan.best(Math.max(CANDIDATES, limit), this::visible, others).forEach(alike -> candidates.add(alike.event()));
        // what says the same in common words only
        same(Fingerprint.of(text), Math.max(CANDIDATES_SAME, limit)).forEach(event -> candidates.add(event.ordinal()));
        List<Integer> rows = List.copyOf(candidates);
        List<Callable<List<Similar>>> weighing = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += WEIGHED_AT_ONCE) {
            List<Integer> part = rows.subList(from, Math.min(rows.size(), from + WEIGHED_AT_ONCE));
            weighing.add(() -> part.stream().map(row -> weighed(row, likeness)).toList());
        }
        List<Similar> found = new ArrayList<>();
        SharedTasks.results(weighing, others).forEach(found::addAll);
        found.sort(Comparator.comparingDouble(Similar::score)
                .reversed()
                .thenComparing(Comparator.comparingLong((Similar s) -> s.event().timeMillis())
                        .reversed())
                .thenComparing(Comparator.comparingInt((Similar s) -> s.event().ordinal())
                        .reversed()));
        return List.copyOf(found.subList(0, Math.min(Math.max(0, limit), found.size())));
    }

    private Similar weighed(int row, Likeness likeness) {
        HistoryEvent event = event(row);
        Likeness.Degree degree = likeness.of(event.text());
        return new Similar(event, degree.same(), degree.score());
    }

    /**
     * What each word of a text weighs that some event may have: the rarer, and the more it is in the lines that matter,
     * the more.
     *
     * @param known kept by the caller between calls of one view, so that no word is counted twice; empty at first, and concurrent
     *     if the calls are
     */
    public Map<String, Double> weights(String text, Map<String, Integer> known) {
        return AlikeScan.weights(columns, bounds, SaidLines.of(text).parts(), known);
    }

    /**
     * What is asked of the time after an event.
     *
     * @param withinMillis how long after it at most
     * @param limit the oldest so many
     * @param kinds empty: every kind
     */
    public record Following(long withinMillis, int limit, Set<String> kinds) {
        public Following {
            kinds = Set.copyOf(kinds);
        }

        /** Events of every kind. */
        public Following(long withinMillis, int limit) {
            this(withinMillis, limit, Set.of());
        }
    }

    /** What happened after an event, oldest first, for each question; several at once cost little more than one. */
    public List<List<LaterEvent>> after(HistoryEvent event, List<Following> asked) {
        return new FollowingScan(columns, bounds, this::visible)
                .find(event.timeMillis(), event.ordinal(), asked).stream()
                        .map(rows -> Arrays.stream(rows)
                                .mapToObj(row -> new LaterEvent(this, row))
                                .toList())
                        .toList();
    }

    /** What happened after an event and not later than {@code withinMillis}, oldest first. */
    public List<HistoryEvent> after(HistoryEvent event, long withinMillis, int limit) {
        return after(event, List.of(new Following(withinMillis, limit))).getFirst().stream()
                .map(LaterEvent::event)
                .toList();
    }

    /** The first event of a kind after a moment that touches this very path. */
    public Optional<LaterEvent> next(String kind, String path, long afterMillis) {
        int wanted = columns.kindRow(kind, bounds);
        TopByTime first = new TopByTime(Math.min(1, bounds.events()), false);
        columns.eachOfPath(path, bounds, row -> {
            if (row < bounds.events()
                    && columns.time(row) > afterMillis
                    && columns.kindRow(row) == wanted
                    && visible(row)) {
                first.offer(columns.time(row), row);
            }
            return true;
        });
        return Arrays.stream(first.drain())
                .mapToObj(row -> new LaterEvent(this, row))
                .findFirst();
    }

    /**
     * The events that the operation {@code sequence} wrote, of whatever origin.
     *
     * @param origin of the operation; empty: any
     */
    public List<HistoryEvent> written(Optional<Origin> origin, long sequence) {
        return IntStream.range(0, bounds.events())
                .filter(event -> columns.sequence(event) == sequence
                        && (origin.isEmpty() || columns.isOf(event, origin.get()))
                        && visible(event))
                .mapToObj(this::event)
                .toList();
    }

    /** Hands out the rows of a kind, in no order. */
    void eachOfKind(String kind, IntConsumer to) {
        int wanted = columns.kindRow(kind, bounds);
        for (int event = 0; wanted >= 0 && event < bounds.events(); event++) {
            if (columns.kindRow(event) == wanted && visible(event)) {
                to.accept(event);
            }
        }
    }

    long time(int event) {
        return columns.time(event);
    }

    String kind(int event) {
        return columns.kind(columns.kindRow(event));
    }

    boolean touches(int event, FileNames names) {
        return columns.touches(event, names, bounds);
    }

    String text(int event) {
        return columns.text(event);
    }

    List<String> paths(int event) {
        return columns.paths(event, bounds);
    }

    int textBytes(int event) {
        return columns.textBytes(event);
    }

    Origin origin(int event) {
        return columns.origin(event);
    }

    long sequence(int event) {
        return columns.sequence(event);
    }

    boolean isPinned(int event) {
        return marks.rows().pinned().get(event);
    }

    /** What retention keeps and dropped, whatever {@link #asOf} hides. */
    public Retained retained() {
        return Retained.of(marks, bounds.events());
    }

    /** How many events are remembered. */
    public long count() {
        return cut.equals(Cut.NONE)
                ? bounds.events() - marks.rows().dropped().cardinality()
                : IntStream.range(0, bounds.events()).filter(this::visible).count();
    }

    /** How many events of each kind are remembered now, whatever {@link #asOf} hides. */
    public Map<String, Long> countsByKind() {
        Map<String, Long> shown = new HashMap<>(counts);
        marks.rows().droppedByKind().forEach((kind, gone) -> shown.merge(kind, -gone, Long::sum));
        shown.values().removeIf(count -> count == 0);
        return Map.copyOf(shown);
    }

    /** Events that were not taken into memory because the bound was reached. */
    public long beyondBound() {
        return beyondBound;
    }

    /** Bytes of memory that the engine held when the view was made. */
    public long memoryBytes() {
        return memoryBytes;
    }
}
