package ai.postdev.dragon.lake.history;

import java.util.Locale;
import java.util.Set;

/**
 * Words of a text: of at least two letters, in lower case, with the parts of identifiers (camelCase, snake_case) beside
 * them, and without names of folders. One pass, no streams: every stored event goes through here.
 */
final class Tokens {
    /** A text has no more tokens than so; the first met stay. */
    static final int MAX = 128;

    static final int WORD_MAX = 64;
    static final int FOLDER_MAX = 64;
    static final int PART_MIN = 3;
    static final int ID_MIN = 6;

    private Tokens() {}

    /** Adds the tokens of a text until there are {@value #MAX}. */
    static void add(Set<String> tokens, String text) {
        int length = text.length();
        int at = 0;
        while (at < length && tokens.size() < MAX) {
            while (at < length && !isWord(text.charAt(at))) {
                at++;
            }
            int end = at;
            while (end < length && isWord(text.charAt(end))) {
                end++;
            }
            if (end > at && !isFolder(text, end)) {
                addWord(tokens, text, at, end);
                addCompound(tokens, text, at, end);
            }
            at = end;
        }
    }

    /** Whether the name that a word is in ends with a slash: {@code build-7/}, {@code v1.2/}. */
    private static boolean isFolder(String text, int wordEnd) {
        int end = wordEnd;
        while (end < text.length()
                && end - wordEnd < FOLDER_MAX
                && (isWord(text.charAt(end)) || text.charAt(end) == '-' || text.charAt(end) == '.')) {
            end++;
        }
        return end < text.length() && (text.charAt(end) == '/' || text.charAt(end) == '\\');
    }

    /** {@code left-pad} is a name of its own, beside its parts; added when its last part is met. */
    private static void addCompound(Set<String> tokens, String text, int at, int end) {
        boolean more = end + 1 < text.length() && text.charAt(end) == '-' && Character.isLetter(text.charAt(end + 1));
        int from = at;
        while (!more && from > 1 && text.charAt(from - 1) == '-' && isWord(text.charAt(from - 2))) {
            from--;
            while (from > 0 && isWord(text.charAt(from - 1))) {
                from--;
            }
        }
        // with digits it is an id or a counter
        if (from < at
                && end - from <= WORD_MAX
                && Character.isLetter(text.charAt(from))
                && !hasDigit(text, from, end)) {
            tokens.add(text.substring(from, end).toLowerCase(Locale.ROOT));
        }
    }

    private static void addWord(Set<String> tokens, String text, int at, int end) {
        int length = end - at;
        if (length < 2
                || length > WORD_MAX
                || !Character.isLetter(text.charAt(at)) && text.charAt(at) != '_' // a number, a time, an id
                || !hasLetter(text, at, end)
                || looksLikeId(text, at, end)) {
            return;
        }
        tokens.add(text.substring(at, end).toLowerCase(Locale.ROOT));
        int from = at;
        for (int i = at + 1; i <= end; i++) {
            if (i == end || splits(text, i, end)) {
                if (i - from >= PART_MIN && i - from < length) {
                    addPart(tokens, text.substring(from, i));
                }
                from = i;
            }
        }
    }

    private static void addPart(Set<String> tokens, String between) {
        String part = between.indexOf('_') < 0 ? between : between.replace("_", "");
        if (part.length() >= PART_MIN && hasLetter(part, 0, part.length())) {
            tokens.add(part.toLowerCase(Locale.ROOT));
        }
    }

    private static boolean splits(String text, int i, int end) {
        char before = text.charAt(i - 1);
        char now = text.charAt(i);
        if (now == '_' || before == '_') {
            return true;
        }
        if (!Character.isUpperCase(now)) {
            return false;
        }
        boolean endOfCapitals =
                Character.isUpperCase(before) && i + 1 < end && Character.isLowerCase(text.charAt(i + 1));
        return Character.isLowerCase(before) || endOfCapitals;
    }

    private static boolean looksLikeId(String text, int at, int end) {
        if (end - at < ID_MIN) {
            return false;
        }
        for (int i = at; i < end; i++) {
            if (Character.digit(text.charAt(i), 16) < 0) {
                return false;
            }
        }
        return hasDigit(text, at, end);
    }

    private static boolean hasLetter(String text, int at, int end) {
        for (int i = at; i < end; i++) {
            if (Character.isLetter(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasDigit(String text, int at, int end) {
        for (int i = at; i < end; i++) {
            if (Character.isDigit(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }
}
