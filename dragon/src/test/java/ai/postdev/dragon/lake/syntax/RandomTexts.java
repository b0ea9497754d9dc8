package ai.postdev.dragon.lake.syntax;

import java.util.List;
import java.util.Random;

/** Seeded texts that look a little like code, with all that makes trouble: long lines, odd breaks, brackets, emoji. */
final class RandomTexts {
    private static final List<String> WORDS = List.of(
            "class",
            "def",
            "func",
            "fn",
            "{",
            "}",
            "(",
            ")",
            "[",
            "]",
            ";",
            ":",
            "\"",
            "'",
            "`",
            "/*",
            "*/",
            "//",
            "#",
            "# ",
            "## a",
            "---",
            "===",
            "```",
            "x",
            "=",
            "=>",
            "return",
            "if",
            "else",
            "import",
            "from",
            "é",
            "€",
            "😀",
            "ß",
            "名前",
            "\u0000",
            "\t",
            "    ",
            "<",
            ">",
            "<<",
            "@",
            "\\",
            "$",
            "%",
            "&",
            "|",
            "EOF",
            "<<EOF",
            "template",
            "impl",
            "enum",
            "struct",
            "0x1f",
            "1.5e3",
            "\uFEFF",
            "\u2028",
            "\u000b",
            "\f");
    private static final List<String> BREAKS = List.of("\n", "\n", "\n", "\n\n", "\r\n", "\n   \n", "\r", "\n\t\n\n");

    private RandomTexts() {}

    static String text(Random random) {
        StringBuilder text = new StringBuilder();
        int lines = random.nextInt(4) == 0 ? random.nextInt(400) : random.nextInt(30);
        for (int line = 0; line < lines; line++) {
            int words = random.nextInt(50) == 0 ? 3_000 : random.nextInt(12);
            text.append(" ".repeat(random.nextInt(4) * 2));
            for (int word = 0; word < words; word++) {
                text.append(WORDS.get(random.nextInt(WORDS.size()))).append(random.nextBoolean() ? " " : "");
            }
            text.append(BREAKS.get(random.nextInt(BREAKS.size())));
        }
        return random.nextBoolean() ? text.toString() : text.append("end").toString();
    }

    /** {@code source} with pieces cut out, doubled and put in; never half a character. */
    static String damage(Random random, String source) {
        int[] characters = source.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < characters.length) {
            int to = Math.min(characters.length, at + 1 + random.nextInt(200));
            int what = random.nextInt(8);
            if (what != 0) {
                text.append(new String(characters, at, to - at));
            }
            if (what == 1) {
                text.append(new String(characters, at, to - at));
            }
            if (what == 2) {
                text.append(WORDS.get(random.nextInt(WORDS.size())));
            }
            at = to;
        }
        return text.toString();
    }
}
