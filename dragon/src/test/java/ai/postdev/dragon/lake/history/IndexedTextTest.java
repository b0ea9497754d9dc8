package ai.postdev.dragon.lake.history;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.lake.Seeded;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The fast way over plain text keeps what the way over all text keeps, whatever the text. */
class IndexedTextTest {
    private static final String MARKS = "_-./\\:;'\"`@#$%^&~+*=()[]{}<>,|!? \t\n\r";
    private static final String[] PARTS = {
        "error ",
        "error: ",
        "Error",
        "fatal ",
        "warning ",
        "caused by ",
        "<path> ",
        "<n> ",
        "e ",
        "E ",
        "at ",
        "File \"a\"",
        "# 3",
        "0x1f",
        "a0x1f",
        "TZ",
        "tz",
        "T1Z",
        "jan",
        "Mon",
        "pm",
        "am",
        "utc",
        "do",
        "deadbeef1",
        "deadbeef",
        "abcde1",
        "fe_12",
        "_1",
        "a_1_22b",
        "x86_64",
        "12",
        "1,024",
        "12ms",
        "3_4",
        "10:42:07",
        "2026-11-24",
        "left-pad",
        "left-pad-9",
        "a-b-c",
        "build/",
        "v1.2/",
        "HTTPClient",
        "parseURL",
        "__init__",
        "x=\"a b\"",
        "'a b'",
        "it's",
        "''",
        "\"\"",
        "failed",
        "timeout",
        "not found",
        "NullPointerException",
        "KeyError",
        "    at a.b.C.d(C.java:1)",
        "1: core::panic",
        "\n",
        "\n",
        "\r\n"
    };

    private final Random random = Seeded.random("indexed text");
    private final IndexedText.Looking looking = new IndexedText.Looking();
    private int withOtherLines;

    private void check(String text) {
        IndexedText expected = IndexedText.of(text);
        IndexedText found = looking.look(text);
        assertEquals(expected.value(), found.value(), () -> "fingerprint of: " + text);
        assertArrayEquals(expected.otherLines(), found.otherLines(), () -> "lines of: " + text);
        assertArrayEquals(set(expected.words()), set(found.words()), () -> "words of: " + text);
        long[] sorted = expected.otherLines().clone();
        Arrays.sort(sorted);
        assertArrayEquals(sorted, expected.otherLines(), () -> "order of lines of: " + text);
        withOtherLines += sorted.length > 1 ? 1 : 0;
    }

    private static int[] set(int[] words) {
        return Arrays.stream(words).sorted().distinct().toArray();
    }

    private String soup(int parts) {
        StringBuilder text = new StringBuilder();
        for (int part = 0; part < parts; part++) {
            switch (random.nextInt(6)) {
                case 0 -> text.append(MARKS.charAt(random.nextInt(MARKS.length())));
                case 1 -> text.append((char) (' ' + random.nextInt(95)));
                case 2 -> text.append(Integer.toString(random.nextInt(1 << 30), 36));
                case 3 -> text.append(Integer.toHexString(random.nextInt()).toUpperCase(Locale.ROOT));
                default -> text.append(PARTS[random.nextInt(PARTS.length)]);
            }
            text.append(random.nextInt(3) > 0 ? " " : "");
        }
        return text.toString();
    }

    @Test
    void plainTextIsIndexedAsAnyText() {
        for (int round = 0; round < 30_000; round++) {
            check(soup(random.nextInt(30)));
        }
        for (int round = 0; round < 300; round++) {
            check(soup(50 + random.nextInt(300))); // too long lines, too many lines, too many words
        }
        assertTrue(withOtherLines > 100, "texts with several lines that alarm: " + withOtherLines);
    }

    @Test
    void hostileTextIsIndexedAsAnyText() {
        for (int round = 0; round < 4_000; round++) {
            check(FingerprintGoldenTest.text(random, random.nextInt(40)));
        }
    }

    @Test
    void boundsOfPlainTextAreThoseOfAnyText() {
        check("");
        check(" \t ");
        check("word ".repeat(119) + "ends here"); // of 604 characters
        check("a line that failed: " + "x".repeat(700));
        for (int lines = 58; lines < 63; lines++) {
            StringBuilder text = new StringBuilder();
            for (int line = 0; line < lines; line++) {
                text.append(line % 2 == 0 ? "even\n" : "odd failed\n");
            }
            check(text.toString());
        }
        for (int words = 125; words < 131; words++) {
            StringBuilder text = new StringBuilder();
            for (int word = 0; word < words; word++) {
                text.append((char) ('a' + word % 26))
                        .append((char) ('a' + word / 26))
                        .append(word % 9 == 0 ? '\n' : ' ');
            }
            check(text.toString());
        }
        check("a ? b");
        check("a \ud83d b failed");
        check("naïve failed");
    }
}
