package ai.postdev.dragon.lake.history;

import ai.postdev.dragon.lake.code.pattern.FoldedLiteral;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Finds the events that a query wants, the newest first: block by block, from the last recorded one. A block is passed
 * over if its signature lacks a part of a wanted word, or its times lie outside of the span or before all that is
 * found. In the others times and kinds are read a block at once; where many of a block's events could still get in, one
 * wanted word is looked for in the text of the whole block at once. One use, one thread.
 */
final class EventScan {
    /** Where fewer than one of so many texts of a block could get in, each is looked into by itself. */
    private static final int ONE_BY_ONE = 16;

    private final HistoryColumns columns;
    private final HistoryColumns.Bounds bounds;
    private final IntPredicate visible;
    private final HistoryQuery query;
    private final TopByTime top;
    private final int[] kinds;
    private final List<byte[]> words;
    private final List<FoldedLiteral> literals;
    private final Optional<FoldedLiteral> longest;
    private long[] times = new long[256];
    private long[] kindRows = new long[256];
    private int[] wanted = new int[256];

    EventScan(HistoryColumns columns, HistoryColumns.Bounds bounds, IntPredicate visible, HistoryQuery query) {
        this.columns = columns;
        this.bounds = bounds;
        this.visible = visible;
        this.query = query;
        top = new TopByTime(Math.min(query.limit(), bounds.events()), true);
        kinds = query.kinds().stream()
                .mapToInt(kind -> columns.kindRow(kind, bounds))
                .filter(row -> row >= 0)
                .toArray();
        words = words(query.text());
        literals = words.stream()
                .map(FoldedLiteral::new)
                .sorted(Comparator.comparingInt(FoldedLiteral::length).reversed())
                .toList();
        longest = literals.stream().findFirst();
    }

    /** The events' rows, newest first. */
    int[] find() {
        if (!query.kinds().isEmpty() && kinds.length == 0) {
            return new int[0];
        }
        if (query.path().isEmpty()) {
            blocks();
        } else {
            BitSet met = new BitSet();
            columns.eachOfPath(query.path(), bounds, event -> {
                if (event < bounds.events() && !met.get(event)) {
                    met.set(event);
                    if (isOfKind(columns.kindRow(event))) {
                        offer(event, columns.time(event));
                    }
                }
                return true;
            });
        }
        return top.drain();
    }

    private void blocks() {
        int[] grams = words.stream()
                .flatMapToInt(word -> Arrays.stream(TextBlocks.grams(word)))
                .distinct()
                .toArray();
        TextBlocks blocks = columns.blocks();
        range(bounds.blocks() == 0 ? 0 : blocks.end(bounds.blocks() - 1), bounds.events());
        for (int slab = TextBlocks.slabs(bounds.blocks()) - 1; slab >= 0; slab--) {
            long holding = blocks.mayHold(slab, grams, bounds.blocks());
            while (holding != 0) {
                int bit = Long.SIZE - 1 - Long.numberOfLeadingZeros(holding);
                holding &= ~(1L << bit);
                int block = slab * TextBlocks.SLAB_BLOCKS + bit;
                long latest = blocks.latest(block);
                if (latest >= query.sinceMillis()
                        && blocks.earliest(block) <= query.untilMillis()
                        && !top.past(latest)) {
                    range(blocks.first(block), blocks.end(block));
                }
            }
        }
    }

    private void range(int first, int end) {
        int count = end - first;
        if (count > times.length) {
            times = new long[count];
            kindRows = new long[count];
            wanted = new int[count];
        }
        if (kinds.length > 0) {
            columns.kindRows(first, end, kindRows);
            if (!anyOfKind(count)) {
                return;
            }
        }
        if (longest.isPresent() && !top.isFull()) {
            hits(first, end);
            return;
        }
        columns.times(first, end, times);
        int held = wanted(count);
        if (longest.isPresent() && held * ONE_BY_ONE > count) {
            hits(first, end);
            return;
        }
        for (int i = held - 1; i >= 0; i--) {
            if (kinds.length == 0 || isOfKind((int) kindRows[wanted[i]])) {
                offer(first + wanted[i], times[wanted[i]]);
            }
        }
    }

    /** How many events of a block could still get in by their time; these are listed. */
    private int wanted(int count) {
        long since = Math.max(query.sinceMillis(), top.least());
        long until = query.untilMillis();
        int held = 0;
        for (int i = 0; i < count; i++) {
            wanted[held] = i;
            held += times[i] >= since && times[i] <= until ? 1 : 0;
        }
        return held;
    }

    private void hits(int first, int end) {
        columns.blocks().eachHolding(first, end, longest.orElseThrow(), event -> {
            if (kinds.length == 0 || isOfKind((int) kindRows[event - first])) {
                offer(event, columns.time(event));
            }
        });
    }

    private boolean anyOfKind(int count) {
        for (int i = 0; i < count; i++) {
            if (isOfKind((int) kindRows[i])) {
                return true;
            }
        }
        return false;
    }

    private boolean isOfKind(int row) {
        if (kinds.length == 0) {
            return true;
        }
        for (int kind : kinds) {
            if (kind == row) {
                return true;
            }
        }
        return false;
    }

    private void offer(int event, long time) {
        if (time >= query.sinceMillis()
                && time <= query.untilMillis()
                && top.wants(time, event)
                && visible.test(event)
                && holdsWords(event)) {
            top.offer(time, event);
        }
    }

    private boolean holdsWords(int event) {
        for (FoldedLiteral word : literals) {
            if (!columns.blocks().contains(event, word)) {
                return false;
            }
        }
        return true;
    }

    /** Words between spaces; what stands in double quotes is one. In lower case. */
    private static List<byte[]> words(String text) {
        List<byte[]> words = new ArrayList<>();
        String[] parts = text.split("\"", -1);
        for (int i = 0; i < parts.length; i++) {
            boolean quoted = i % 2 == 1 && i < parts.length - 1;
            for (String word : quoted ? new String[] {parts[i]} : parts[i].split("\\s+")) {
                if (!word.isEmpty()) {
                    words.add(TextBlocks.folded(word.getBytes(StandardCharsets.UTF_8)));
                }
            }
        }
        return words;
    }
}
