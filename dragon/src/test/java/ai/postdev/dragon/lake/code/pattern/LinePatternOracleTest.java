package ai.postdev.dragon.lake.code.pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.lake.code.InvalidPatternException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The same lines as two independent engines: the platform's, line by line, and ripgrep where it is installed. */
@Execution(ExecutionMode.CONCURRENT)
class LinePatternOracleTest {
    private static final int TEXTS = 60;
    /** Characters that the backtracking oracle may look at before a sample is passed over. */
    private static final int BUDGET = 2_000_000;

    /** The platform's engine loses matches of deeply nested loops over nothing; ripgrep does not. */
    private static final int PLATFORM_DEPTH = 1;

    private static final int RIPGREP_DEPTH = 3;
    /** A fixed default: about one pattern in ten thousand shows a fault of the platform's engine instead of ours. */
    private static final long SEED = 20261124;

    private final long seed = Long.getLong("postdevai.seed", SEED);
    private final Random random = new Random(seed);
    private int passedOver;

    LinePatternOracleTest() {
        System.out.println("seed " + seed + " (set it by -Dpostdevai.seed)");
    }

    @Test
    void findsTheSameLinesAsThePlatformsEngine() throws InvalidPatternException {
        List<String> texts = texts();
        compareWithPlatform(texts, 2_000);
    }

    @Test
    @Tag("campaign")
    void findsTheSameLinesAsThePlatformsEngineForTenThousandPatterns() throws InvalidPatternException {
        List<String> texts = texts();
        compareWithPlatform(texts, 10_000);
    }

    @Test
    void findsTheSameLinesAsRipgrep(@TempDir Path folder) throws Exception {
        compareWithRipgrep(folder, 300);
    }

    @Test
    @Tag("campaign")
    void findsTheSameLinesAsRipgrepForTenThousandPatterns(@TempDir Path folder) throws Exception {
        compareWithRipgrep(folder, 10_000);
    }

    private void compareWithPlatform(List<String> generated, int patterns) throws InvalidPatternException {
        // The platform looks behind by one char, so letters of two chars would not count as word characters there, and
        // it folds neither the Kelvin sign into a range of letters nor sharp s to its capital.
        List<String> texts = generated.stream()
                .map(text -> text.replaceAll("[\\x{10400}-\\x{1044F}\\x{212A}\\x{1E9E}]", "d"))
                .toList();
        int matched = 0;
        for (int i = 0; i < patterns; i++) {
            boolean literal = i % 4 == 0;
            boolean ignoreCase = random.nextInt(3) == 0;
            GeneratedPattern pattern =
                    literal ? GeneratedPattern.literal(random) : GeneratedPattern.regex(random, PLATFORM_DEPTH);
            LinePattern tested = compile(pattern.rust(), literal, ignoreCase);
            Pattern oracle = Pattern.compile(
                    pattern.java(),
                    ignoreCase ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : Pattern.UNICODE_CASE);
            for (String text : texts) {
                TreeSet<Integer> expected = platformLines(oracle, text);
                if (expected == null) {
                    passedOver++;
                    continue;
                }
                matched += expected.size();
                assertEquals(
                        expected,
                        lines(tested, text),
                        () -> "seed " + seed + ", pattern " + pattern.rust() + ", case " + ignoreCase + ", text "
                                + quote(text));
            }
        }
        System.out.println(patterns + " patterns, " + matched + " matching lines, " + passedOver + " passed over");
        assertTrue(passedOver < patterns * texts.size() / 20, "too few samples were compared");
        assertTrue(matched > patterns, "the patterns hardly match anything");
    }

