package ai.postdev.dragon.lake.history;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Words by which a line says that something went wrong, in any case, as words of their own. Every line that is remembered
 * is looked through for them, so they are looked for by hand; the pattern that says the same decides beside letters that
 * are not ASCII.
 */
final class Alarms {
    private static final String[] WORDS = {
        "error",
        "exception",
        "fatal",
        "failed",
        "failure",
        "panicked",
        "panic",
        "cannot",
        "can't",
        "could not",
        "denied",
        "refused",
        "undefined",
        "unresolved",
        "not found",
        "no such",
        "traceback",
        "segmentation fault",
        "timed out",
        "timeout",
        "aborted",
        "abort"
    };
    /** What the words above say; of two that begin alike either may be the one. */
    static final Pattern PATTERN = Pattern.compile("(?i)\\b(?:" + String.join("|", WORDS) + ")\\b");

    private static final int ASCII = 128;
    private static final int LOWER = 0x20;
    /** For each first letter, in lower case, the words that begin with it. */
    private static final String[][] BY_LETTER = new String[ASCII][];

    static {
        for (String word : WORDS) {
            char first = word.charAt(0);
            BY_LETTER[first] =
                    Arrays.stream(WORDS).filter(each -> each.charAt(0) == first).toArray(String[]::new);
        }
    }

    private Alarms() {}

    /** Whether a line has one of the words. */
    static boolean in(String line) {
        for (int at = 0; at < line.length(); at++) {
            char c = line.charAt(at);
            String[] words = c < ASCII ? BY_LETTER[c | LOWER] : null;
            if (words == null || at > 0 && isWord(line.charAt(at - 1))) {
                continue;
            }
            for (String word : words) {
                int end = at + word.length();
                if (startsWith(line, at, word) && (end == line.length() || !isWord(line.charAt(end)))) {
                    boolean plain = (at == 0 || line.charAt(at - 1) < ASCII)
                            && (end == line.length() || line.charAt(end) < ASCII);
                    // Beside other letters the platform's rules about marks that belong to letters count.
                    return plain || PATTERN.matcher(line).find();
                }
            }
        }
        return false;
    }

    /** @param word in lower case */
    private static boolean startsWith(String line, int at, String word) {
        if (line.length() - at < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            char c = line.charAt(at + i);
            if ((c >= 'A' && c <= 'Z' ? c | LOWER : c) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWord(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }
}
