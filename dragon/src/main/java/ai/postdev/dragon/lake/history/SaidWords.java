package ai.postdev.dragon.lake.history;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Words that are looked for in lines, in any case, as words of their own. Every line that is remembered, and every line of what
 * is compared, is looked through, so it is done by hand; the pattern that says the same decides beside letters that are not
 * ASCII. Immutable; safe on any thread.
 */
final class SaidWords {
    private static final int ASCII = 128;
    private static final int LOWER = 0x20;

    private final Pattern pattern;
    /** For each first letter the words that begin with it. */
    private final String[][] byLetter = new String[ASCII][];

    /** @param words in lower case, of ASCII, each beginning with a letter and ending with a letter or digit */
    SaidWords(List<String> words) {
        pattern = Pattern.compile("(?i)\\b(?:"
                + String.join("|", words.stream().map(Pattern::quote).toList()) + ")\\b");
        for (String word : words) {
            char first = word.charAt(0);
            if (first < 'a' || first > 'z' || !word.equals(word.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("no word in lower case: " + word);
            }
            byLetter[first] =
                    words.stream().filter(each -> each.charAt(0) == first).toArray(String[]::new);
        }
    }

    /** What {@link #in} says, as a pattern. */
    Pattern pattern() {
        return pattern;
    }

    /** Whether a line has one of the words. */
    boolean in(String line) {
        for (int at = 0; at < line.length(); at++) {
            char c = line.charAt(at);
            String[] words = c < ASCII ? byLetter[c | LOWER] : null;
            if (words == null || at > 0 && isWord(line.charAt(at - 1))) {
                continue;
            }
            for (String word : words) {
                int end = at + word.length();
                if (startsWith(line, at, word) && (end == line.length() || !isWord(line.charAt(end)))) {
                    boolean plain = (at == 0 || line.charAt(at - 1) < ASCII)
                            && (end == line.length() || line.charAt(end) < ASCII);
                    // Beside other letters the platform's rules about marks that belong to letters count.
                    if (plain || pattern.matcher(line).find()) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

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
