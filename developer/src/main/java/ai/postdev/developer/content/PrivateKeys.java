package ai.postdev.developer.content;

import ai.postdev.developer.content.Redactor.Cut;
import java.nio.charset.StandardCharsets;

/** Finds private keys in PEM and OpenPGP armour, also inside string literals with escaped line breaks. */
final class PrivateKeys {
    private static final byte[] KEY = "PRIVATE KEY".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BEGIN = "-----BEGIN ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "-----END ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DASHES = "-----".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST = 16 << 10;
    private static final int HEADER = 64;

    /** A run of so many base64 characters tells a key from a mention of the header in program text. */
    private static final int RUN = 32;

    /** Quotes, plus signs and indentation between two lines of a key in program text. */
    private static final int APART = 48;

    private PrivateKeys() {}

    /** Finds the block whose header begins at {@code at}. */
    static boolean block(byte[] text, int at, Cut cut) {
        int header = Addresses.indexOf(text, KEY, at, Math.min(text.length, at + HEADER));
        if (header < 0 || Addresses.indexOf(text, new byte[] {'\n'}, at, header) >= 0) {
            return false;
        }
        int body = header + KEY.length;
        int next = Addresses.indexOf(text, BEGIN, body, Math.min(text.length, at + LONGEST));
        int limit = next >= 0 ? next : Math.min(text.length, at + LONGEST);
        int end = Addresses.indexOf(text, END, body, limit);
        if (end >= 0) {
            int tail = Addresses.indexOf(text, DASHES, end + END.length, Math.min(text.length, end + HEADER));
            int to = tail < 0 ? end + END.length : tail + DASHES.length;
            return lastRun(text, body, end) >= 0 && cut.set(at, to, "private-key");
        }
        int first = bodyAfterHeader(text, body, limit);
        int to = first < 0 ? -1 : lastRun(text, first, limit);
        return to >= 0 && cut.set(at, to, "private-key");
    }

    /** Where the key begins right after its header; -1 if something else follows, as in code that names the header. */
    private static int bodyAfterHeader(byte[] text, int from, int limit) {
        int at = from;
        while (at < limit && at - from < APART && (text[at] == '\\' || !CharacterSet.ALNUM.has(text[at]))) {
            at += text[at] == '\\' ? 2 : 1;
        }
        int end = at;
        while (end < limit && CharacterSet.KEY_BODY.has(text[end])) {
            end++;
        }
        return end - at >= RUN && CharacterSet.ALNUM.has(text[at]) ? at : -1;
    }

    /** Where the last of a series of long runs of base64 characters ends; -1 if there is none. */
    private static int lastRun(byte[] text, int from, int to) {
        int last = -1;
        int run = 0;
        for (int i = from; i < to && (last < 0 || i - last < APART + RUN); i++) {
            run = CharacterSet.KEY_BODY.has(text[i]) ? run + 1 : 0;
            if (run >= RUN) {
                last = i + 1;
            }
        }
        return last;
    }
}
