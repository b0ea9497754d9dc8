package ai.postdev.actors.text;

/**
 * How many tokens of a language model a text takes at most, by a rule that needs no vocabulary and so holds for models
 * that are not known yet. Of each line:
 *
 * <ul>
 *   <li>a letter of A to Z begins or continues a part of a word: capitals, then small letters; a part of n letters counts
 *       n / 4, rounded up, which is more than a word takes in the vocabularies in use;
 *   <li>a digit, a sign of ASCII, a tab and a line's end count 1 each;
 *   <li>one space before a letter counts nothing, for it goes with the word; other runs of spaces count 1, and 1 more for
 *       every 16;
 *   <li>every other character counts its bytes in UTF-8, which is what a model with bytes as a last resort needs at most.
 * </ul>
 *
 * On code and prose this is about 1.8 times what the tokenizers of today count. Letters in random order, as in a password,
 * may take more than a quarter of their number; such a text is no evidence. The bound of two texts together is the sum of
 * theirs if the first ends with a line's end. Pure; any thread.
 */
public final class TokenBound {
    private static final int LETTERS_PER_TOKEN = 4;
    private static final int SPACES_PER_TOKEN = 16;

    private TokenBound() {}

    /** The bound of a text, which may have any number of lines. */
    public static int of(CharSequence text) {
        int tokens = 0;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int end = at + 1;
            if (isLetter(c)) {
                end = partEnd(text, at);
                tokens += (end - at + LETTERS_PER_TOKEN - 1) / LETTERS_PER_TOKEN;
            } else if (c == ' ') {
                while (end < text.length() && text.charAt(end) == ' ') {
                    end++;
                }
                boolean withWord = end - at == 1 && end < text.length() && isLetter(text.charAt(end));
                tokens += withWord ? 0 : 1 + (end - at) / SPACES_PER_TOKEN;
            } else {
                tokens += bytes(c);
            }
            at = end;
        }
        return tokens;
    }

    /** Capitals and then small letters are one part: {@code HTTPRequest} has one, {@code httpRequest} two. */
    private static int partEnd(CharSequence text, int start) {
        int end = start;
        while (end < text.length() && text.charAt(end) >= 'A' && text.charAt(end) <= 'Z') {
            end++;
        }
        while (end < text.length() && text.charAt(end) >= 'a' && text.charAt(end) <= 'z') {
            end++;
        }
        return end;
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static int bytes(char c) {
        if (c < 0x80) {
            return 1;
        }
        return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
}
