package ai.postdev.dragon.lake.syntax;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Where the lines of a UTF-8 text begin. Rows count from 0; only {@code \n} ends a line. */
final class Lines {
    private final byte[] utf8;
    private final int[] starts;
    private final int count;

    Lines(byte[] utf8) {
        this.utf8 = utf8;
        int[] found = new int[Math.max(16, utf8.length / 24)];
        int rows = 0;
        int start = 0;
        for (int i = 0; i < utf8.length; i++) {
            if (utf8[i] == '\n') {
                if (rows + 2 > found.length) {
                    found = Arrays.copyOf(found, found.length * 2);
                }
                found[rows++] = start;
                start = i + 1;
            }
        }
        if (start < utf8.length) {
            found[rows++] = start;
        }
        starts = found;
        count = rows;
    }

    byte[] utf8() {
        return utf8;
    }

    int count() {
        return count;
    }

    /** Offset of the first byte of a row; the length of the text for rows after the last. */
    int start(int row) {
        return row < count ? starts[row] : utf8.length;
    }

    /** Offset after the last byte of a row, its line break not counted. */
    int end(int row) {
        int next = start(row + 1);
        int end = row + 1 < count || (next > 0 && utf8[next - 1] == '\n') ? next - 1 : next;
        return end > starts[row] && utf8[end - 1] == '\r' ? end - 1 : end;
    }

    /** The row that holds the byte at {@code offset}. */
    int rowOf(int offset) {
        int at = Arrays.binarySearch(starts, 0, count, offset);
        return Math.max(0, at >= 0 ? at : -at - 2);
    }

    /** The row of a place, as editors count: the end of a text that ends with a line break is in a row of its own. */
    int rowAt(int offset) {
        boolean after = offset > 0 && offset == utf8.length && utf8[offset - 1] == '\n';
        return after ? count : rowOf(offset);
    }

    /** Whether a row has nothing but white space and control characters. */
    boolean isBlank(int row) {
        int end = start(row + 1);
        for (int i = starts[row]; i < end; i++) {
            if (utf8[i] > ' ' || utf8[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /** The text between two offsets. */
    String text(int from, int to) {
        return new String(utf8, from, to - from, StandardCharsets.UTF_8);
    }

    /** {@code offset}, or the next smaller one that cuts no character in two. */
    int characterStart(int offset) {
        int at = Math.min(offset, utf8.length);
        while (at > 0 && at < utf8.length && (utf8[at] & 0xc0) == 0x80) {
            at--;
        }
        return at;
    }

    /** The line of a definition, trimmed and cut to 200 characters; from the definition on if its line is longer. */
    String signature(int row, int definition) {
        int from = start(row);
        int to = end(row);
        if (to - from > 200 && definition > from && definition < to) {
            from = definition;
        }
        String line = text(from, characterStart(Math.min(to, from + 800))).strip();
        return line.length() <= 200 ? line : line.substring(0, Character.isHighSurrogate(line.charAt(199)) ? 199 : 200);
    }
}
