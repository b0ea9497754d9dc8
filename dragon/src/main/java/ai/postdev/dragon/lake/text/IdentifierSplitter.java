package ai.postdev.dragon.lake.text;

/**
 * Splits an identifier at the places where people see words: {@code _} and {@code $}, lower to upper case, the last
 * capital of a run before a lower-case letter, and between letters and digits. {@code HTTPResponse2} has the parts
 * {@code HTTP}, {@code Response}, {@code 2}.
 *
 * <p>Works on UTF-8 bytes in place and keeps its part boundaries in a reused array: no allocation. Bytes of characters
 * beyond ASCII count as lower-case letters. One thread at a time.
 */
final class IdentifierSplitter {
    /** Parts beyond this number stay joined to the last one; longer identifiers are machine-made. */
    static final int PARTS_MAX = 16;

    private final int[] bounds = new int[2 * PARTS_MAX];
    private int parts;

    /** Splits {@code bytes[from, to)}; the result is read by {@link #parts}, {@link #start} and {@link #end}. */
    void split(byte[] bytes, int from, int to) {
        parts = 0;
        int start = -1;
        Kind previous = Kind.SEPARATOR;
        for (int i = from; i < to; i++) {
            Kind kind = Kind.of(bytes[i]);
            boolean boundary = kind != previous && !(previous == Kind.UPPER && kind == Kind.LOWER && i - start == 1);
            if (boundary && previous == Kind.UPPER && kind == Kind.LOWER) {
                // the last capital of a run belongs to the word that follows it
                add(start, i - 1);
                start = i - 1;
            } else if (boundary) {
                if (start >= 0) {
                    add(start, i);
                }
                start = kind == Kind.SEPARATOR ? -1 : i;
            }
            previous = kind;
        }
        if (start >= 0) {
            add(start, to);
        }
    }

    private void add(int start, int end) {
        if (parts < PARTS_MAX) {
            bounds[2 * parts] = start;
            bounds[2 * parts + 1] = end;
            parts++;
        } else {
            bounds[2 * parts - 1] = end;
        }
    }

    int parts() {
        return parts;
    }

    int start(int part) {
        return bounds[2 * part];
    }

    int end(int part) {
        return bounds[2 * part + 1];
    }

    private enum Kind {
        LOWER,
        UPPER,
        DIGIT,
        SEPARATOR;

        private static final Kind[] OF = new Kind[128];

        static {
            for (int b = 0; b < OF.length; b++) {
                OF[b] = b >= 'a' && b <= 'z'
                        ? LOWER
                        : b >= 'A' && b <= 'Z' ? UPPER : b >= '0' && b <= '9' ? DIGIT : SEPARATOR;
            }
        }

        static Kind of(byte b) {
            return b < 0 ? LOWER : OF[b];
        }
    }
}
