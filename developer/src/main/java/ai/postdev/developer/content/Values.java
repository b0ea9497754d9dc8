package ai.postdev.developer.content;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Tells values that look like secrets from names, words and placeholders. */
final class Values {
    /** Random text changes between digits, capitals and small letters more often than every so many tenths of characters. */
    private static final int RANDOM_RUN_TENTHS = 28;

    private static final int MOST = 512;

    private static final List<String> TEMPLATES =
            List.of("\\u", "${", "#{", "{{", "<%", "%(", "-%s", "=%s", ":%s", "$(", "[redacted", "****", "....");

    private static final List<String> PLACEHOLDERS = List.of(
            "xxxx",
            "your",
            "example",
            "placeholder",
            "change",
            "dummy",
            "replace",
            "insert",
            "todo",
            "____",
            "0000000",
            "12345678901");

    private Values() {}

    /** Whether a value stands for one that is filled in elsewhere. */
    static boolean isPlaceholder(byte[] text, int from, int to) {
        if (to - from > MOST) {
            return false;
        }
        byte first = text[from];
        if (first == '$' || first == '%' || first == '<' || first == '{' || first == '*' || first == '[') {
            return true;
        }
        String value = new String(text, from, to - from, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        return TEMPLATES.stream().anyMatch(value::contains)
                || PLACEHOLDERS.stream().anyMatch(value::contains) && !isRandom(text, from, to);
    }

    /** Whether a value of 16 characters or more looks generated: hexadecimal, base64, base62. */
    static boolean isRandom(byte[] text, int from, int to) {
        int length = to - from;
        if (length < 16 || length > 4 * MOST) {
            return false;
        }
        int[] counts = new int[5];
        int runs = 0;
        int before = -1;
        long seenLow = 0;
        long seenHigh = 0;
        for (int i = from; i < to; i++) {
            byte b = text[i];
            if (!CharacterSet.BARE.has(b)) {
                return false;
            }
            int kind = kind(b);
            counts[kind]++;
            runs += kind == before ? 0 : 1;
            before = kind;
            if (b < 64) {
                seenLow |= 1L << b;
            } else {
                seenHigh |= 1L << b - 64;
            }
        }
        int distinct = Long.bitCount(seenLow) + Long.bitCount(seenHigh);
        boolean hex = isHex(text, from, to) && counts[0] * 4 >= length && counts[1] + counts[2] >= 2;
        boolean often = hex || length * 10 <= runs * RANDOM_RUN_TENTHS;
        boolean digits = counts[0] >= 2 && counts[1] + counts[2] >= 2;
        boolean cases = counts[1] >= 4 && counts[2] >= 4 && length * 10 <= runs * 22;
        return distinct >= 8 && often && (digits || cases) && (counts[3] + counts[4]) * 4 <= length
                || isThrown(text, from, to);
    }

    /**
     * Whether a value is so mixed that no name is: letters that change between capital and small like thrown ones, and a
     * digit if it is short. Makers throw tokens without looking: one of a thousand has a single digit in 40 characters.
     */
    private static boolean isThrown(byte[] text, int from, int to) {
        int[] counts = new int[5];
        int runs = 0;
        int before = -1;
        for (int i = from; i < to; i++) {
            int kind = CharacterSet.BARE.has(text[i]) ? kind(text[i]) : 4;
            counts[kind]++;
            runs += kind == before ? 0 : 1;
            before = kind;
        }
        int length = to - from;
        return length >= 20
                && length <= MOST
                && (counts[0] > 0 || length >= 32)
                && counts[1] * 5 >= length
                && counts[2] * 5 >= length
                && length <= runs * 3
                && (counts[3] + counts[4]) * 4 <= length;
    }

    private static boolean isHex(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!CharacterSet.HEX.has(text[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether a value could be chosen by a person: letters with digits or signs, no blank, no path. */
    static boolean isPassword(byte[] text, int from, int to) {
        int length = to - from;
        if (length < 5 || length > MOST || text[from] == '/' || text[from] == '.') {
            return false;
        }
        int[] counts = new int[5];
        for (int i = from; i < to; i++) {
            if (text[i] <= ' ' && text[i] >= 0 || text[i] == '(' || text[i] == '/' && i > from && text[i - 1] == '/') {
                return false;
            }
            counts[kind(text[i])]++;
        }
        int letters = counts[1] + counts[2];
        return letters > 0 && (counts[0] > 0 || counts[4] > 0 && length >= 6);
    }

    /** Whether a value reads like a name in a program: words, each with at most a number behind it. */
    static boolean isName(byte[] text, int from, int to) {
        if (isThrown(text, from, to)) {
            return false;
        }
        int run = 0;
        boolean digit = false;
        for (int i = from; i < to; i++) {
            int kind = kind(text[i]);
            if (kind == 4) {
                return false;
            }
            if (kind == 0) {
                digit = true;
            } else if (kind == 3) {
                digit = false;
                run = 0;
            } else {
                if (digit && run++ > 0 || digit && kind == 2) {
                    return false;
                }
                digit = false;
            }
        }
        return true;
    }

    /** Whether a value is made of words rather than of characters: few changes between letters and others. */
    static boolean isSentence(byte[] text, int from, int to) {
        int runs = 1;
        for (int i = from + 1; i < to; i++) {
            runs += kind(text[i]) == kind(text[i - 1]) ? 0 : 1;
        }
        return (to - from) > runs * 4;
    }

    /** Whether a value is the name of a type with its width, such as {@code uint256}. */
    static boolean isType(byte[] text, int from, int to) {
        int at = to;
        while (at > from && CharacterSet.DIGIT.has(text[at - 1])) {
            at--;
        }
        return at < to
                && equalsAny(text, from, at, "bytes", "uint", "int", "i", "u", "float", "sha", "md", "base", "utf");
    }

    static boolean isPort(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!CharacterSet.DIGIT.has(text[i])) {
                return false;
            }
        }
        return to - from <= 5;
    }

    /** Whether the bytes are one of some lower-case words, whatever their own case. */
    static boolean equalsAny(byte[] text, int from, int to, String... words) {
        for (String word : words) {
            if (word.length() == to - from && endsWith(text, to, word, from)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the bytes before {@code end} are {@code word} in any case, with {@code _}, {@code -}, {@code .} ignored. */
    static boolean endsWithName(byte[] text, int end, String word) {
        int at = end - 1;
        for (int i = word.length() - 1; i >= 0; i--) {
            while (i < word.length() - 1 && at >= 0 && (text[at] == '_' || text[at] == '-' || text[at] == '.')) {
                at--;
            }
            if (at < 0 || (text[at] | 0x20) != word.charAt(i)) {
                return false;
            }
            at--;
        }
        return true;
    }

    private static boolean endsWith(byte[] text, int end, String word, int from) {
        for (int i = 0; i < word.length(); i++) {
            byte b = text[from + i];
            if ((CharacterSet.LETTER.has(b) ? b | 0x20 : b) != word.charAt(i)) {
                return false;
            }
        }
        return from + word.length() == end;
    }

    /** 0 digit, 1 capital, 2 small, 3 joining sign, 4 other. */
    private static int kind(byte b) {
        if (b >= '0' && b <= '9') {
            return 0;
        }
        if (b >= 'A' && b <= 'Z') {
            return 1;
        }
        if (b >= 'a' && b <= 'z') {
            return 2;
        }
        return b == '_' || b == '-' || b == '.' || b == '/' || b == ':' || b == '~' ? 3 : 4;
    }
}
