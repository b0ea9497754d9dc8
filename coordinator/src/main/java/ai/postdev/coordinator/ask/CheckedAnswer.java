package ai.postdev.coordinator.ask;

import ai.postdev.v1.Citation;
import ai.postdev.v1.ContextItem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer whose citations are all of passages that the model was shown; a place outside them may not exist, so it is taken
 * out and listed.
 *
 * @param text without what was taken out
 * @param citations those the answer names, in its order, then others as the search found them: of each file the best, before
 *     any file is cited twice
 * @param removed what was taken out, as the model wrote it
 */
public record CheckedAnswer(String text, List<Citation> citations, List<String> removed) {
    /** Passages that are cited at most, however many an answer names. */
    static final int CITATIONS_MAX = 5;

    /** Numbers in brackets, also several, and places as compilers write them. */
    private static final Pattern MARK = Pattern.compile("\\s?\\[(\\d{1,3}(?:\\s*[,;]\\s*\\d{1,3})*)]");

    private static final Pattern PLACE =
            Pattern.compile("(?<![\\w/])((?:[\\w.-]+/)*[\\w-]+(?:\\.[\\w-]+)+):(\\d+)(?:-(\\d+))?");

    public CheckedAnswer {
        citations = List.copyOf(citations);
        removed = List.copyOf(removed);
    }

    /** Checks what a model said against what it was shown. */
    public static CheckedAnswer of(String said, Evidence evidence) {
        Set<Integer> named = new LinkedHashSet<>();
        List<String> removed = new ArrayList<>();
        String marked =
                MARK.matcher(said).replaceAll(found -> Matcher.quoteReplacement(mark(found, evidence, named, removed)));
        String placed = PLACE.matcher(marked)
                .replaceAll(found -> Matcher.quoteReplacement(place(found, evidence, named, removed)));
        return new CheckedAnswer(placed.strip(), citations(evidence, named), removed);
    }

    private static String mark(MatchResult found, Evidence evidence, Set<Integer> named, List<String> removed) {
        List<String> kept = new ArrayList<>();
        for (String number : found.group(1).split("[,;]")) {
            int value = Integer.parseInt(number.strip());
            if (evidence.has(value)) {
                named.add(value);
                kept.add(Integer.toString(value));
            } else {
                removed.add("[" + value + "]");
            }
        }
        String space = found.group().startsWith("[") ? "" : found.group().substring(0, 1);
        return kept.isEmpty() ? "" : space + "[" + String.join(", ", kept) + "]";
    }

    private static String place(MatchResult found, Evidence evidence, Set<Integer> named, List<String> removed) {
        String path = found.group(1);
        long first = number(found.group(2));
        long last = found.group(3) == null ? first : number(found.group(3));
        for (int number = 1; evidence.has(number); number++) {
            ContextItem item = evidence.passage(number);
            boolean same = item.getPath().equals(path) || item.getPath().endsWith("/" + path);
            if (same && first >= item.getStartLine() && last <= item.getEndLine() && first <= last) {
                named.add(number);
                return found.group();
            }
        }
        removed.add(found.group());
        return path;
    }

    private static long number(String digits) {
        return digits.length() > 9 ? Long.MAX_VALUE : Long.parseLong(digits);
    }

    private static List<Citation> citations(Evidence evidence, Set<Integer> named) {
        List<Citation> citations = new ArrayList<>();
        named.stream().limit(CITATIONS_MAX).forEach(number -> citations.add(citation(number, evidence, true)));
        // What a small model says is a worse judge of a passage than the search that found it.
        others(evidence, named).stream()
                .limit(CITATIONS_MAX - citations.size())
                .sorted()
                .forEach(number -> citations.add(citation(number, evidence, false)));
        return citations;
    }

    /** Passages that are not named: first one of each file that is not cited yet, so that no file takes all places. */
    private static List<Integer> others(Evidence evidence, Set<Integer> named) {
        Set<String> files = new HashSet<>();
        named.forEach(number -> files.add(file(evidence.passage(number))));
        List<Integer> first = new ArrayList<>();
        List<Integer> again = new ArrayList<>();
        for (int number = 1; evidence.has(number); number++) {
            if (!named.contains(number)) {
                (files.add(file(evidence.passage(number))) ? first : again).add(number);
            }
        }
        first.addAll(again);
        return first;
    }

    private static String file(ContextItem item) {
        return item.getProject() + '\n' + item.getPath();
    }

    private static Citation citation(int number, Evidence evidence, boolean named) {
        ContextItem item = evidence.passage(number);
        return Citation.newBuilder()
                .setPath(item.getPath())
                .setStartLine(item.getStartLine())
                .setEndLine(item.getEndLine())
                .setProject(item.getProject())
                .setProjectName(item.getProjectName())
                .setNumber(number)
                .setNamed(named)
                .build();
    }
}
