package ai.postdev.dragon.lake.code.pattern;

/** Steps through UTF-8 that is known to be valid; what is cut off at the end reads as U+FFFD. */
final class Utf8 {
    private static final int REPLACEMENT = 0xFFFD;

    /** Length of the byte order mark. */
    static final int MARK_BYTES = 3;

    private Utf8() {}

    /** Whether the text starts with a byte order mark. */
    static boolean startsWithMark(byte[] text) {
        return text.length >= MARK_BYTES && text[0] == (byte) 0xEF && text[1] == (byte) 0xBB && text[2] == (byte) 0xBF;
    }

    /** Length of the character that starts with this byte. */
    static int length(int first) {
        int b = first & 0xFF;
        return b < 0x80 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
    }

    static int decode(byte[] text, int at, int to) {
        int b = text[at] & 0xFF;
        if (b < 0x80) {
            return b;
        }
        if (at + length(b) > to) {
            return REPLACEMENT;
        }
        if (b < 0xE0) {
            return (b & 0x1F) << 6 | text[at + 1] & 0x3F;
        }
        if (b < 0xF0) {
            return (b & 0x0F) << 12 | (text[at + 1] & 0x3F) << 6 | text[at + 2] & 0x3F;
        }
        int codePoint =
                (b & 0x07) << 18 | (text[at + 1] & 0x3F) << 12 | (text[at + 2] & 0x3F) << 6 | text[at + 3] & 0x3F;
        return codePoint > Character.MAX_CODE_POINT ? REPLACEMENT : codePoint;
    }

    /** The start of the line that {@code within} lies in; a line feed belongs to the line it ends. */
    static int lineStart(byte[] text, int within) {
        int at = within;
        while (at > 0 && text[at - 1] != '\n') {
            at--;
        }
        return at;
    }

    /** The position of the first line feed at or after {@code from}; {@code to} if there is none before it. */
    static int lineEnd(byte[] text, int from, int to) {
        int at = from;
        while (at < to && text[at] != '\n') {
            at++;
        }
        return at;
    }
}
