package ai.postdev.dragon.lake.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.tartarus.snowball.ext.EnglishStemmer;

/**
 * English word stems, so that {@code validators} and {@code validation} meet in {@code valid}. The stemmer is Snowball's
 * English one ("Porter 2", M. F. Porter, 2001); since code repeats its words, a direct-mapped cache answers most calls.
 * One thread at a time.
 */
final class Stems {
    /** Shorter words have no useful stem. */
    static final int WORD_BYTES_MIN = 4;

    /** Longer ones are no English words. */
    static final int WORD_BYTES_MAX = 24;

    private static final int CACHE_SIZE = 1 << 14;
    private static final byte[] NONE = new byte[0];

    private final EnglishStemmer stemmer = new EnglishStemmer();
    private final byte[][] words = new byte[CACHE_SIZE][];
    private final byte[][] stems = new byte[CACHE_SIZE][];

    /** The stem of the lower-case ASCII word {@code bytes[from, to)}; empty if it is the word itself or none. */
    byte[] stem(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length < WORD_BYTES_MIN || length > WORD_BYTES_MAX) {
            return NONE;
        }
        int hash = 0;
        for (int i = from; i < to; i++) {
            if (bytes[i] < 'a' || bytes[i] > 'z') {
                return NONE;
            }
            hash = 31 * hash + bytes[i];
        }
        int slot = (hash ^ (hash >>> 14)) & (CACHE_SIZE - 1);
        byte[] cached = words[slot];
        if (cached != null && Arrays.equals(cached, 0, cached.length, bytes, from, to)) {
            return stems[slot];
        }
        String word = new String(bytes, from, length, StandardCharsets.US_ASCII);
        stemmer.setCurrent(word);
        stemmer.stem();
        String stem = stemmer.getCurrent();
        words[slot] = Arrays.copyOfRange(bytes, from, to);
        stems[slot] = stem.equals(word) ? NONE : stem.getBytes(StandardCharsets.US_ASCII);
        return stems[slot];
    }
}
