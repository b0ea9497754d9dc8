package ai.postdev.developer.content;

import ai.postdev.developer.content.Redactor.Cut;

/** Finds passwords inside addresses: {@code scheme://user:password@host}. */
final class Addresses {
    private static final int LONGEST = 512;

    private Addresses() {}

    /** Finds the password of the address whose colon is at {@code at}. */
    static boolean password(byte[] text, int at, Cut cut) {
        if (at + 4 >= text.length
                || text[at + 1] != '/'
                || text[at + 2] != '/'
                || at == 0
                || !CharacterSet.ALNUM.has(text[at - 1])) {
            return false;
        }
        int from = at + 3;
        int limit = Math.min(text.length, from + LONGEST);
        int colon = -1;
        int sign = -1;
        int i = from;
        while (i < limit && text[i] > ' ' && "/\"'`<>?(),;\\".indexOf(text[i]) < 0) {
            if (text[i] == ':' && colon < 0) {
                colon = i;
            } else if (text[i] == '@') {
                sign = i;
            }
            i++;
        }
        if (sign < 0) {
            return false;
        }
        if (colon < 0 || colon > sign) {
            // A token alone in the user's place, as in https://TOKEN@host.
            return sign - from >= 20 && Values.isRandom(text, from, sign) && cut.set(from, sign, "url-token");
        }
        return sign - colon > 1
                && !Values.isPlaceholder(text, colon + 1, sign)
                && !isWord(text, colon + 1, sign)
                && cut.set(colon + 1, sign, "url-password");
    }

    /** Words that stand for a password in documentation. */
    private static boolean isWord(byte[] text, int from, int to) {
        return Values.equalsAny(
                        text, from, to, "password", "passwd", "pass", "pwd", "secret", "token", "pw", "x", "port")
                || Values.isPort(text, from, to);
    }

    static boolean at(byte[] text, int from, byte[] what) {
        if (from + what.length > text.length) {
            return false;
        }
        for (int i = 0; i < what.length; i++) {
            if (text[from + i] != what[i]) {
                return false;
            }
        }
        return true;
    }

    static int indexOf(byte[] text, byte[] what, int from, int to) {
        for (int i = from; i + what.length <= to; i++) {
            if (text[i] == what[0] && at(text, i, what)) {
                return i;
            }
        }
        return -1;
    }
}
