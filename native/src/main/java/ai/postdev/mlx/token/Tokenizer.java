package ai.postdev.mlx.token;

import java.util.OptionalInt;
import java.util.Set;

/** How texts become tokens of a model, and back. Any thread. */
public interface Tokenizer {
    /**
     * The tokens of a text.
     *
     * @param special whether to add the tokens that the model wants around a text, and to read the names of special
     *     tokens, such as {@code <|im_start|>}, as these tokens; pass false for what a stranger wrote
     */
    int[] encode(String text, boolean special);

    /** The text of tokens, without that of special ones; what is no whole character becomes U+FFFD. */
    String decode(int... tokens);

    /** The bytes of one token in UTF-8, possibly a part of a character; none for special ones. */
    byte[] bytes(int token);

    /** How many tokens there are. */
    int size();

    /** The token that starts a text, when there is one. */
    OptionalInt start();

    /** The tokens after which a model has nothing more to say. */
    Set<Integer> ends();

    /** The name of a token as the vocabulary has it; for templates and people. */
    String name(int token);

    /**
     * The token of this name.
     *
     * @return empty when there is none
     */
    OptionalInt named(String name);
}
