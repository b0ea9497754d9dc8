package ai.postdev.dragon.lake.history;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * Takes out of a line of output what differs from one run to the next: paths, numbers, addresses, times, ids, quoted
 * values. One pass, no regular expressions: every stored event goes through here.
 */
final class Normalizer {
    private static final String OPENING = "\"'`\u2018\u201c";
    private static final String CLOSING = "\"'`\u2019\u201d";
    static final int QUOTED_MAX = 200;
    /** What stands around words and is none of them. */
    static final String AROUND = "':.-#@$%^&~+";
    /** Shorter ones are words or numbers. */
    static final int HEX_MIN = 6;

    private static final Set<String> TIME_WORDS = Set.of(
            "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mon", "tue", "wed", "thu",
            "fri", "sat", "sun", "utc", "gmt", "am", "pm");

    /** By five bits of each of up to three letters. */
    private static final boolean[] TIME_WORD = new boolean[1 << 15];

    private static final int ASCII = 128;
    private static final boolean[] SEPARATES = new boolean[ASCII];

    static {
        for (char c = 0; c < ASCII; c++) {
            SEPARATES[c] = separatesWords(c);
        }
        for (String word : TIME_WORDS) {
            byte[] letters = word.getBytes(StandardCharsets.US_ASCII);
            TIME_WORD[timeWord(letters, 0, letters.length)] = true;
        }
    }

    private Normalizer() {}

    /** The line in lower case with placeholders and one space between words. */
    static String normalize(String line) {
        return normalize(line, true);
    }

    /** The same, but what stands in quotes stays: the symbol, type or key that the line is about. */
    static String keepingQuoted(String line) {
        return normalize(line, false);
    }

    private static String normalize(String line, boolean dropQuoted) {
        StringBuilder out = new StringBuilder(Math.min(line.length(), 256));
        int at = 0;
        int length = line.length();
        while (at < length) {
            char c = line.charAt(at);
            int quote = opening(c);
            if (dropQuoted && quote >= 0 && startsWord(line, at)) {
                int end = line.indexOf(CLOSING.charAt(quote), at + 1);
                if (end > at && end - at <= QUOTED_MAX) {
                    append(out, "<q>");
                    at = end + 1;
                    continue;
                }
            }
            if (separates(c)) {
                at++;
                continue;
            }
            int end = at;
            while (end < length && !separates(line.charAt(end)) && !opensQuote(line, end, at)) {
                end++;
            }
            word(out, line.substring(at, end));
            at = Math.max(end, at + 1);
        }
        return out.toString();
    }

    private static boolean opensQuote(String line, int at, int wordStart) {
        return at > wordStart && opening(line.charAt(at)) >= 0 && "=([{:,".indexOf(line.charAt(at - 1)) >= 0;
    }

    private static boolean startsWord(String line, int at) {
        return at == 0 || !Character.isLetterOrDigit(line.charAt(at - 1));
    }

    static boolean separates(char c) {
        return c < ASCII ? SEPARATES[c] : separatesWords(c);
    }

    private static boolean separatesWords(char c) {
        return Character.isWhitespace(c)
                || Character.isISOControl(c)
                || "()[]{}<>,;|=!?*\"`\u2018\u2019\u201c\u201d".indexOf(c) >= 0;
    }

    /** Which of the marks that begin a quotation a character is, or -1. */
    private static int opening(char c) {
        return Character.isLetter(c) ? -1 : OPENING.indexOf(c);
    }

    /** One word without spaces: a path, a time, a number, an id, or a word that stays. */
    static void word(StringBuilder out, String raw) {
        String word = trimmed(raw);
        if (word.isEmpty() || isTime(word)) {
            return;
        }
        if (isPath(word)) {
            append(out, "<path>");
        } else if (isHex(word)) {
            append(out, "<id>");
        } else if (Character.isDigit(word.charAt(0))) {
            number(out, word);
        } else {
            digitsOut(out, word);
        }
    }

    private static String trimmed(String word) {
        int from = 0;
        int to = word.length();
        while (from < to && AROUND.indexOf(word.charAt(from)) >= 0) {
            from++;
        }
        while (to > from && AROUND.indexOf(word.charAt(to - 1)) >= 0) {
            to--;
        }
        return word.substring(from, to);
    }

