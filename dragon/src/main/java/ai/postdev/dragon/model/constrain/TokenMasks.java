package ai.postdev.dragon.model.constrain;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which tokens of a vocabulary may follow, as a mask for a model's logits. Tokens are walked through as a tree of bytes, so that
 * what many begin with is looked at once. One thread for each answer; the vocabulary is shared.
 */
public final class TokenMasks {
    private final Automaton automaton;
    private final Vocabulary vocabulary;
    private final Map<Automaton.State, BitSet> masks;

    /** @param masksMax masks that are remembered */
    public TokenMasks(Automaton automaton, Vocabulary vocabulary, int masksMax) {
        this.automaton = automaton;
        this.vocabulary = vocabulary;
        masks = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Automaton.State, BitSet> eldest) {
                return size() > masksMax;
            }
        };
    }

    /** The tokens that may follow; those that end an answer only if it is complete. Not to be changed. */
    public BitSet allowed(Automaton.State state) {
        BitSet known = masks.get(state);
        if (known == null) {
            known = new BitSet(vocabulary.size());
            if (state.isComplete()) {
                known.or(vocabulary.ends());
            }
            walk(vocabulary.root(), state, known);
            masks.put(state, known);
        }
        return known;
    }

    private void walk(Vocabulary.Branch branch, Automaton.State state, BitSet mask) {
        mask.or(branch.tokens);
        if (branch.children.isEmpty()) {
            return;
        }
        BitSet bytes = state.bytes();
        branch.children.forEach((read, child) -> {
            if (bytes.get(read)) {
                walk(child, automaton.next(state, read), mask);
            }
        });
    }

    /** After a token that may follow; one that ends an answer changes nothing. */
    public Automaton.State next(Automaton.State state, int token) {
        return automaton.next(state, vocabulary.bytes(token));
    }
}
