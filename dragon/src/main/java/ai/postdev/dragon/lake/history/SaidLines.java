package ai.postdev.dragon.lake.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A text line by line, for telling apart what has the same {@link Fingerprint} or nearly so: each line without what
 * differs between runs but with the symbols, types and keys it is about. Costs some ten microseconds a kilobyte: for
 * questions and candidates, not for every event.
 *
 * @param lines of the text, blank ones left out, at most {@value #LINES_MAX}
 * @param names of code in the lines that belong to what went wrong, at most {@value #NAMES_MAX}
 * @param alarmed whether a line says that something went wrong
 */
record SaidLines(List<Line> lines, Set<String> names, boolean alarmed) {
    private static final int NAMES_MAX = 64;
    private static final int LINES_MAX = 200;
    private static final int LINE_MAX = 600;

    /** A line that belongs to an error stands at most so many lines above or below the one that says so. */
    private static final int NEAR_BEFORE = 2;

    private static final int NEAR_AFTER = 3;

    private static final double PART_ALARM = 1;
    private static final double PART_NEAR = 0.8;
    private static final double PART_FRAME = 0.5;
    private static final double PART_OTHER = 0.2;

    /**
     * A line.
     *
     * @param strict equal values: the lines say the same about the same
     * @param part how much of the matter is in it, 0 to 1
     */
    record Line(long strict, double part, Set<String> tokens) {}

    SaidLines {
        lines = List.copyOf(lines);
        names = Set.copyOf(names);
    }

    static SaidLines of(String text) {
        List<String> texts = new ArrayList<>();
        for (String whole : Fingerprint.shown(text).split("\\R")) {
            if (!whole.isBlank() && texts.size() < LINES_MAX) {
                texts.add(whole.length() > LINE_MAX ? whole.substring(0, LINE_MAX) : whole);
            }
        }
        double[] parts = parts(texts);
        List<Line> lines = new ArrayList<>();
        boolean alarmed = false;
        Set<String> names = new HashSet<>();
        for (int i = 0; i < parts.length; i++) {
            if (parts[i] > PART_OTHER) {
                names.addAll(CodeNames.in(texts.get(i), NAMES_MAX - names.size()));
            }
            Set<String> tokens = new LinkedHashSet<>();
            Tokens.add(tokens, texts.get(i));
            String strict = Fingerprint.withoutLabel(Normalizer.keepingQuoted(texts.get(i)));
            lines.add(new Line(Fingerprint.hash(strict), parts[i], tokens));
            alarmed |= parts[i] == PART_ALARM;
        }
        return new SaidLines(lines, names, alarmed);
    }

    /** An alarm is the matter itself; what stands close around it and the stack below it belong to it. */
    private static double[] parts(List<String> texts) {
        double[] parts = new double[texts.size()];
        for (int i = 0; i < parts.length; i++) {
            boolean frame = Fingerprint.isFrame(texts.get(i));
            boolean alarm = !frame && isAlarm(texts.get(i));
            parts[i] = Math.max(parts[i], alarm ? PART_ALARM : frame ? PART_FRAME : PART_OTHER);
            for (int near = Math.max(0, i - NEAR_BEFORE);
                    alarm && near < Math.min(parts.length, i + 1 + NEAR_AFTER);
                    near++) {
                parts[near] = Math.max(parts[near], PART_NEAR);
            }
        }
        return parts;
    }

    private static boolean isAlarm(String line) {
        return Fingerprint.isAlarm(line) || Alarms.wrong(line);
    }

    /** Each word and how much of the matter is in the lines that have it. */
    Map<String, Double> parts() {
        Map<String, Double> parts = new HashMap<>();
        for (Line line : lines) {
            double part = alarmed ? line.part() : 1;
            line.tokens().forEach(token -> parts.merge(token, part, Math::max));
        }
        return parts;
    }

    /** The lines that belong to what went wrong, or all if nothing did. */
    List<Line> telling() {
        return alarmed ? lines.stream().filter(line -> line.part() > PART_OTHER).toList() : lines;
    }
}
