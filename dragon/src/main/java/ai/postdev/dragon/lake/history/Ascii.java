package ai.postdev.dragon.lake.history;

/** What the characters of plain text are, by their byte. */
final class Ascii {
    static final int LETTER = 1;
    static final int UPPER = 2;
    static final int DIGIT = 4;
    /** Of words: a letter, a digit, or {@code _}. */
    static final int WORD = 8;
    /** Of hexadecimal numbers. */
    static final int HEX = 16;
    /** Stands between words for {@link Normalizer}. */
    static final int SEPARATES = 32;
    /** Stands around words for {@link Normalizer}, and is none of them. */
    static final int AROUND = 64;
    /** Printable, a tab, or the end of a line: all that plain text has. */
    static final int PLAIN = 128;

    private static final int[] KINDS = new int[1 << Byte.SIZE];

    static {
        for (char c = 0; c < 128; c++) {
            KINDS[c] = (Character.isLetter(c) ? LETTER | WORD : 0)
                    | (Character.isUpperCase(c) ? UPPER : 0)
                    | (Character.isDigit(c) ? DIGIT | WORD : 0)
                    | (c == '_' ? WORD : 0)
                    | (Character.digit(c, 16) >= 0 ? HEX : 0)
                    | (Normalizer.separates(c) ? SEPARATES : 0)
                    | (Normalizer.AROUND.indexOf(c) >= 0 ? AROUND : 0)
                    | (c >= ' ' && c <= '~' || c == '\t' || c == '\n' || c == '\r' ? PLAIN : 0);
        }
    }

    private Ascii() {}

    /** What a byte is: these bits; none if it is no character by itself. */
    static int kind(byte b) {
        return KINDS[b & 0xFF];
    }

    /** Whether a byte is one of these. */
    static boolean is(byte b, int kinds) {
        return (KINDS[b & 0xFF] & kinds) != 0;
    }

    /** A letter in lower case; every other byte stays. */
    static int lower(byte b) {
        return (KINDS[b & 0xFF] & UPPER) != 0 ? b | 0x20 : b;
    }
}
