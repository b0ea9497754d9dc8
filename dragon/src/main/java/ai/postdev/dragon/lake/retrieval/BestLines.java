package ai.postdev.dragon.lake.retrieval;

import ai.postdev.dragon.lake.retrieval.Candidate.Place;
import ai.postdev.dragon.lake.text.Definitions;
import ai.postdev.dragon.lake.text.Terms;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds, within a place of a document, the few lines that a person should see: the window that holds the most of the
 * query's rare terms, moved up to the definition it stands under if that is near. Reads the text that is in memory.
 */
final class BestLines {
    /** How far above the window a definition may stand to be shown with it. */
    private static final int LEAD_LINES_MAX = 3;

    /** A term that repeats in the window counts so much of its first occurrence. */
    private static final double REPEAT_SHARE = 0.1;

    /** A line that defines a name with the term counts so much more. */
    private static final double DEFINITION_FACTOR = 1.5;

    /** Of a longer place only the first lines are looked at. */
    private static final int PLACE_LINES_MAX = 400;

    /** Longer lines are cut: data, not code. */
    private static final int LINE_BYTES_MAX = 2_000;

    private BestLines() {}

    /**
     * Lines to show.
     *
     * @param startLine 1-based
     * @param endLine inclusive
     * @param terms of the query that occur there
     */
    record Lines(int startLine, int endLine, String text, Set<String> terms) {}

    /**
     * The best lines of {@code place}.
     *
     * @param rarity weight by term
     * @param fromStart show the place from its first line: it is a definition that was asked for
     */
    static Lines of(byte[] utf8, Place place, Map<String, Double> rarity, int linesMax, boolean fromStart) {
        int first = Math.max(1, place.startLine());
        int wanted = fromStart ? linesMax : Math.min(place.endLine() - first + 1, PLACE_LINES_MAX);
        List<String> lines = lines(utf8, first, Math.max(1, wanted));
        if (lines.isEmpty()) {
            return new Lines(1, 1, "", Set.of());
        }
        List<Set<String>> terms = new ArrayList<>();
        Terms.Wanted sought = new Terms.Wanted(rarity.keySet());
        for (String line : lines) {
            terms.add(sought.in(line));
        }
        int start = fromStart ? 0 : bestWindow(lines, terms, rarity, linesMax);
        int end = Math.min(start + linesMax, lines.size());
        if (!fromStart) {
            start = raisedToDefinition(lines, start, linesMax);
            end = Math.min(end, start + linesMax);
        }
        while (end - start > 1 && lines.get(end - 1).isBlank()) {
            end--;
        }
        while (end - start > 1 && lines.get(start).isBlank()) {
            start++;
        }
        Set<String> shown = new HashSet<>();
        terms.subList(start, end).forEach(shown::addAll);
        return new Lines(first + start, first + end - 1, String.join("\n", lines.subList(start, end)), shown);
    }

    /** At most {@code count} lines from line {@code first} (1-based) on; fewer at the end of the text. */
    private static List<String> lines(byte[] utf8, int first, int count) {
        List<String> lines = new ArrayList<>();
        int line = 1;
        for (int at = 0; at < utf8.length && lines.size() < count; line++) {
            int end = DefinitionLookup.lineEnd(utf8, at);
            if (line >= first) {
                int length = end > at && utf8[end - 1] == '\r' ? end - 1 - at : end - at;
                lines.add(new String(utf8, at, Math.min(length, LINE_BYTES_MAX), StandardCharsets.UTF_8));
            }
            at = end + 1;
        }
        return lines;
    }

    private static int bestWindow(
            List<String> lines, List<Set<String>> terms, Map<String, Double> rarity, int linesMax) {
        double[] factors = new double[lines.size()];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = !terms.get(i).isEmpty() && defines(lines.get(i)) ? DEFINITION_FACTOR : 1;
        }
        int best = 0;
        double bestScore = -1;
        for (int start = 0; start < terms.size(); start++) {
            if (start > 0 && terms.get(start).isEmpty()) {
                continue; // a window that starts with a line that says something is never worse
            }
            Set<String> seen = new HashSet<>();
            double score = 0;
            for (int line = start; line < Math.min(terms.size(), start + linesMax); line++) {
                for (String term : terms.get(line)) {
                    score += factors[line] * rarity.get(term) * (seen.add(term) ? 1 : REPEAT_SHARE);
                }
            }
            if (score > bestScore) {
                bestScore = score;
                best = start;
            }
        }
        return best;
    }

    private static int raisedToDefinition(List<String> lines, int start, int linesMax) {
        for (int up = 0; up <= Math.min(LEAD_LINES_MAX, Math.min(start, linesMax - 1)); up++) {
            if (defines(lines.get(start - up))) {
                return start - up;
            }
        }
        return start;
    }

    private static boolean defines(String line) {
        byte[] utf8 = line.getBytes(StandardCharsets.UTF_8);
        return !Definitions.in(utf8, 0, utf8.length, 1).isEmpty();
    }
}
