package ai.postdev.dragon.lake.code.ngram;

import java.util.Arrays;
import java.util.List;

/**
 * Answers a query over one segment by sets of units, one bit each. Parts that would cost more to read than they can
 * save are passed over: the answer may hold more units than the query allows, never fewer.
 */
final class Evaluation {
    /** Reading a unit's text costs about as much as going through this many bytes of postings. */
    private static final long UNIT_COST_BYTES = 256;

    private final Segment segment;
    private final int words;

    Evaluation(Segment segment) {
        this.segment = segment;
        this.words = Postings.words(segment.units());
    }

    long[] answer(GramQuery query) {
        long[] live = new long[words];
        Arrays.fill(live, -1L);
        if (segment.units() % 64 != 0) {
            live[words - 1] = (1L << segment.units() % 64) - 1;
        }
        restrict(query, live);
        return live;
    }

    /** Bytes of postings that a part makes read, about. */
    private long cost(GramQuery query) {
        return switch (query) {
            case GramQuery.All _ -> Long.MAX_VALUE / 2;
            case GramQuery.Gram(int code) -> {
                int at = segment.find(code);
                yield at < 0 ? 0 : segment.offsets[at + 1] - segment.offsets[at];
            }
            case GramQuery.And(List<GramQuery> parts) ->
                parts.stream().mapToLong(this::cost).min().orElse(0);
            case GramQuery.Or(List<GramQuery> parts) ->
                parts.stream().mapToLong(this::cost).sum();
        };
    }

    private void restrict(GramQuery query, long[] live) {
        switch (query) {
            case GramQuery.All _ -> {}
            case GramQuery.Gram(int code) -> {
                int at = segment.find(code);
                if (at < 0) {
                    Arrays.fill(live, 0);
                } else {
                    Postings.intersect(
                            segment.data, segment.offsets[at], segment.offsets[at + 1], segment.units(), live);
                }
            }
            case GramQuery.And(List<GramQuery> parts) -> restrictAll(parts, live);
            case GramQuery.Or(List<GramQuery> parts) -> {
                long[] any = new long[words];
                parts.forEach(part -> widen(part, live, any));
                for (int i = 0; i < words; i++) {
                    live[i] &= any[i];
                }
            }
        }
    }

    private void restrictAll(List<GramQuery> parts, long[] live) {
        record Costed(GramQuery part, long cost) {}
        List<Costed> cheapestFirst = parts.stream()
                .map(part -> new Costed(part, cost(part)))
                .sorted((a, b) -> Long.compare(a.cost(), b.cost()))
                .toList();
        for (Costed next : cheapestFirst) {
            if (next.cost() > UNIT_COST_BYTES * count(live)) {
                return;
            }
            restrict(next.part(), live);
        }
    }

    /** Adds the units of {@code live} that the part allows to {@code any}. */
    private void widen(GramQuery part, long[] live, long[] any) {
        if (part instanceof GramQuery.Gram(int code)) {
            int at = segment.find(code);
            if (at >= 0) {
                Postings.union(segment.data, segment.offsets[at], segment.offsets[at + 1], segment.units(), any);
            }
            return;
        }
        long[] allowed = live.clone();
        restrict(part, allowed);
        for (int i = 0; i < words; i++) {
            any[i] |= allowed[i];
        }
    }

    private static long count(long[] set) {
        long count = 0;
        for (long word : set) {
            count += Long.bitCount(word);
        }
        return count;
    }
}
