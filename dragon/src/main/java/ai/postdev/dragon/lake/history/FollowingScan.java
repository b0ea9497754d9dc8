package ai.postdev.dragon.lake.history;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Finds what happened after an event, for several questions in one pass: blocks that may have something of the time are gone
 * through in the order of their earliest event, until nothing can get in. One use, one thread.
 */
final class FollowingScan {
    private final HistoryColumns columns;
    private final HistoryColumns.Bounds bounds;
    private final IntPredicate visible;

    /** What is asked: events of some kinds up to a time, the oldest so many. */
    private final class Question {
        private final long until;
        private final int[] kinds;
        private final boolean anyKind;
        private final TopByTime oldest;

        Question(HistoryView.Following asked, long from) {
            until = from + Math.min(asked.withinMillis(), Long.MAX_VALUE - Math.max(0, from));
            oldest = new TopByTime(Math.min(asked.limit(), bounds.events()), false);
            anyKind = asked.kinds().isEmpty();
            kinds = asked.kinds().stream()
                    .mapToInt(kind -> columns.kindRow(kind, bounds))
                    .filter(row -> row >= 0)
                    .toArray();
        }

        boolean isOver(long earliest) {
            return earliest > until || oldest.past(earliest);
        }

        void offer(int row, long time) {
            if (time <= until && oldest.wants(time, row) && visible.test(row) && isOfKind(columns.kindRow(row))) {
                oldest.offer(time, row);
            }
        }

        private boolean isOfKind(int row) {
            if (anyKind) {
                return true;
            }
            for (int kind : kinds) {
                if (kind == row) {
                    return true;
                }
            }
            return false;
        }
    }

    FollowingScan(HistoryColumns columns, HistoryColumns.Bounds bounds, IntPredicate visible) {
        this.columns = columns;
        this.bounds = bounds;
        this.visible = visible;
    }

    /**
     * The events' rows for each question, oldest first.
     *
     * @param from milliseconds since the epoch; of the same time only what was recorded later counts
     * @param ordinal of the event that is followed
     */
    List<int[]> find(long from, int ordinal, List<HistoryView.Following> asked) {
        List<Question> questions =
                asked.stream().map(one -> new Question(one, from)).toList();
        long until = questions.stream().mapToLong(one -> one.until).max().orElse(from);
        TextBlocks blocks = columns.blocks();
        long[] times = new long[0];
        for (int block : blocksIn(from, until)) {
            boolean open = block == bounds.blocks();
            if (!open && isOver(questions, blocks.earliest(block))) {
                continue;
            }
            int first = blocks.first(block);
            int end = open ? bounds.events() : blocks.end(block);
            times = times.length < end - first ? new long[end - first] : times;
            columns.times(first, end, times);
            for (int row = first; row < end; row++) {
                long time = times[row - first];
                if (time > from && time <= until || time == from && row > ordinal) {
                    for (Question question : questions) {
                        question.offer(row, time);
                    }
                }
            }
        }
        return questions.stream().map(question -> question.oldest.drain()).toList();
    }

    private static boolean isOver(List<Question> questions, long earliest) {
        for (Question question : questions) {
            if (!question.isOver(earliest)) {
                return false;
            }
        }
        return true;
    }

    /** The blocks that may have events of a span, the open one first, then in the order of their earliest event. */
    private int[] blocksIn(long from, long until) {
        long[] keys = new long[bounds.blocks()];
        int[] held = new int[1];
        columns.blocks().eachIn(from, until, bounds.blocks(), (block, earliest) -> {
            long late = Math.min(Integer.MAX_VALUE, Math.max(0, earliest - from)); // beyond that in any order
            keys[held[0]++] = late << Integer.SIZE | block;
        });
        int count = held[0];
        Arrays.sort(keys, 0, count);
        return IntStream.concat(
                        IntStream.of(bounds.blocks()),
                        Arrays.stream(keys, 0, count).mapToInt(key -> (int) key))
                .toArray();
    }
}