    private void compareWithRipgrep(Path folder, int patterns) throws Exception {
        if (!Ripgrep.installed()) {
            System.out.println("SKIPPED: ripgrep is not installed, so nothing was compared with it");
            Assumptions.abort("ripgrep is not installed");
        }
        List<String> texts = texts();
        for (int i = 0; i < texts.size(); i++) {
            Files.writeString(folder.resolve("t" + i), texts.get(i));
        }
        int differences = 0;
        for (int i = 0; i < patterns; i++) {
            boolean literal = i % 4 == 0;
            boolean ignoreCase = random.nextInt(3) == 0;
            GeneratedPattern pattern =
                    literal ? GeneratedPattern.literal(random) : GeneratedPattern.regex(random, RIPGREP_DEPTH);
            if (!literal && startAfterCondition(pattern.rust())) {
                passedOver++;
                continue;
            }
            Map<String, TreeSet<Integer>> expected = Ripgrep.lines(folder, pattern.rust(), literal, ignoreCase);
            LinePattern tested = compile(pattern.rust(), literal, ignoreCase);
            Map<String, TreeSet<Integer>> found = new HashMap<>();
            for (int t = 0; t < texts.size(); t++) {
                TreeSet<Integer> lines = lines(tested, texts.get(t));
                if (!lines.isEmpty()) {
                    found.put("t" + t, lines);
                }
            }
            if (!found.equals(expected)) {
                differences++;
                System.out.println("pattern " + pattern.rust() + " case " + ignoreCase + "\n  rg    " + expected
                        + "\n  found " + found);
            }
        }
        System.out.println(patterns + " patterns, " + passedOver + " passed over");
        assertEquals(0, differences, "seed " + seed);
    }

    /**
     * ripgrep 13 misses lines where {@code ^} holds right after another condition, as in {@code $^} on an empty line;
     * later versions find them.
     */
    private static boolean startAfterCondition(String pattern) {
        return Pattern.compile("(\\$|\\\\[bB]|(?<!\\[)\\^).*(?<!\\[)\\^")
                .matcher(pattern)
                .find();
    }

    private static LinePattern compile(String pattern, boolean literal, boolean ignoreCase)
            throws InvalidPatternException {
        return literal ? LinePattern.literal(pattern, ignoreCase) : LinePattern.regex(pattern, ignoreCase);
    }

    private static TreeSet<Integer> lines(LinePattern pattern, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        TreeSet<Integer> lines = new TreeSet<>();
        LineMatcher matcher = pattern.matcher(() -> false);
        for (int at = 0; at <= utf8.length && matcher.find(utf8, at); at = matcher.lineEnd() + 1) {
            int line = 1;
            for (int i = 0; i < matcher.lineStart(); i++) {
                line += utf8[i] == '\n' ? 1 : 0;
            }
            assertTrue(lines.add(line));
        }
        return lines;
    }

    private static TreeSet<Integer> platformLines(Pattern oracle, String text) {
        TreeSet<Integer> lines = new TreeSet<>();
        Budget budget = new Budget();
        int number = 1;
        for (String line : splitLines(text)) {
            try {
                if (oracle.matcher(budget.over(line)).find()) {
                    lines.add(number);
                }
            } catch (Spent | StackOverflowError _) {
                return null;
            }
            number++;
        }
        return lines;
    }

    private static List<String> splitLines(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        if (text.endsWith("\n")) {
            lines.removeLast();
        }
        return lines;
    }

    private List<String> texts() {
        List<String> texts =
                new ArrayList<>(List.of("", "\n", "\n\n", "a", "\r\n", "foo\r\nBar\r\n", "x".repeat(3000)));
        while (texts.size() < TEXTS) {
            StringBuilder text = new StringBuilder();
            int lines = random.nextInt(12);
            String end = random.nextInt(4) == 0 ? "\r\n" : "\n";
            for (int i = 0; i < lines; i++) {
                int words = random.nextInt(40) == 0 ? 400 : random.nextInt(12);
                for (int w = 0; w < words; w++) {
                    text.append(GeneratedPattern.LETTERS.get(random.nextInt(GeneratedPattern.LETTERS.size())));
                }
                text.append(i == lines - 1 && random.nextBoolean() ? "" : end);
            }
            texts.add(text.toString());
        }
        return texts;
    }

    private static String quote(String text) {
        return text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
    }

    /** Ends a search of the oracle that backtracks without end. */
    private static final class Spent extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final class Budget {
        private int left = BUDGET;

        CharSequence over(String line) {
            return new CharSequence() {
                @Override
                public int length() {
                    return line.length();
                }

                @Override
                public char charAt(int index) {
                    if (--left < 0) {
                        throw new Spent();
                    }
                    return line.charAt(index);
                }

                @Override
                public CharSequence subSequence(int start, int end) {
                    return line.subSequence(start, end);
                }

                @Override
                public String toString() {
                    return line;
                }
            };
        }
    }
}
