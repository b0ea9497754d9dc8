package ai.postdev.dragon.model.constrain;

import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which tokens of a vocabulary may follow, as a mask for a model's logits. Tokens are walked through as a tree of bytes, so that
 * what many begin with is looked at once, and what a byte leads to is worked out once. One thread for each answer; the
 * vocabulary is shared.
 */
public final class TokenMasks {
    /** States whose ways are remembered; beyond it all are forgotten. One takes about 2 kB. */
    private static final int WAYS_MAX = 8_192;

    /** A state, and the states that a byte leads to as far as they were asked for. */
    private static final class Ways {
        final Automaton.State state;
        final BitSet bytes;
        final Ways[] next = new Ways[256];

        Ways(Automaton.State state) {
            this.state = state;
            bytes = state.bytes();
        }
    }

    private final Automaton automaton;
    private final Vocabulary vocabulary;
    private final Map<Automaton.State, BitSet> masks;
    private final Map<Automaton.State, Ways> ways = new HashMap<>();

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
            if (ways.size() > WAYS_MAX) {
                ways.clear();
            }
            walk(0, vocabulary.order().length, 0, ways(state), known);
            masks.put(state, known);
        }
        return known;
    }

    private Ways ways(Automaton.State state) {
        return ways.computeIfAbsent(state, Ways::new);
    }

    /** Tokens from one place of the order to another begin with the same {@code depth} bytes, which led to {@code at}. */
    private void walk(int from, int to, int depth, Ways at, BitSet mask) {
        int place = from;
        // A token of just these bytes, or several that are written alike.
        while (place < to && vocabulary.at(place).length == depth) {
            mask.set(vocabulary.order()[place++]);
        }
        while (place < to) {
            int read = vocabulary.at(place)[depth] & 0xFF;
            int end = end(place, to, depth, read);
            if (at.bytes.get(read)) {
                if (at.next[read] == null) {
                    at.next[read] = ways(automaton.next(at.state, read));
                }
                walk(place, end, depth + 1, at.next[read], mask);
            }
            place = end;
        }
    }

    /** The first place after those that go on with the byte. */
    private int end(int from, int to, int depth, int read) {
        int low = from + 1;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if ((vocabulary.at(middle)[depth] & 0xFF) == read) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** After a token that may follow; one that ends an answer changes nothing. */
    public Automaton.State next(Automaton.State state, int token) {
        return automaton.next(state, vocabulary.bytes(token));
    }
}