    /** A number with its unit or position: {@code 12}, {@code 3.5ms}, {@code 10:4}, {@code 1,024}. The unit stays. */
    private static void number(StringBuilder out, String word) {
        int end = 0;
        while (end < word.length() && (Character.isDigit(word.charAt(end)) || ".:-/x".indexOf(word.charAt(end)) >= 0)) {
            end++;
        }
        String unit = word.substring(end);
        append(out, unit.isEmpty() || unit.length() > 4 ? "<n>" : "<n>" + unit.toLowerCase(Locale.ROOT));
    }

    /** Whether a word of one to three letters and {@code _} says when. */
    static boolean isTimeWord(byte[] text, int from, int to) {
        return TIME_WORD[timeWord(text, from, to)];
    }

    private static int timeWord(byte[] text, int from, int to) {
        int letters = 0;
        for (int i = from; i < from + 3; i++) {
            letters = letters << 5 | (i < to ? text[i] & 31 : 0);
        }
        return letters;
    }

    private static boolean isTime(String word) {
        int digits = 0;
        int colons = 0;
        int dashes = 0;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (Character.isDigit(c)) {
                digits++;
            } else if (c == ':') {
                colons++;
            } else if (c == '-' || c == '/') {
                dashes++;
            } else if ("TZ.+".indexOf(c) < 0) {
                return word.length() <= 3 && TIME_WORDS.contains(word.toLowerCase(Locale.ROOT));
            }
        }
        // 2026-11-24, 24/11/2026, 10:42:07.123, 2026-11-24T10:42:07Z
        boolean date = dashes >= 2 && digits >= 6;
        return date || (colons == 2 && digits >= 5 && dashes <= 3);
    }

    private static boolean isPath(String word) {
        int slash = Math.max(word.indexOf('/'), word.indexOf('\\'));
        if (slash >= 0) {
            return word.length() > 1;
        }
        // Main.java:12 or main.go:3:7, a file name with a line; not 10.0.0.1:80
        int dot = word.indexOf('.');
        int colon = word.indexOf(':', dot + 1);
        return dot > 0
                && colon > dot + 1
                && colon - dot <= 6
                && Character.isLetter(word.charAt(dot + 1))
                && colon + 1 < word.length()
                && Character.isDigit(word.charAt(colon + 1));
    }

    /** Addresses, UUIDs, commit ids: hexadecimal, at least six digits and one of them decimal, or marked by 0x. */
    private static boolean isHex(String word) {
        boolean marked = word.startsWith("0x") || word.startsWith("0X");
        int start = marked ? 2 : 0;
        if (word.length() - start < (marked ? 1 : HEX_MIN)) {
            return false;
        }
        boolean decimal = false;
        boolean letter = marked;
        for (int i = start; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c >= '0' && c <= '9') {
                decimal = true;
            } else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
                letter = true;
            } else if (c != '-' && c != ':') {
                return false;
            }
        }
        return marked || (decimal && letter);
    }

    /** {@code Thread-12} and {@code Foo@1b2c3d} become {@code thread-<n>} and {@code foo@<id>}. */
    private static void digitsOut(StringBuilder out, String word) {
        int at = word.indexOf('@');
        if (at > 0 && at + 1 < word.length() && hexTail(word, at + 1)) {
            append(out, word.substring(0, at).toLowerCase(Locale.ROOT) + "@<id>");
            return;
        }
        append(out, "");
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            boolean digit = Character.isDigit(c);
            // a digit inside a name (utf8, base64, x86) belongs to it; after a separator it is a counter
            if (c == '0' && i > 0 && i + 2 < word.length() && word.charAt(i + 1) == 'x' && isHex(word.substring(i))) {
                out.append("<id>"); // an offset: text+0x1f
                return;
            }
            if (digit && i > 0 && !Character.isLetter(word.charAt(i - 1)) && !Character.isDigit(word.charAt(i - 1))) {
                out.append("<n>");
                while (i + 1 < word.length() && Character.isDigit(word.charAt(i + 1))) {
                    i++;
                }
            } else {
                out.append(Character.toLowerCase(c));
            }
        }
    }

    private static boolean hexTail(String word, int from) {
        for (int i = from; i < word.length(); i++) {
            if (Character.digit(word.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private static void append(StringBuilder out, String word) {
        if (!out.isEmpty()) {
            out.append(' ');
        }
        out.append(word);
    }
}
