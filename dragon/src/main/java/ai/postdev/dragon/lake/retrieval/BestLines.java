package ai.postdev.dragon.lake.retrieval;

import ai.postdev.dragon.lake.retrieval.Candidate.Place;
import ai.postdev.dragon.lake.text.Definitions;
import ai.postdev.dragon.lake.text.Terms;
import ai.postdev.dragon.lake.text.Terms.Word;
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
    static Lines of(List<String> lines, Place place, Map<String, Double> rarity, int linesMax, boolean fromStart) {
        int first = Math.min(Math.max(1, place.startLine()), Math.max(1, lines.size()));
        int last = Math.min(Math.max(first, place.endLine()), lines.size());
        List<Set<String>> terms = new ArrayList<>();
        List<Boolean> defines = new ArrayList<>();
        for (int line = first; line <= last; line++) {
            String text = lines.get(line - 1);
            Set<String> here = new HashSet<>();
            for (Word word : Terms.words(text)) {
                here.addAll(word.terms());
            }
            here.retainAll(rarity.keySet());
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            terms.add(here);
            defines.add(!here.isEmpty()
                    && !Definitions.in(utf8, 0, utf8.length, line).isEmpty());
        }
        int start = fromStart ? 0 : bestWindow(terms, defines, rarity, linesMax);
        int end = Math.min(start + linesMax, terms.size());
        start = fromStart ? 0 : raisedToDefinition(lines, first, start, linesMax);
        end = Math.min(Math.max(start + 1, end), start + linesMax);
        while (end - start > 1 && lines.get(first + end - 2).isBlank()) {
            end--;
        }
        while (end - start > 1 && lines.get(first + start - 1).isBlank()) {
            start++;
        }
        Set<String> shown = new HashSet<>();
        terms.subList(start, Math.min(end, terms.size())).forEach(shown::addAll);
        String text = lines.isEmpty()
                ? ""
                : String.join("\n", lines.subList(first + start - 1, Math.min(first + end - 1, lines.size())));
        return new Lines(first + start, first + end - 1, text, shown);
    }

    private static int bestWindow(
            List<Set<String>> terms, List<Boolean> defines, Map<String, Double> rarity, int linesMax) {
        int best = 0;
        double bestScore = -1;
        for (int start = 0; start < terms.size(); start++) {
            if (start > 0 && terms.get(start).isEmpty()) {
                continue; // a window that starts with a line that says something is never worse
            }
            Set<String> seen = new HashSet<>();
            double score = 0;
            for (int line = start; line < Math.min(terms.size(), start + linesMax); line++) {
                double factor = defines.get(line) ? DEFINITION_FACTOR : 1;
                for (String term : terms.get(line)) {
                    score += factor * rarity.get(term) * (seen.add(term) ? 1 : REPEAT_SHARE);
                }
            }
            if (score > bestScore) {
                bestScore = score;
                best = start;
            }
        }
        return best;
    }

    private static int raisedToDefinition(List<String> lines, int first, int start, int linesMax) {
        for (int up = 0; up <= Math.min(LEAD_LINES_MAX, Math.min(start, linesMax - 1)); up++) {
            byte[] utf8 = lines.get(first + start - up - 1).getBytes(StandardCharsets.UTF_8);
            if (!Definitions.in(utf8, 0, utf8.length, 0).isEmpty()) {
                return start - up;
            }
        }
        return start;
    }
}
