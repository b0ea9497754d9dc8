package ai.postdev.dragon.lake.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.BytesTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.util.BytesRef;

/**
 * The terms of a piece of code. Every identifier or word gives itself in lower case, then, at the same position, its
 * parts (see {@link IdentifierSplitter}), and the stems of its parts where they differ: {@code getHTTPResponses2} gives
 * {@code gethttpresponses2}, {@code get}, {@code http}, {@code responses}, {@code respons}, {@code 2}.
 *
 * <p>Reads UTF-8 directly: Lucene's character streams would decode and encode every byte once more. Reusable through
 * {@link #over}; one thread at a time.
 */
final class CodeTokenStream extends TokenStream {
    /** An identifier with more bytes is data: only its parts are indexed. */
    static final int WORD_BYTES_MAX = 128;

    /** A part with more bytes is data and is not indexed. */
    static final int PART_BYTES_MAX = 64;

    private final BytesTermAttribute term = addAttribute(BytesTermAttribute.class);
    private final PositionIncrementAttribute increment = addAttribute(PositionIncrementAttribute.class);
    private final IdentifierSplitter splitter = new IdentifierSplitter();
    private final Stems stems = new Stems();

    private byte[] text = new byte[0];
    private int at;
    private int end;

    // The terms of the present word, lower case, one behind the other.
    private byte[] pending = new byte[1024];
    private int pendingEnd;
    private final int[] starts = new int[2 * IdentifierSplitter.PARTS_MAX + 2];
    private int terms;
    private int emitted;
    private final BytesRef ref = new BytesRef();

    /** Starts over on {@code text[from, to)}. */
    CodeTokenStream over(byte[] text, int from, int to) {
        this.text = text;
        this.at = from;
        this.end = to;
        this.terms = 0;
        this.emitted = 0;
        return this;
    }

    @Override
    public boolean incrementToken() {
        while (emitted == terms) {
            if (!nextWord()) {
                return false;
            }
        }
        clearAttributes();
        ref.bytes = pending;
        ref.offset = starts[emitted];
        ref.length = starts[emitted + 1] - starts[emitted];
        term.setBytesRef(ref);
        increment.setPositionIncrement(emitted == 0 ? 1 : 0);
        emitted++;
        return true;
    }

    private boolean nextWord() {
        int from = at;
        while (from < end && !isWordByte(text[from])) {
            from++;
        }
        int to = from;
        boolean ascii = true;
        while (to < end && isWordByte(text[to])) {
            ascii &= text[to] >= 0;
            to++;
        }
        at = to;
        terms = 0;
        emitted = 0;
        pendingEnd = 0;
        if (from == to) {
            return false;
        }
        if (ascii) {
            addWord(text, from, to);
        } else {
            addForeignWords(from, to);
        }
        return true;
    }

    private void addWord(byte[] bytes, int from, int to) {
        if (to - from <= WORD_BYTES_MAX) {
            addTerm(bytes, from, to);
        }
        splitter.split(bytes, from, to);
        int parts = splitter.parts();
        for (int i = 0; i < parts; i++) {
            addPart(bytes, splitter.start(i), splitter.end(i), parts == 1 && to - from <= WORD_BYTES_MAX);
        }
    }

    private void addPart(byte[] bytes, int from, int to, boolean whole) {
        if (to - from > PART_BYTES_MAX) {
            return;
        }
        int start = pendingEnd;
        if (whole && to - from == pendingEnd) {
            start = 0; // the word is its own only part and already there
        } else {
            addTerm(bytes, from, to);
        }
        byte[] stem = stems.stem(pending, start, pendingEnd);
        if (stem.length > 0) {
            addTerm(stem, 0, stem.length);
        }
    }

    private void addTerm(byte[] bytes, int from, int to) {
        if (terms + 1 >= starts.length) {
            return;
        }
        int length = to - from;
        if (pendingEnd + length > pending.length) {
            pending = Arrays.copyOf(pending, Math.max(2 * pending.length, pendingEnd + length));
        }
        starts[terms] = pendingEnd;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            pending[pendingEnd++] = b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
        }
        terms++;
        starts[terms] = pendingEnd;
    }

    /** The slow way for words with characters beyond ASCII: only letters and digits of any script make words. */
    private void addForeignWords(int from, int to) {
        if (to - from > 4 * WORD_BYTES_MAX) {
            return; // a line of data; no person wrote this word
        }
        String run = new String(text, from, to - from, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
        int start = -1;
        for (int i = 0; i <= run.length(); ) {
            int c = i < run.length() ? run.codePointAt(i) : ' ';
            if (Character.isLetterOrDigit(c) || c == '_') {
                start = start < 0 ? i : start;
            } else if (start >= 0) {
                byte[] word = run.substring(start, i).getBytes(StandardCharsets.UTF_8);
                addWord(word, 0, word.length);
                start = -1;
            }
            i += Character.charCount(c);
        }
    }

    private static final boolean[] WORD = new boolean[128];

    static {
        for (int b = 0; b < WORD.length; b++) {
            WORD[b] = b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_' || b == '$';
        }
    }

    /** Whether a byte belongs to a word; bytes of characters beyond ASCII do until they are looked at closely. */
    static boolean isWordByte(byte b) {
        return b < 0 || WORD[b];
    }
}
