package ai.postdev.dragon.lake.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.lucene.analysis.tokenattributes.BytesTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.analysis.tokenattributes.TermFrequencyAttribute;
import org.junit.jupiter.api.Test;

class TermCountsTest {
    private static final String[] SAMPLES = {
        "getHTTPResponses2",
        "snake_case_name",
        "validators",
        "run",
        "Großbuchstabe",
        "uno“due",
        "$scope",
        "A".repeat(200),
        "aB".repeat(40),
        "é".repeat(5_000),
        "__",
        "x"
    };

    private final TermCounts counted = new TermCounts();

    @Test
    void agreesWithTheStreamOfPlacesOnRandomTexts() {
        long seed = Long.getLong("postdevai.seed", 20261125L);
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(200); i > 0; i--) {
                text.append(SAMPLES[random.nextInt(SAMPLES.length)]);
                text.append(random.nextInt(4) == 0 ? "" + random.nextInt(3_000) : "");
                text.append(random.nextBoolean() ? " " : ".");
            }
            assertSame(text.toString());
        }
    }

    @Test
    void goesOnWhenTheTableIsFull() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < TermCounts.WORDS_MAX + 1_000; i++) {
            text.append(Integer.toString(i, 36)).append("q ");
        }
        assertSame(text.toString());
        assertSame("the table was full and is now empty");
        assertSame(text.toString());
    }

    /** The term, how often, and how many words begin with it. */
    private record Count(int times, int begins) {
        Count plus(int moreTimes, int moreBegins) {
            return new Count(times + moreTimes, begins + moreBegins);
        }
    }

    private void assertSame(String text) {
        byte[] bytes = ("…" + text + "…").getBytes(StandardCharsets.UTF_8);
        int margin = "…".getBytes(StandardCharsets.UTF_8).length;
        CodeTokenStream places = new CodeTokenStream().over(bytes, margin, bytes.length - margin);
        Map<String, Count> expected = new TreeMap<>();
        while (places.incrementToken()) {
            add(
                    expected,
                    places.getAttribute(BytesTermAttribute.class),
                    1,
                    places.getAttribute(PositionIncrementAttribute.class).getPositionIncrement());
        }
        counted.over(bytes, margin, bytes.length - margin);
        Map<String, Count> actual = new TreeMap<>();
        while (counted.incrementToken()) {
            add(
                    actual,
                    counted.getAttribute(BytesTermAttribute.class),
                    counted.getAttribute(TermFrequencyAttribute.class).getTermFrequency(),
                    counted.getAttribute(PositionIncrementAttribute.class).getPositionIncrement());
        }
        assertEquals(expected, actual);
    }

    private static void add(Map<String, Count> counts, BytesTermAttribute term, int times, int begins) {
        counts.merge(
                term.getBytesRef().utf8ToString(),
                new Count(times, begins),
                (old, more) -> old.plus(more.times(), more.begins()));
    }
}
