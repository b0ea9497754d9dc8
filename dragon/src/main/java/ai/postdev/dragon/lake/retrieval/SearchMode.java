package ai.postdev.dragon.lake.retrieval;

import java.util.Arrays;
import java.util.Locale;

/** How a query is read. */
public enum SearchMode {
    /** By its look, and by every signal at once. */
    AUTO,
    /** Words, ranked. */
    TEXT,
    /** A regular expression, line by line. */
    REGEX,
    /** A name that is defined. */
    SYMBOL,
    /** Meaning only. */
    VECTOR;

    /** The name in requests and answers. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The mode named {@code id}; {@link #AUTO} for an empty name.
     *
     * @throws IllegalArgumentException for a name that is no mode
     */
    public static SearchMode of(String id) {
        if (id.isEmpty()) {
            return AUTO;
        }
        return Arrays.stream(values())
                .filter(mode -> mode.id().equals(id.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the search mode '" + id + "' is not known; expected auto, text, regex, symbol or vector"));
    }
}
