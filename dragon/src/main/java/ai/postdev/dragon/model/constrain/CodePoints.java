package ai.postdev.dragon.model.constrain;

import ai.postdev.dragon.model.constrain.Grammar.Range;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Sets of code points. */
final class CodePoints {
    static final List<Range> WORD =
            List.of(new Range('0', '9'), new Range('A', 'Z'), new Range('_', '_'), new Range('a', 'z'));

    private CodePoints() {}

    /** All others. */
    static List<Range> without(List<Range> ranges) {
        List<Range> others = new ArrayList<>();
        int from = 0;
        for (Range range : merged(ranges)) {
            if (from < range.first()) {
                others.add(new Range(from, range.first() - 1));
            }
            from = range.last() + 1;
        }
        if (from <= Character.MAX_CODE_POINT) {
            others.add(new Range(from, Character.MAX_CODE_POINT));
        }
        return others;
    }

    /** Those in both, in order and without overlaps. */
    static List<Range> common(List<Range> some, List<Range> others) {
        List<Range> common = new ArrayList<>();
        for (Range one : merged(some)) {
            for (Range other : others) {
                int first = Math.max(one.first(), other.first());
                int last = Math.min(one.last(), other.last());
                if (first <= last) {
                    common.add(new Range(first, last));
                }
            }
        }
        return common;
    }

    private static List<Range> merged(List<Range> ranges) {
        List<Range> merged = new ArrayList<>();
        for (Range range :
                ranges.stream().sorted(Comparator.comparingInt(Range::first)).toList()) {
            if (!merged.isEmpty() && merged.getLast().last() >= range.first() - 1) {
                Range last = merged.removeLast();
                merged.add(new Range(last.first(), Math.max(last.last(), range.last())));
            } else {
                merged.add(range);
            }
        }
        return merged;
    }
}
