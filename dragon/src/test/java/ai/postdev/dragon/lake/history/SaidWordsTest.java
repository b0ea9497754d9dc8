package ai.postdev.dragon.lake.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.lake.Seeded;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SaidWordsTest {
    private static final List<String> WORDS =
            List.of("abort", "aborted", "can't", "could not", "no such", "race", "timed out");
    private static final List<String> PARTS = List.of(
            "abort",
            "aborted",
            "Abort",
            "can't",
            "can",
            "'t",
            "COULD NOT",
            "could",
            "not",
            "no such",
            "no",
            "race",
            "Race",
            "r",
            "timed  out",
            "timed out",
            " ",
            "  ",
            "_",
            "-",
            "9",
            "é",
            "\u0301",
            "ü",
            "😀",
            "\t",
            ".",
            "ed",
            "s");

    @Test
    void findsWhatThePatternFinds() {
        Random random = Seeded.random("said words");
        SaidWords words = new SaidWords(WORDS);
        int found = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder line = new StringBuilder();
            for (int n = random.nextInt(6); n > 0; n--) {
                line.append(PARTS.get(random.nextInt(PARTS.size())));
            }
            boolean expected = words.pattern().matcher(line).find();
            found += expected ? 1 : 0;
            assertEquals(expected, words.in(line.toString()), () -> "in '" + line + "'");
        }
        assertTrue(found > 10_000 && found < 190_000, "lines with one of the words: " + found);
    }

    @Test
    void takesOnlyWordsInLowerCase() {
        assertThrows(IllegalArgumentException.class, () -> new SaidWords(List.of("Abort")));
        assertThrows(IllegalArgumentException.class, () -> new SaidWords(List.of("9 lives")));
    }
}
