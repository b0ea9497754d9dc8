package ai.postdev.dragon.lake.history;

import static ai.postdev.dragon.lake.history.Ascii.AROUND;
import static ai.postdev.dragon.lake.history.Ascii.DIGIT;
import static ai.postdev.dragon.lake.history.Ascii.HEX;
import static ai.postdev.dragon.lake.history.Ascii.LETTER;
import static ai.postdev.dragon.lake.history.Ascii.SEPARATES;
import static ai.postdev.dragon.lake.history.Ascii.WORD;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What {@link Normalizer#normalize} and {@link Fingerprint#withoutLabel} make of a line of plain text, in bytes and without
 * an object for each word. Words of other than letters, digits and {@code _} are given to the {@link Normalizer}. Used again
 * for each line, by one thread.
 */
final class PlainLine {
    private static final byte[] QUOTED = "<q>".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NUMBER = "<n>".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ID = "<id>".getBytes(StandardCharsets.US_ASCII);
    private static final byte[][] LABELS = Arrays.stream(Fingerprint.LABELS)
            .map(label -> label.getBytes(StandardCharsets.US_ASCII))
            .toArray(byte[][]::new);

    private final StringBuilder other = new StringBuilder();
    private byte[] out = new byte[1024];
    private int from;
    private int to;

    /** Takes in {@code line[start..end)}. */
    void take(byte[] line, int start, int end) {
        // Each word may become five characters and a space.
        out = out.length >= 6 * (end - start) ? out : new byte[6 * (end - start)];
        to = 0;
        int at = start;
        while (at < end) {
            byte c = line[at];
            if (opens(c) && (at == start || !Ascii.is(line[at - 1], LETTER | DIGIT))) {
                int closing = closing(line, at, end);
                if (closing > 0) {
                    word(QUOTED);
                    at = closing + 1;
                    continue;
                }
            }
            if (Ascii.is(c, SEPARATES)) {
                at++;
                continue;
            }
            int stop = at + 1;
            while (stop < end && !Ascii.is(line[stop], SEPARATES) && !(opens(line[stop]) && assigns(line[stop - 1]))) {
                stop++;
            }
            trimmed(line, at, stop);
            at = stop;
        }
        from = 0;
        cutLabels();
    }

    private static boolean opens(byte c) {
        return c == '"' || c == '\'' || c == '`';
    }

    /** What stands before a quotation within a word. */
    private static boolean assigns(byte c) {
        return c == '=' || c == '(' || c == '[' || c == '{' || c == ':' || c == ',';
    }

    private static int closing(byte[] line, int opening, int end) {
        int last = Math.min(end - 1, opening + Normalizer.QUOTED_MAX);
        for (int at = opening + 1; at <= last; at++) {
            if (line[at] == line[opening]) {
                return at;
            }
        }
        return -1;
    }

    private void trimmed(byte[] line, int start, int end) {
        int first = start;
        int last = end;
        while (first < last && Ascii.is(line[first], AROUND)) {
            first++;
        }
        while (last > first && Ascii.is(line[last - 1], AROUND)) {
            last--;
        }
        int all = WORD | HEX;
        int any = 0;
        boolean marked = false;
        for (int at = first; at < last; at++) {
            int kind = Ascii.kind(line[at]);
            all &= kind;
            any |= kind;
            marked |= line[at] == 'x' && at > first && line[at - 1] == '0';
        }
        if (first == last) {
            return;
        }
        boolean digitFirst = Ascii.is(line[first], DIGIT);
        if ((all & WORD) == 0 || marked || digitFirst && (any & LETTER) != 0) {
            asEver(line, first, last);
        } else if (digitFirst && !contains(line, first, last, (byte) '_')) {
            word(NUMBER);
        } else if (digitFirst) {
            asEver(line, first, last);
        } else if ((any & DIGIT) == 0) {
            if (last - first > 3 || !Normalizer.isTimeWord(line, first, last)) {
                letters(line, first, last);
            }
        } else if ((all & HEX) != 0 && last - first >= Normalizer.HEX_MIN) {
            word(ID);
        } else {
            name(line, first, last);
        }
    }

    private static boolean contains(byte[] line, int first, int last, byte wanted) {
        for (int at = first; at < last; at++) {
            if (line[at] == wanted) {
                return true;
            }
        }
        return false;
    }

    /** By the way of all other text. */
    private void asEver(byte[] line, int first, int last) {
        other.setLength(0);
        Normalizer.word(other, new String(line, first, last - first, StandardCharsets.US_ASCII));
        if (!other.isEmpty()) {
            word(other.toString().getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void space() {
        if (to > 0) {
            out[to++] = ' ';
        }
    }

    private void word(byte[] word) {
        space();
        if (to + word.length > out.length) {
            out = Arrays.copyOf(out, 2 * (to + word.length));
        }
        System.arraycopy(word, 0, out, to, word.length);
        to += word.length;
    }

    private void letters(byte[] line, int first, int last) {
        space();
        for (int at = first; at < last; at++) {
            out[to++] = (byte) Ascii.lower(line[at]);
        }
    }

    /** A digit inside a name belongs to it; after {@code _} it is a counter. */
    private void name(byte[] line, int first, int last) {
        space();
        for (int at = first; at < last; at++) {
            if (Ascii.is(line[at], DIGIT) && line[at - 1] == '_') {
                System.arraycopy(NUMBER, 0, out, to, NUMBER.length);
                to += NUMBER.length;
                while (at + 1 < last && Ascii.is(line[at + 1], DIGIT)) {
                    at++;
                }
            } else {
                out[to++] = (byte) Ascii.lower(line[at]);
            }
        }
    }

    private void cutLabels() {
        for (boolean again = true; again; ) {
            again = false;
            for (byte[] label : LABELS) {
                if (to - from > label.length + 2 && startsWith(label)) {
                    from += label.length;
                    again = true;
                }
            }
        }
    }

    private boolean startsWith(byte[] label) {
        for (int i = 0; i < label.length; i++) {
            if (out[from + i] != label[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether nothing is left of the line. */
    boolean isEmpty() {
        return from == to;
    }

    /** A {@link Fingerprint#hash} that has seen some text, and now this line too. */
    long hash(long before) {
        long hash = before;
        for (int at = from; at < to; at++) {
            hash = Fingerprint.hashed(hash, out[at]);
        }
        return hash;
    }
}
