package ai.postdev.dragon.lake.history;

import static ai.postdev.dragon.lake.history.Ascii.DIGIT;
import static ai.postdev.dragon.lake.history.Ascii.HEX;
import static ai.postdev.dragon.lake.history.Ascii.LETTER;
import static ai.postdev.dragon.lake.history.Ascii.UPPER;
import static ai.postdev.dragon.lake.history.Ascii.WORD;

import java.util.Arrays;

/**
 * The hashes of the {@link Tokens} of plain text, in bytes and without an object for each: some may come twice. Used again
 * for each text, by one thread.
 */
final class PlainTokens {
    private final int[] hashes = new int[Tokens.MAX];
    private int count;

    /** Takes in {@code text[0..length)}; false if it may have more than {@value Tokens#MAX} tokens, of which some count. */
    boolean take(byte[] text, int length) {
        count = 0;
        int at = 0;
        while (at < length) {
            while (at < length && !Ascii.is(text[at], WORD)) {
                at++;
            }
            int end = at;
            while (end < length && Ascii.is(text[end], WORD)) {
                end++;
            }
            if (end > at && !isFolder(text, end, length)) {
                word(text, at, end);
                compound(text, at, end, length);
            }
            if (count == hashes.length) {
                return false;
            }
            at = end;
        }
        return true;
    }

    /** What was taken in last. */
    int[] hashes() {
        return Arrays.copyOf(hashes, count);
    }

    private static boolean isFolder(byte[] text, int wordEnd, int length) {
        int end = wordEnd;
        while (end < length
                && end - wordEnd < Tokens.FOLDER_MAX
                && (Ascii.is(text[end], WORD) || text[end] == '-' || text[end] == '.')) {
            end++;
        }
        return end < length && (text[end] == '/' || text[end] == '\\');
    }

    private void compound(byte[] text, int at, int end, int length) {
        boolean more = end + 1 < length && text[end] == '-' && Ascii.is(text[end + 1], LETTER);
        int from = at;
        while (!more && from > 1 && text[from - 1] == '-' && Ascii.is(text[from - 2], WORD)) {
            from--;
            while (from > 0 && Ascii.is(text[from - 1], WORD)) {
                from--;
            }
        }
        if (from < at
                && end - from <= Tokens.WORD_MAX
                && Ascii.is(text[from], LETTER)
                && !has(text, from, end, DIGIT)) {
            add(text, from, end);
        }
    }

    private void word(byte[] text, int at, int end) {
        int length = end - at;
        if (length < 2
                || length > Tokens.WORD_MAX
                || Ascii.is(text[at], DIGIT)
                || !has(text, at, end, LETTER)
                || looksLikeId(text, at, end)) {
            return;
        }
        add(text, at, end);
        int from = at;
        for (int i = at + 1; i <= end; i++) {
            if (i == end || splits(text, i, end)) {
                if (i - from >= Tokens.PART_MIN && i - from < length) {
                    part(text, from, i);
                }
                from = i;
            }
        }
    }

    private static boolean splits(byte[] text, int i, int end) {
        byte before = text[i - 1];
        byte now = text[i];
        if (now == '_' || before == '_') {
            return true;
        }
        if (!Ascii.is(now, UPPER)) {
            return false;
        }
        boolean endOfCapitals = Ascii.is(before, UPPER) && i + 1 < end && isLower(text[i + 1]);
        return isLower(before) || endOfCapitals;
    }

    private static boolean isLower(byte c) {
        return (Ascii.kind(c) & (LETTER | UPPER)) == LETTER;
    }

    private static boolean looksLikeId(byte[] text, int at, int end) {
        if (end - at < Tokens.ID_MIN) {
            return false;
        }
        for (int i = at; i < end; i++) {
            if (!Ascii.is(text[i], HEX)) {
                return false;
            }
        }
        return has(text, at, end, DIGIT);
    }

    private static boolean has(byte[] text, int at, int end, int kind) {
        for (int i = at; i < end; i++) {
            if (Ascii.is(text[i], kind)) {
                return true;
            }
        }
        return false;
    }

    /** Without each {@code _}. */
    private void part(byte[] text, int from, int to) {
        int hash = 0;
        int length = 0;
        for (int i = from; i < to; i++) {
            if (text[i] != '_') {
                hash = 31 * hash + Ascii.lower(text[i]);
                length++;
            }
        }
        if (length >= Tokens.PART_MIN && has(text, from, to, LETTER)) {
            add(hash);
        }
    }

    private void add(byte[] text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + Ascii.lower(text[i]);
        }
        add(hash);
    }

    private void add(int hash) {
        if (count < hashes.length) {
            hashes[count++] = hash;
        }
    }
}
