package ai.postdev.dragon.lake.history;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Chooses which events the rules no longer keep. It only chooses: what it chose is written as an operation, and from then
 * on is a fact that no clock and no setting decides again. Pure; any thread; one scan of the events for each rule.
 */
public final class Retention {
    private Retention() {}

    /**
     * The oldest events that go by the rules, at most {@code max} of each kind; when they have gone, ask again.
     *
     * @param nowMillis since the epoch
     * @return one for each kind and origin; empty: the rules keep everything that is there
     */
    public static List<Body.DropEvents> due(HistoryView view, List<RetentionRule> rules, long nowMillis, int max) {
        List<Body.DropEvents> due = new ArrayList<>();
        rules.forEach(rule -> due.addAll(due(view, rule, nowMillis, max)));
        return due;
    }

    private static List<Body.DropEvents> due(HistoryView view, RetentionRule rule, long nowMillis, int max) {
        long earliest = rule.ageMax().map(age -> nowMillis - age.toMillis()).orElse(Long.MIN_VALUE);
        long bytesMax = rule.bytesMax().orElse(Long.MAX_VALUE);
        TopByTime oldest = new TopByTime(max, false);
        long[] bytes = new long[1];
        view.eachOfKind(rule.kind(), event -> {
            bytes[0] += view.textBytes(event);
            if (!view.isPinned(event) && oldest.wants(view.time(event), event)) {
                oldest.offer(view.time(event), event);
            }
        });
        Map<Origin, List<Long>> sequences = new TreeMap<>();
        Map<Origin, Long> textBytes = new TreeMap<>();
        long left = bytes[0];
        for (int event : oldest.drain()) {
            if (view.time(event) >= earliest && left <= bytesMax) {
                break;
            }
            int length = view.textBytes(event);
            left -= length;
            sequences
                    .computeIfAbsent(view.origin(event), _ -> new ArrayList<>())
                    .add(view.sequence(event));
            textBytes.merge(view.origin(event), (long) length, Long::sum);
        }
        List<Body.DropEvents> due = new ArrayList<>();
        sequences.forEach(
                (origin, events) -> due.add(new Body.DropEvents(rule.kind(), textBytes.get(origin), origin, events)));
        return due;
    }
}
