package ai.postdev.dragon.model.constrain;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The tokens of a model by their bytes. In the order of their bytes, tokens that begin alike lie side by side, so the order
 * is a tree that takes four bytes for each token. Immutable after it was made; any thread.
 */
public final class Vocabulary {
    private final byte[][] tokens;
    private final BitSet ends;
    /** Tokens that stand for text, by their bytes. */
    private final int[] order;

    /**
     * A vocabulary.
     *
     * @param tokens bytes of each token; none for one that stands for no text, which then never may follow
     * @param ends tokens that end an answer
     */
    public Vocabulary(byte[][] tokens, BitSet ends) {
        this.tokens = tokens.clone();
        this.ends = (BitSet) ends.clone();
        order = IntStream.range(0, tokens.length)
                .filter(token -> tokens[token].length > 0 && !ends.get(token))
                .boxed()
                .sorted(Comparator.comparing((Integer token) -> tokens[token], Arrays::compareUnsigned))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Tokens in the order of their bytes. Not to be changed. */
    int[] order() {
        return order;
    }

    /** Bytes of the token at a place of the order. Not to be changed. */
    byte[] at(int place) {
        return tokens[order[place]];
    }

    BitSet ends() {
        return ends;
    }

    int size() {
        return tokens.length;
    }

    /** None for those that end an answer. */
    byte[] bytes(int token) {
        return ends.get(token) ? new byte[0] : tokens[token];
    }
}
