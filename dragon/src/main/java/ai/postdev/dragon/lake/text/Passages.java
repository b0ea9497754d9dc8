package ai.postdev.dragon.lake.text;

import java.util.function.Consumer;

/**
 * Cuts a text into passages of whole lines, the unit of ranking: short enough that a match says where, long enough to
 * hold one function. A passage ends at a blank line or at a line that starts at the margin, once it is long enough, and
 * after {@value #BYTES_MAX} bytes or {@value #LINES_MAX} lines in any case. Needs no parser, so that text is searchable
 * before its syntax is known.
 */
public final class Passages {
    /** From this length on a passage ends at the next good place. */
    static final int BYTES_WANTED = 1_200;

    /** No passage has more bytes, unless it is one line. */
    static final int BYTES_MAX = 2_400;

    /** No passage has more lines. */
    static final int LINES_MAX = 80;

    private Passages() {}

    /**
     * Lines {@code startLine} to {@code endLine} (1-based, inclusive), bytes {@code [startByte, endByte)}.
     *
     * @param startLine 1-based
     * @param endLine inclusive
     */
    public record Passage(int startLine, int endLine, int startByte, int endByte) {}

    /** Hands every passage of {@code text} to {@code sink}, in order; passages of blank lines only are left out. */
    static void cut(byte[] text, Consumer<Passage> sink) {
        cut(text, text.length, sink);
    }

    /** The same of the first {@code length} bytes of {@code text}. */
    public static void cut(byte[] text, int length, Consumer<Passage> sink) {
        int startByte = 0;
        int startLine = 1;
        int line = 1;
        boolean written = false;
        for (int at = 0; at < length; line++) {
            int eol = endOfLine(text, length, at);
            boolean blank = isBlank(text, at, eol);
            boolean margin = !blank && text[at] != ' ' && text[at] != '\t' && text[at] != '}' && text[at] != ')';
            int taken = at - startByte;
            boolean full = taken + (eol - at) > BYTES_MAX || line - startLine >= LINES_MAX;
            if (at > startByte && (full || taken >= BYTES_WANTED && (blank || margin))) {
                if (written) {
                    sink.accept(new Passage(startLine, line - 1, startByte, at));
                }
                startByte = at;
                startLine = line;
                written = false;
            }
            written |= !blank;
            at = eol;
        }
        if (written) {
            sink.accept(new Passage(startLine, line - 1, startByte, length));
        }
    }

    private static int endOfLine(byte[] text, int length, int from) {
        int at = from;
        while (at < length && text[at] != '\n') {
            at++;
        }
        return Math.min(at + 1, length);
    }

    private static boolean isBlank(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text[i] > ' ' || text[i] < 0) {
                return false;
            }
        }
        return true;
    }
}
