package ai.postdev.dragon.model.engine;

import java.util.List;

/** Finds the first stop text in an answer that comes in pieces, and holds back what may be the beginning of one. */
final class StopText {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean found;

    StopText(List<String> stops) {
        this.stops = stops.stream().filter(stop -> !stop.isEmpty()).toList();
    }

    /** What of the answer is sure now; empty if nothing is. */
    String add(String piece) {
        held.append(piece);
        int first = first();
        if (first >= 0) {
            found = true;
            String before = held.substring(0, first);
            held.setLength(0);
            return before;
        }
        int sure = held.length() - begun();
        String out = held.substring(0, sure);
        held.delete(0, sure);
        return out;
    }

    private int first() {
        int first = -1;
        for (String stop : stops) {
            int at = held.indexOf(stop);
            if (at >= 0 && (first < 0 || at < first)) {
                first = at;
            }
        }
        return first;
    }

    /** Characters at the end that a stop text may begin with. */
    private int begun() {
        int most = 0;
        for (String stop : stops) {
            for (int n = Math.min(stop.length() - 1, held.length()); n > most; n--) {
                if (stop.startsWith(held.substring(held.length() - n))) {
                    most = n;
                }
            }
        }
        return most;
    }

    /** Whether a stop text came; nothing is part of the answer after it. */
    boolean found() {
        return found;
    }

    /** What was held back, when nothing comes any more. */
    String end() {
        String rest = held.toString();
        held.setLength(0);
        return rest;
    }
}
