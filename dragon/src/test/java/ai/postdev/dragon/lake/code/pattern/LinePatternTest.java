package ai.postdev.dragon.lake.code.pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.lake.code.InvalidPatternException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinePatternTest {
    private static boolean finds(String regex, String text) throws InvalidPatternException {
        return LinePattern.regex(regex, false).matcher(() -> false).find(text.getBytes(StandardCharsets.UTF_8), 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?=a)",
                "(?!a)",
                "(?<=a)b",
                "(?<!a)b",
                "(a)\\1",
                "a**b)",
                "*a",
                "a|*",
                "(a",
                "[a",
                "[]",
                "[b-a]",
                "a{2,1}",
                "a{x}",
                "a{2",
                "\\q",
                "\\Z",
                "(?z)a",
                "(?i",
                "(?P<1>a)",
                "(?P<n>a)(?P<n>b)",
                "[\\w-z]",
                "[\\b]",
                "\\x{110000}",
                "\\x{D800}",
                "\\xG0",
                "\\p{Nonsense}",
                "\\n",
                "a\\nb",
                "[\\n]",
                "(?-u:.)",
                "(?-u:\\W)",
                "(?-u:[^a])",
                "(?-u:\\xFF)",
                "(?-u:é)",
                "(?-u:\\B)",
                "\\",
                "(?i)*",
                "a{100001}",
                "(?:a{1000}){1000}",
                "(?:(?:(?:(?:){1000}){1000}){1000}){1000}",
                "(?)",
                "(?-)",
                "(?ii)",
                "\\p{Greek"
            })
    void refusesWhatItCannotAnswerExactly(String regex) {
        InvalidPatternException refused =
                assertThrows(InvalidPatternException.class, () -> LinePattern.regex(regex, false));
        assertFalse(refused.getMessage().isBlank());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "(?x) a b # comment§ab",
                "(?x)[a b]c§bc",
                "(?x)a\\ b§a b",
                "[[:alpha:]&&[^a-y]]§z",
                "[a-z--b-y]$§z",
                "[a-c~~b-d]d$§dd",
                "[\\w--[0-9]]é§aé",
                "\\p{Greek}§σ",
                "\\p{sc=Cyrillic}\\P{L}§ж.",
                "\\pL\\p{^L}§a.",
                "(?i)straße§STRAẞE",
                "(?i)k§\u212A",
                "(?i:ſ)§S",
                "(?-u:\\w)\\b§a é",
                "(?-u)(?i)K§k",
                "\\x41\\x{1F600}\\u0042\\U00000043§A😀BC",
                "(?P<name>a)(?<other>b)§ab",
                "(?s-m:a.c)§abc",
                "\\<foo\\>§a foo b",
                "\\b{start}foo\\b{end}§foo",
                "\\b{start-half}oo§ oo",
                "a{,2}b§b",
                "[]a]§]",
                "[a-]§-",
                "[-a]§-",
                "[\\[]§[",
                "}]§}]",
                "\\/\\-\\ \\@§/- @",
                "(?U)a+§a",
                "^$§",
                "\\Aab\\z§ab"
            })
    void understandsTheSyntaxOfRust(String regex, String text) throws InvalidPatternException {
        assertTrue(finds(regex, (text == null ? "" : text) + "\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "(?i)i§ı",
                "(?i-u)k§\u212A",
                "(?-i)a§A",
                "\\d§x",
                "[^\\s\\S]§a",
                "foo$§foo\r",
                "\\w§-",
                "(?-u:\\w)§é"
            })
    void matchesNoMoreThanItShould(String regex, String text) throws InvalidPatternException {
        assertFalse(finds(regex, text + "\n"));
    }

    @Test
    void byteOrderMarkBelongsToNoLine() throws InvalidPatternException {
        assertTrue(finds("^foo$", "\uFEFFfoo\n"));
        assertFalse(finds("\\x{FEFF}", "\uFEFFfoo\n"));
        assertFalse(finds("", "\uFEFF"));
    }

    @Test
    void lineFeedInALiteralIsRefused() {
        assertThrows(InvalidPatternException.class, () -> LinePattern.literal("a\nb", false));
    }

    @Test
    void literalAcrossTheStridesOfTheScanIsFound() throws InvalidPatternException {
        LinePattern pattern = LinePattern.literal("needle", false);
        for (int before = (1 << 20) - 8; before <= (1 << 20) + 2; before++) {
            String text = "x".repeat(before) + "needle";
            assertTrue(pattern.matcher(() -> false).find(text.getBytes(StandardCharsets.UTF_8), 0), "after " + before);
        }
    }

    @Test
    void automatonThatFillsItsTableStaysRight() throws InvalidPatternException {
        // A match depends on what stood 14 characters before: 2^14 states, more than the table holds with its classes.
        LinePattern pattern = LinePattern.regex("[ab]*a[ab]{17}c[d-z]é", false);
        StringBuilder text = new StringBuilder();
        java.util.Random random = new java.util.Random(7);
        for (int i = 0; i < 400_000; i++) {
            text.append(random.nextBoolean() ? 'a' : 'b');
        }
        String line = text.toString();
        assertFalse(pattern.matcher(() -> false).find((line + "ccé").getBytes(StandardCharsets.UTF_8), 0));
        assertTrue(pattern.matcher(() -> false)
                .find((line + "a" + "b".repeat(17) + "cdé").getBytes(StandardCharsets.UTF_8), 0));
    }

    @Test
    void requiredLiteralsAreWhatEveryMatchContains() throws InvalidPatternException {
        assertEquals(Set.of("readFully(", "writeFully("), required("(read|write)Fully\\("));
        assertEquals(Set.of("foo", "barbaz"), required("\\w+(foo|barbaz)\\w+"));
        assertEquals(Set.of("abcabc"), required("(abc){2,}x?"));
        assertEquals(Set.of(), required("foo|\\w+"));
        assertEquals(Set.of("_TIMEOUT_MS"), required("[A-Z]{3,}_TIMEOUT_MS"));
        assertTrue(LinePattern.regex("foo|bar", false).exact());
        assertFalse(LinePattern.regex("foo\\b", false).exact());
        assertTrue(LinePattern.literal("Straße", true).exact());
    }

    private static Set<String> required(String regex) throws InvalidPatternException {
        return LinePattern.regex(regex, false).required().stream()
                .map(ByteLiteral::toString)
                .collect(Collectors.toSet());
    }

    @Test
    void findsEveryLineOnce() throws InvalidPatternException {
        byte[] text = "aXbXc\nno\nX\n\nXX".getBytes(StandardCharsets.UTF_8);
        for (String regex : List.of("X", "[WX]", "X|Y", "(?i)x", "[U-X]{1,}")) {
            LineMatcher matcher = LinePattern.regex(regex, false).matcher(() -> false);
            List<Integer> starts = new ArrayList<>();
            for (int at = 0; matcher.find(text, at); at = matcher.lineEnd() + 1) {
                starts.add(matcher.lineStart());
            }
            assertEquals(List.of(0, 9, 12), starts, regex);
        }
    }
}
