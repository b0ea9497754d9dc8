package ai.postdev.dragon.lake.text;

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

    private final BytesTermAttribute term = addAttribute(BytesTermAttribute.class);
    private final TermFrequencyAttribute frequency = addAttribute(TermFrequencyAttribute.class);
    private final PositionIncrementAttribute increment = addAttribute(PositionIncrementAttribute.class);

    private final CodeTokenStream analysis = new CodeTokenStream();
    private final BytesTermAttribute analysed = analysis.getAttribute(BytesTermAttribute.class);
    private final PositionIncrementAttribute analysedIncrement =
            analysis.getAttribute(PositionIncrementAttribute.class);

    // Open addressing. A word's terms: the number of the term, doubled, plus one if the term begins a word.
    private byte[][] words = new byte[SLOTS][];
    private int[][] termsOf = new int[SLOTS][];
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
        words = new byte[SLOTS][];
        termsOf = new int[SLOTS][];
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
            int hash = 0;
            while (at < to && CodeTokenStream.isWordByte(text[at])) {
                hash = 31 * hash + text[at];
                at++;
            }
            if (at > start) {
                word(text, start, at, hash);
            }
        }
    }

    private void word(byte[] text, int from, int to, int hash) {
        if (to - from > WORD_BYTES_MAX || known >= WORDS_MAX) {
            int end = analyse(text, from, to);
            add(found, end);
            return;
        }
        int slot = (hash * 0x9E3779B9) >>> (32 - Integer.numberOfTrailingZeros(SLOTS));
        while (words[slot] != null) {
            byte[] word = words[slot];
            if (word.length == to - from && Arrays.equals(word, 0, word.length, text, from, to)) {
                add(termsOf[slot], termsOf[slot].length);
                return;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        int end = analyse(text, from, to);
        words[slot] = Arrays.copyOfRange(text, from, to);
        termsOf[slot] = Arrays.copyOf(found, end);
        known++;
        add(found, end);
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

    private void add(int[] wordTerms, int end) {
        for (int i = 0; i < end; i++) {
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
