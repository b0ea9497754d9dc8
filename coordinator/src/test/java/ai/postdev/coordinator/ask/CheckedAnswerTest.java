package ai.postdev.coordinator.ask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.v1.AskTurn;
import ai.postdev.v1.ChatMessage;
import ai.postdev.v1.Citation;
import ai.postdev.v1.ContextItem;
import ai.postdev.v1.Relation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckedAnswerTest {
    private static ContextItem item(String path, int from, int to, String text) {
        return ContextItem.newBuilder()
                .setPath(path)
                .setStartLine(from)
                .setEndLine(to)
                .setText(text)
                .build();
    }

    private static final Evidence EVIDENCE = new Evidence(
            List.of(
                    item("src/net/Retry.java", 10, 30, "void retry() { backoff(); }"),
                    item("src/net/Cache.java", 5, 9, "void clearCache() { entries.clear(); }"),
                    item("docs/cache.md", 1, 20, "The cache is cleared when the schema changes.")),
            List.of(),
            0);

    private static List<Integer> named(CheckedAnswer answer) {
        return answer.citations().stream()
                .filter(Citation::getNamed)
                .map(Citation::getNumber)
                .toList();
    }

    @Test
    void numbersOfPassagesStayAndOthersGo() {
        CheckedAnswer answer = CheckedAnswer.of(
                "The cache is cleared [2, 3] on change [7]. It retries [1][12; 1] too. See a[0].", EVIDENCE);
        assertEquals("The cache is cleared [2, 3] on change. It retries [1][1] too. See a.", answer.text());
        assertEquals(List.of(2, 3, 1), named(answer));
        assertEquals(List.of("[7]", "[12]", "[0]"), answer.removed());
        assertEquals("src/net/Cache.java", answer.citations().getFirst().getPath());
        assertEquals(5, answer.citations().getFirst().getStartLine());
    }

    @Test
    void placesInTheEvidenceStayAndOthersLoseTheirLine() {
        CheckedAnswer answer = CheckedAnswer.of(
                "See Retry.java:12-14, net/Cache.java:7, Retry.java:31, src/Nowhere.java:3 and v1.2:3.", EVIDENCE);
        assertEquals("See Retry.java:12-14, net/Cache.java:7, Retry.java, src/Nowhere.java and v1.2.", answer.text());
        assertEquals(List.of(1, 2), named(answer));
        assertEquals(List.of("Retry.java:31", "src/Nowhere.java:3", "v1.2:3"), answer.removed());
        CheckedAnswer huge = CheckedAnswer.of("Retry.java:99999999999999999999", EVIDENCE);
        assertEquals("Retry.java", huge.text());
    }

    @Test
    void anAnswerThatNamesNothingCitesTheBestThatWasFound() {
        CheckedAnswer answer = CheckedAnswer.of("When the schema changes, the cache is cleared.", EVIDENCE);
        assertTrue(named(answer).isEmpty());
        assertEquals(3, answer.citations().size());
        assertTrue(answer.removed().isEmpty());
        List<ContextItem> many = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            many.add(item("f" + i, 1, 2, "nothing"));
        }
        CheckedAnswer chosen = CheckedAnswer.of("schema changes [3]", new Evidence(many, List.of(), 0));
        assertEquals(CheckedAnswer.CITATIONS_MAX, chosen.citations().size());
        assertEquals(
                List.of(3, 1, 2, 4, 5),
                chosen.citations().stream().map(Citation::getNumber).toList());
    }

    @Test
    void eachFileIsCitedBeforeAnyIsCitedTwice() {
        List<ContextItem> items = new ArrayList<>();
        for (String path : List.of("a", "a", "a", "b", "b", "c", "d")) {
            items.add(item(path, 1, 2, "nothing"));
        }
        Evidence evidence = new Evidence(items, List.of(), 0);
        assertEquals(List.of(1, 2, 4, 6, 7), numbers(CheckedAnswer.of("", evidence)));
        assertEquals(List.of(2, 4, 6, 7, 1), numbers(CheckedAnswer.of("As it says [2][4][6][7].", evidence)));
        assertEquals(List.of(2, 1, 4, 6, 7), numbers(CheckedAnswer.of("As it says [2].", evidence)));
    }

    private static List<Integer> numbers(CheckedAnswer answer) {
        return answer.citations().stream().map(Citation::getNumber).toList();
    }

    @Test
    void wordsOfTheQuestionMustBeInTheEvidence() {
        assertTrue(Relevance.enough("Why is the cache cleared?", EVIDENCE));
        assertTrue(Relevance.enough("where do we retry with backoff", EVIDENCE));
        assertFalse(Relevance.enough("How is the payroll tax of employees computed?", EVIDENCE));
        assertFalse(Relevance.enough("anything", new Evidence(List.of(), List.of(), 0.9)));
        Evidence spread = new Evidence(
                List.of(item("a", 1, 1, "alpha"), item("b", 1, 1, "beta"), item("c", 1, 1, "gamma")), List.of(), 0);
        Evidence note = new Evidence(
                EVIDENCE.passages(),
                List.of(Relation.newBuilder()
                        .setText("the payroll tax moved to its own service")
                        .build()),
                0);
        assertTrue(Relevance.enough("payroll tax?", note));
        assertTrue(Relevance.enough("what is this?", EVIDENCE), "no words to judge by");
        assertFalse(Relevance.enough("alpha beta gamma delta", spread), "each word in another place");
    }

    private static Evidence near(double similarity) {
        return new Evidence(EVIDENCE.passages(), List.of(), similarity);
    }

    @Test
    void meaningDecidesHowManyWordsAreNeeded() {
        String other = "How is stale data dropped?";
        assertFalse(Relevance.enough(other, near(0)), "no word is shared and nothing is known of the meaning");
        assertTrue(Relevance.enough(other, near(0.5)), "in other words");
        assertFalse(Relevance.enough(other, near(0.49)));
        String half = "cache cleared invoices customers";
        assertTrue(Relevance.enough(half, near(0.35)), "half of the words, and not far");
        assertFalse(Relevance.enough(half, near(0.34)), "as many, and far");
        assertFalse(Relevance.enough(half, near(0)));
        assertFalse(Relevance.enough("cache invoices customers", near(0.49)), "a third of the words");
        assertTrue(Relevance.enough("clearCache", near(0.2)), "a name in code, whatever it means");
    }

    @Test
    void thePromptHoldsPassagesByNumberAndWhatWasSaidBefore() {
        List<ChatMessage> prompt = AskPrompt.of(
                "And when?",
                List.of(AskTurn.newBuilder()
                        .setQuestion("Why?")
                        .setAnswer("Because.")
                        .build()),
                EVIDENCE);
        assertEquals(
                List.of("system", "user", "assistant", "user"),
                prompt.stream().map(ChatMessage::getRole).toList());
        String last = prompt.getLast().getContent();
        assertTrue(last.contains("[2] src/net/Cache.java:5-9\nvoid clearCache()"), last);
        assertTrue(last.endsWith("Question: And when?"), last);
        assertEquals("Because.", prompt.get(2).getContent());
    }

    @Test
    void endingsAndPartsOfNamesDoNotMatter() {
        assertTrue(
                Words.of("clearCache retries HTTPServer max_size").containsAll(Words.of("cache retry server clear")));
        assertTrue(Words.of("what is the of a").isEmpty());
    }
}
