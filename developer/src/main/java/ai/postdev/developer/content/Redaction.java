package ai.postdev.developer.content;

import java.util.List;

/**
 * A text without credentials.
 *
 * @param utf8 the text; the very array that was given if nothing was cut
 * @param kinds what was cut, in order, such as {@code github-token}
 */
public record Redaction(byte[] utf8, List<String> kinds) {
    public Redaction {
        kinds = List.copyOf(kinds);
    }
}
