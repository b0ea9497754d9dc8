package ai.postdev.dragon.lake.code.pattern;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * A random pattern, written once in the syntax under test and once for {@link java.util.regex}, where what the two call
 * by the same name is spelled out.
 */
record GeneratedPattern(String rust, String java) {
    static final List<String> LETTERS = List.of(
            "a", "b", "c", "X", "k", "s", "foo", "Bar", "_", "0", "7", " ", "\t", "\r", "-", "é", "É", "ß", "ẞ", "ſ",
            "\u212A", "σ", "ς", "Σ", "ж", "Ж", "日", "本", "😀", "\u0663", "\u00A0", "e\u0301", "ǅ", "return", "(", ")",
            "{", "}", ";", "\"", "\u2028", "𐐨", "𐐀");

    private static final String WORD = "[\\p{IsAlphabetic}\\p{M}\\p{Nd}\\p{Pc}\\x{200C}\\x{200D}]";
    private static final String SPACE =
            "[\\x{9}-\\x{D} \\x{85}\\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}]";

    static GeneratedPattern literal(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            text.append(letter(random));
        }
        return new GeneratedPattern(text.toString(), Pattern.quote(text.toString()));
    }

    /** @param depth how deep groups may nest */
    static GeneratedPattern regex(Random random, int depth) {
        return alternatives(random, depth);
    }

    private static String letter(Random random) {
        return LETTERS.get(random.nextInt(LETTERS.size()));
    }

    private GeneratedPattern then(GeneratedPattern next) {
        return new GeneratedPattern(rust + next.rust, java + next.java);
    }

    private GeneratedPattern around(String before, String after) {
        return new GeneratedPattern(before + rust + after, before + java + after);
    }

    private static GeneratedPattern same(String pattern) {
        return new GeneratedPattern(pattern, pattern);
    }

    private static GeneratedPattern alternatives(Random random, int depth) {
        GeneratedPattern pattern = sequence(random, depth);
        for (int i = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 0; i > 0; i--) {
            pattern = pattern.then(same("|")).then(sequence(random, depth));
        }
        return pattern;
    }

    private static GeneratedPattern sequence(Random random, int depth) {
        GeneratedPattern pattern = same("");
        for (int i = random.nextInt(12) == 0 ? 0 : 1 + random.nextInt(4); i > 0; i--) {
            pattern = pattern.then(repeated(random, depth));
        }
        return pattern;
    }

    private static GeneratedPattern repeated(Random random, int depth) {
        GeneratedPattern atom = atom(random, depth);
        return switch (random.nextInt(14)) {
            case 0 -> atom.around("(?:", ")*");
            case 1 -> atom.around("(?:", ")+");
            case 2 -> atom.around("(?:", ")?");
            case 3 -> atom.around("(?:", "){2}");
            case 4 -> atom.around("(?:", "){1,3}?");
            case 5 -> atom.around("(?:", "){2,}");
            default -> atom;
        };
    }

    private static GeneratedPattern atom(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 22 : 18)) {
            case 0 -> new GeneratedPattern("^", "\\A");
            case 1 -> new GeneratedPattern("$", "\\z");
            case 2 -> new GeneratedPattern(".", "[^\\n]");
            case 3 -> new GeneratedPattern("\\w", WORD);
            case 4 -> new GeneratedPattern("\\d", "\\p{Nd}");
            case 5 -> new GeneratedPattern("\\s", SPACE);
            case 6 ->
                new GeneratedPattern("\\b", "(?:(?<=" + WORD + ")(?!" + WORD + ")|(?<!" + WORD + ")(?=" + WORD + "))");
            case 7 ->
                new GeneratedPattern("\\B", "(?:(?<=" + WORD + ")(?=" + WORD + ")|(?<!" + WORD + ")(?!" + WORD + "))");
            case 8, 9 -> set(random);
            case 10 -> new GeneratedPattern("\\W", "(?:(?!" + WORD + ")[^\\n])");
            case 11 -> same("\\p{Lu}");
            case 18, 19 -> alternatives(random, depth - 1).around("(", ")");
            case 20 -> alternatives(random, depth - 1).around("(?i:", ")");
            case 21 -> alternatives(random, depth - 1).around("(?:", ")");
            default -> quoted(letter(random));
        };
    }

    private static GeneratedPattern quoted(String text) {
        StringBuilder rust = new StringBuilder();
        text.codePoints().forEach(c -> {
            if ("\\.+*?()|[]{}^$#&-~".indexOf(c) >= 0) {
                rust.append('\\');
            }
            rust.appendCodePoint(c);
        });
        return new GeneratedPattern(rust.toString(), "\\Q" + text + "\\E");
    }

    private static GeneratedPattern set(Random random) {
        StringBuilder rust = new StringBuilder();
        StringBuilder java = new StringBuilder();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            switch (random.nextInt(6)) {
                case 0 -> append(rust, java, "a-c");
                case 1 -> append(rust, java, "0-9");
                case 2 -> append(rust, java, "A-Z");
                case 3 -> append(rust, java, "α-ω");
                case 4 -> append(rust, java, "\\p{Ll}");
                default -> {
                    int c = letter(random).codePointAt(0);
                    String escaped = "\\x{" + Integer.toHexString(c) + "}";
                    append(rust, java, escaped);
                }
            }
        }
        if (random.nextInt(3) == 0) {
            return new GeneratedPattern("[^" + rust + "]", "[^\\n" + java + "]");
        }
        if (random.nextInt(5) == 0) {
            return new GeneratedPattern("[" + rust + "&&[^Q]]", "[" + java + "&&[^Q]]");
        }
        return same("[" + rust + "]");
    }

    private static void append(StringBuilder rust, StringBuilder java, String text) {
        rust.append(text);
        java.append(text);
    }
}
