package ai.postdev.dragon.lake.history;

import java.util.Set;

/**
 * Which events are wanted; build one from {@link #newest} by the {@code with} methods.
 *
 * @param sinceMillis earliest time, inclusive
 * @param untilMillis latest time, inclusive
 * @param kinds empty: every kind
 * @param path a project-relative path, or a folder with {@code /} at its end; empty: any
 * @param text words that must all occur, in any order and case; words in double quotes must occur as they stand; empty:
 *     any
 * @param limit at most so many, the newest
 */
public record HistoryQuery(long sinceMillis, long untilMillis, Set<String> kinds, String path, String text, int limit) {
    public HistoryQuery {
        kinds = Set.copyOf(kinds);
    }

    /** The newest events of all. */
    public static HistoryQuery newest(int limit) {
        return new HistoryQuery(Long.MIN_VALUE, Long.MAX_VALUE, Set.of(), "", "", limit);
    }

    /** Only events in this span, both ends included. */
    public HistoryQuery withTime(long since, long until) {
        return new HistoryQuery(since, until, kinds, path, text, limit);
    }

    /** Only events of these kinds. */
    public HistoryQuery withKinds(Set<String> wanted) {
        return new HistoryQuery(sinceMillis, untilMillis, wanted, path, text, limit);
    }

    /** Only events that touch this path, or a path below this folder. */
    public HistoryQuery withPath(String wanted) {
        return new HistoryQuery(sinceMillis, untilMillis, kinds, wanted, text, limit);
    }

    /** Only events whose text has these words. */
    public HistoryQuery withText(String wanted) {
        return new HistoryQuery(sinceMillis, untilMillis, kinds, path, wanted, limit);
    }
}
