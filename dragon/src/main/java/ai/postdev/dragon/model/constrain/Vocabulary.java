package ai.postdev.dragon.model.constrain;

import java.util.BitSet;
import java.util.TreeMap;

/** The tokens of a model by their bytes. Immutable after it was made; any thread. */
public final class Vocabulary {
    /** What goes on from some bytes. */
    static final class Branch {
        final TreeMap<Integer, Branch> children = new TreeMap<>();
        final BitSet tokens = new BitSet();
    }

    private final byte[][] tokens;
    private final BitSet ends;
    private final Branch root = new Branch();

    /**
     * A vocabulary.
     *
     * @param tokens bytes of each token; none for one that stands for no text, which then never may follow
     * @param ends tokens that end an answer
     */
    public Vocabulary(byte[][] tokens, BitSet ends) {
        this.tokens = tokens.clone();
        this.ends = (BitSet) ends.clone();
        for (int token = 0; token < tokens.length; token++) {
            if (tokens[token].length > 0 && !ends.get(token)) {
                Branch branch = root;
                for (byte one : tokens[token]) {
                    branch = branch.children.computeIfAbsent(one & 0xFF, _ -> new Branch());
                }
                branch.tokens.set(token);
            }
        }
    }

    Branch root() {
        return root;
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
