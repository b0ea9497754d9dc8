package ai.postdev.dragon.lake.code.pattern;

import java.util.List;

/** A parsed pattern. Groups and greed are gone: they do not change which lines match. */
sealed interface Node {
    /** Matches nothing, of length zero. */
    record Empty() implements Node {}

    /** One code point of a set; an empty set never matches. */
    record Set(CodePoints set) implements Node {}

    /** A condition on a position. */
    record Look(Kind kind) implements Node {}

    /** One after the other. */
    record Concat(List<Node> nodes) implements Node {}

    /** Any of these. */
    record Alternate(List<Node> nodes) implements Node {}

    /** {@code max} is {@link #UNBOUNDED} for no bound. */
    record Repeat(Node node, int min, int max) implements Node {}

    /** The {@code max} of a repetition without a bound. */
    int UNBOUNDED = -1;

    /** What a {@link Look} asks of its position. */
    enum Kind {
        LINE_START,
        LINE_END,
        WORD_EDGE(true),
        NO_WORD_EDGE(true),
        WORD_START(true),
        WORD_END(true),
        WORD_START_HALF(true),
        WORD_END_HALF(true),
        ASCII_WORD_EDGE(true),
        ASCII_WORD_START(true),
        ASCII_WORD_END(true);

        private final boolean word;

        Kind() {
            this(false);
        }

        Kind(boolean word) {
            this.word = word;
        }

        /** Whether the answer depends on the neighbours being word characters. */
        boolean word() {
            return word;
        }

        boolean ascii() {
            return this == ASCII_WORD_EDGE || this == ASCII_WORD_START || this == ASCII_WORD_END;
        }
    }
}
