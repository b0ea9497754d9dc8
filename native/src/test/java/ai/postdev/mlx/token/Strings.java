package ai.postdev.mlx.token;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Texts that tokenizers disagree about: scripts, numbers, spaces, emoji, code, names of special tokens, nonsense. */
final class Strings {
    private static final String[] PARTS = {
        "the",
        "The",
        " retry",
        "HTTPServer",
        "camelCaseName",
        "snake_case_name",
        "don't",
        "I'LL",
        "we've",
        "it's",
        "O'Neil",
        "0",
        "7",
        "42",
        "1234567890",
        "3.14159",
        "1e-9",
        "0xFF",
        "½",
        "²³",
        "٣٤٥",
        "一二三",
        " ",
        "  ",
        "   ",
        "\t",
        "\n",
        "\n\n",
        "\r\n",
        " \n ",
        "\u00a0",
        "\u3000",
        "\u2028",
        "!",
        "?!",
        "...",
        "——",
        "«»",
        "“quoted”",
        "(a)[b]{c}",
        "a+b",
        "==",
        "!==",
        "->",
        "::",
        "/*",
        "*/",
        "//",
        "#include <vector>",
        "public static void",
        "for (int i = 0; i < n; i++)",
        "SELECT * FROM t WHERE id = 7;",
        "naïve",
        "café",
        "cafe\u0301",
        "Straße",
        "ÅNGSTRÖM",
        "Привет, мир",
        "γειά σου",
        "שלום",
        "مرحبا بالعالم",
        "你好世界",
        "こんにちは",
        "안녕하세요",
        "ภาษาไทย",
        "हिन्दी",
        "😀",
        "👩‍👩‍👧‍👦",
        "🇩🇪🇫🇷",
        "❤️",
        "\uD835\uDC00",
        "\u200b",
        "\ufeff",
        "\u0000",
        "\u0007",
        "<|im_start|>",
        "<|im_end|>",
        "<|endoftext|>",
        "<bos>",
        "<eos>",
        "<start_of_turn>",
        "<end_of_turn>",
        "<pad>",
        "<unk>",
        "<s>",
        "</s>",
        "<0x0A>",
        "▁",
        "Ġ",
        "Ċ",
        "<|im_",
        "<unused7>",
        "<table>",
        "</table>",
        "user",
        "assistant",
        "antidisestablishmentarianism",
        "zzzzzzzzzzzz",
        "aaaa",
        "https://example.org/a?b=c&d=%20#e",
        "/usr/local/bin",
        "C:\\temp\\x",
        "user@example.org",
        "\\n",
        "'",
        "\"",
        "`",
        "$",
        "€",
        "¥",
        "%",
        "^",
        "~",
        "|",
        "&&",
        "@",
        ";",
        ",",
        "., ",
        "- ",
        "* ",
        "\u0301",
        "ﬁ",
        "①",
        "Ⅷ",
        "ǅ",
        "ʰ",
        "ß",
        "İ"
    };

    private Strings() {}

    /** The same texts for the same count, always. */
    static List<String> of(int count) {
        Random random = new Random(20261130);
        List<String> texts = new ArrayList<>(List.of(PARTS));
        texts.add("");
        while (texts.size() < count) {
            StringBuilder text = new StringBuilder();
            for (int n = 1 + random.nextInt(9); n > 0; n--) {
                text.append(PARTS[random.nextInt(PARTS.length)]);
                if (random.nextInt(3) == 0) {
                    text.append(' ');
                }
            }
            if (random.nextInt(8) == 0) {
                text.append((char) (0x20 + random.nextInt(0xd7df)));
            }
            texts.add(text.toString());
        }
        return texts;
    }
}
