package ai.postdev.dragon.model.constrain;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Random;

/** Goes through an automaton at random, as a model would that knows nothing. */
final class Walks {
    private static final int LONG = 300;
    private static final int TOO_LONG = 200_000;

    private final Random random;

    Walks(Random random) {
        this.random = random;
    }

    /** A whole answer, byte by byte. After a while it takes the way that ends soonest. */
    String bytes(Automaton automaton) {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        Automaton.State state = automaton.start();
        while (!state.isEnd() && !(state.isComplete() && random.nextInt(4) == 0)) {
            BitSet bytes = state.bytes();
            assertFalse(bytes.isEmpty(), () -> "a dead end after " + text(read));
            int next = pick(bytes, read.size());
            state = automaton.next(state, next);
            read.write(next);
            assertFalse(read.size() > TOO_LONG, "it does not end");
        }
        return text(read);
    }

    private int pick(BitSet bytes, int length) {
        if (length > LONG ? random.nextInt(8) > 0 : random.nextInt(4) == 0) {
            for (char closer : "\"]},:".toCharArray()) {
                // Characters of strings come in too many kinds for their end to be met by chance.
                if (bytes.get(closer) && (length > LONG || random.nextBoolean())) {
                    return closer;
                }
            }
        }
        if (length > LONG && random.nextInt(8) > 0) {
            for (char simple : "0n".toCharArray()) {
                if (bytes.get(simple)) {
                    return simple;
                }
            }
        }
        int[] all = bytes.stream().toArray();
        return all[random.nextInt(all.length)];
    }

    /** A whole answer, token by token. */
    String tokens(Automaton automaton, Vocabulary vocabulary, int end) {
        TokenMasks masks = new TokenMasks(automaton, vocabulary, 64);
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        Automaton.State state = automaton.start();
        while (true) {
            BitSet allowed = masks.allowed(state);
            assertFalse(allowed.isEmpty(), () -> "a dead end after " + text(read));
            int token = -1;
            if (read.size() > LONG) {
                BitSet bytes = new BitSet();
                // The first tokens are the single bytes.
                bytes.or(allowed.get(0, 256));
                token = allowed.get(end) ? end : pick(bytes, read.size());
            } else {
                int[] all = allowed.stream().toArray();
                token = all[random.nextInt(all.length)];
            }
            if (token == end) {
                return text(read);
            }
            read.writeBytes(vocabulary.bytes(token));
            state = masks.next(state, token);
            assertFalse(read.size() > TOO_LONG, "it does not end");
        }
    }

    private static String text(ByteArrayOutputStream read) {
        return read.toString(StandardCharsets.UTF_8);
    }
}
