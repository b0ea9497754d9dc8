package ai.postdev.dragon.lake.history;

import java.util.Set;

/**
 * The words of an event as 64 bits, one for each word by its hash: a word whose bit is not set is not there. Rules out
 * nearly every event before its text is looked at.
 */
final class TokenBits {
    private TokenBits() {}

    static long of(Set<String> tokens) {
        long bits = 0;
        for (String token : tokens) {
            bits |= of(token);
        }
        return bits;
    }

    /** The one bit of a word. */
    static long of(String token) {
        return 1L << ((token.hashCode() * 0x9E3779B9) >>> 26);
    }
}
