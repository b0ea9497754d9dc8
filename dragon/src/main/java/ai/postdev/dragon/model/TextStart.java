package ai.postdev.dragon.model;

/**
 * The start of a text that an embedder looks at. No token is longer in ordinary text, so what is cut off here would be cut off
 * as tokens anyway.
 *
 * @param charsMax characters of it
 */
public record TextStart(int charsMax) {
    private static final int CHARS_PER_TOKEN_MAX = 24;

    /** For an embedder that looks at so many tokens. */
    public static TextStart ofTokens(int tokensMax) {
        return new TextStart(tokensMax * CHARS_PER_TOKEN_MAX);
    }

    /** Whether there is more of {@code text} than that. */
    public boolean cuts(String text) {
        return text.length() > charsMax;
    }

    /** The start of {@code text}, up to a whole character. */
    public String of(String text) {
        if (!cuts(text)) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(charsMax - 1)) ? charsMax - 1 : charsMax);
    }
}
