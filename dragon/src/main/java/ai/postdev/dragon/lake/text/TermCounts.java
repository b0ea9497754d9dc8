package ai.postdev.dragon.lake.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.BytesTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.analysis.tokenattributes.TermFrequencyAttribute;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.BytesRefHash;

/**
 * The terms of a passage as {@link CodeTokenStream} gives them, each once and with its count. Code repeats its words:
 * what a word consists of is looked up in a table and not worked out again, and the index hashes each term once for a
 * passage instead of once for each place. For fields without positions.
 *
 * <p>The position increment of a term is the number of words that begin with it, so that the sum is the number of words
 * (see {@link WordsSimilarity}). Reusable through {@link #over}; one thread at a time.
 */
final class TermCounts extends TokenStream {
    /** Different words in the table; when it is full it is emptied. About 100 bytes each. */
    static final int WORDS_MAX = 1 << 15;

    /** Longer words are data and not kept in the table. */
    static final int WORD_BYTES_MAX = 48;

    private static final int SLOTS = 2 * WORDS_MAX;
    private static final int HASH_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(SLOTS);
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final BytesTermAttribute term = addAttribute(BytesTermAttribute.class);
    private final TermFrequencyAttribute frequency = addAttribute(TermFrequencyAttribute.class);
    private final PositionIncrementAttribute increment = addAttribute(PositionIncrementAttribute.class);

    private final CodeTokenStream analysis = new CodeTokenStream();
    private final BytesTermAttribute analysed = analysis.getAttribute(BytesTermAttribute.class);
    private final PositionIncrementAttribute analysedIncrement =
            analysis.getAttribute(PositionIncrementAttribute.class);

    // Open addressing. Most words fit into two longs, which are compared without following a reference; of a longer one
    // these are its first bytes.
    private long[] heads = new long[2 * SLOTS];
    private byte[][] words = new byte[SLOTS][];
    // A word's terms in the pool: first their number, then for each the number of the term, doubled, plus one if the
    // term begins a word. 0: the slot is free.
    private int[] termsAt = new int[SLOTS];
    private int[] pool = new int[1 << 12];
    private int poolEnd = 1;
    private int known;
    private BytesRefHash terms = new BytesRefHash();
    private int[] found = new int[64];

    // Of the present passage, by the number of the term.
    private int[] counts = new int[1 << 12];
    private int[] begins = new int[1 << 12];
    private int[] touched = new int[1 << 10];
    private int touchedEnd;
    private int emitted;
    private final BytesRef ref = new BytesRef();

    /** Starts over on {@code text[from, to)}. */
    TermCounts over(byte[] text, int from, int to) {
        for (int i = 0; i < touchedEnd; i++) {
            counts[touched[i]] = 0;
            begins[touched[i]] = 0;
        }
        touchedEnd = 0;
        emitted = 0;
        if (known >= WORDS_MAX) {
            forget();
        }
        count(text, from, to);
        return this;
    }

    private void forget() {
        heads = new long[2 * SLOTS];
        words = new byte[SLOTS][];
        termsAt = new int[SLOTS];
        poolEnd = 1;
        known = 0;
        terms.close();
        terms = new BytesRefHash();
    }

    private void count(byte[] text, int from, int to) {
        for (int at = from; at < to; ) {
            while (at < to && !CodeTokenStream.isWordByte(text[at])) {
                at++;
            }
            int start = at;
            while (at < to && CodeTokenStream.isWordByte(text[at])) {
                at++;
            }
            if (at > start) {
                word(text, start, at);
            }
        }
    }

    private void word(byte[] text, int from, int to) {
        if (to - from > WORD_BYTES_MAX || known >= WORDS_MAX) {
            add(found, 0, analyse(text, from, to));
            return;
        }
        long first = head(text, from, to);
        long second = head(text, from + Long.BYTES, to);
        int slot = (int) ((first * 0x9E3779B97F4A7C15L ^ second * 0xC2B2AE3D27D4EB4FL) + to - from >>> HASH_SHIFT);
        while (termsAt[slot] != 0) {
            if (heads[2 * slot] == first && heads[2 * slot + 1] == second && sameRest(words[slot], text, from, to)) {
                int at = termsAt[slot];
                add(pool, at + 1, at + 1 + pool[at]);
                return;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        int end = analyse(text, from, to);
        heads[2 * slot] = first;
        heads[2 * slot + 1] = second;
        words[slot] = to - from > 2 * Long.BYTES ? Arrays.copyOfRange(text, from, to) : null;
        keep(slot, end);
        known++;
        add(found, 0, end);
    }

    /** Up to eight bytes of {@code text[from, to)} as a number; no word has a zero byte, so its length is in it too. */
    private static long head(byte[] text, int from, int to) {
        if (from + Long.BYTES <= to) {
            return (long) EIGHT_BYTES.get(text, from);
        }
        long head = 0;
        for (int i = to - 1; i >= from; i--) {
            head = head << Byte.SIZE | text[i] & 0xFF;
        }
        return head;
    }

    /** Whether a word whose first bytes are the same is the same; {@code word} is null if these are all it has. */
    private static boolean sameRest(byte[] word, byte[] text, int from, int to) {
        return word == null
                ? to - from <= 2 * Long.BYTES
                : word.length == to - from && Arrays.equals(word, 0, word.length, text, from, to);
    }

    private void keep(int slot, int end) {
        if (poolEnd + end + 1 > pool.length) {
            pool = Arrays.copyOf(pool, Math.max(poolEnd + end + 1, 2 * pool.length));
        }
        termsAt[slot] = poolEnd;
        pool[poolEnd++] = end;
        System.arraycopy(found, 0, pool, poolEnd, end);
        poolEnd += end;
    }

    /** Writes the terms of a run of word bytes to {@link #found}; answers how many they are. */
    private int analyse(byte[] text, int from, int to) {
        analysis.over(text, from, to);
        int end = 0;
        while (analysis.incrementToken()) {
            int number = terms.add(analysed.getBytesRef());
            number = number < 0 ? -number - 1 : number;
            if (end == found.length) {
                found = Arrays.copyOf(found, 2 * end);
            }
            found[end++] = number << 1 | (analysedIncrement.getPositionIncrement() > 0 ? 1 : 0);
        }
        return end;
    }

    private void add(int[] wordTerms, int from, int to) {
        for (int i = from; i < to; i++) {
            int number = wordTerms[i] >>> 1;
            if (number >= counts.length) {
                int size = Math.max(number + 1, 2 * counts.length);
                counts = Arrays.copyOf(counts, size);
                begins = Arrays.copyOf(begins, size);
            }
            if (counts[number]++ == 0) {
                if (touchedEnd == touched.length) {
                    touched = Arrays.copyOf(touched, 2 * touchedEnd);
                }
                touched[touchedEnd++] = number;
            }
            begins[number] += wordTerms[i] & 1;
        }
    }

    @Override
    public boolean incrementToken() {
        if (emitted == touchedEnd) {
            return false;
        }
        clearAttributes();
        int number = touched[emitted++];
        term.setBytesRef(terms.get(number, ref));
        frequency.setTermFrequency(counts[number]);
        increment.setPositionIncrement(begins[number]);
        return true;
    }
}
