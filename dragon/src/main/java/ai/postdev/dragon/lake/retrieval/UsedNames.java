package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.code.Language;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.code.SymbolHit;
import ai.postdev.dragon.lake.retrieval.Candidate.Place;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds where the names are defined that some lines use, as far as names alone can tell. Pure over a view. */
final class UsedNames {
    /** A name with more definitions than these says nothing about which is meant. */
    private static final int MEANINGS_MAX = 2;

    private static final int NAME_CHARACTERS_MIN = 3;
    private static final int LINES_READ_MAX = 2_000;
    private static final Set<String> PASSED_OVER = Set.of("heading", "field");
    private static final Pattern NAME = Pattern.compile("[\\p{L}_$][\\w$]*");

    private UsedNames() {}

    /**
     * A definition of a name.
     *
     * @param line where the name is used first
     * @param order 0 for the nearest to what was asked for
     */
    record Used(SymbolHit hit, int line, int order) {}

    /**
     * The definitions of the names in {@code focus}: first those of the line asked for, then in the order of their use.
     *
     * @param line 0 for none
     */
    static List<Used> of(SourceText text, Place focus, int line, Language language, CodeView code, int max) {
        List<Used> used = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        if (line > 0) {
            collect(text, line, seen, language, code, max, used);
        }
        int last = Math.min(focus.endLine(), focus.startLine() + LINES_READ_MAX);
        for (int at = focus.startLine(); at <= last && used.size() < max; at++) {
            collect(text, at, seen, language, code, max, used);
        }
        return used;
    }

    private static void collect(
            SourceText text, int line, Set<String> seen, Language language, CodeView code, int max, List<Used> used) {
        Matcher names = NAME.matcher(text.lines().get(line - 1));
        while (names.find() && used.size() < max) {
            String name = names.group();
            if (name.length() < NAME_CHARACTERS_MIN || !seen.add(name)) {
                continue;
            }
            List<SymbolHit> hits = code.symbolsNamed(name, 4 * MEANINGS_MAX).stream()
                    .filter(hit -> hit.document().language() == language)
                    .filter(hit -> !PASSED_OVER.contains(hit.symbol().kind()))
                    .toList();
            boolean here = hits.stream()
                    .anyMatch(hit -> hit.document().path().equals(text.path())
                            && hit.symbol().startLine() == line);
            // The name of a method says less than that of a type or a function: its owner is not known here.
            boolean member =
                    hits.stream().anyMatch(hit -> !hit.symbol().container().isEmpty());
            if (!here && hits.size() <= (member ? 1 : MEANINGS_MAX)) {
                for (SymbolHit hit : hits) {
                    used.add(new Used(hit, line, used.size()));
                }
            }
        }
    }
}
