package ai.postdev.dragon.lake.code.ngram;

/**
 * Whether bytes are UTF-8. What is not is left out of the index: how a search reads such bytes is no matter of which
 * bytes they are, so that no gram could be asked for.
 */
final class Utf8Check {
    private Utf8Check() {}

    static boolean valid(byte[] text) {
        int at = 0;
        int end = text.length;
        while (at < end) {
            int b = text[at++];
            if (b >= 0) {
                continue;
            }
            int first = b & 0xFF;
            if (first < 0xC2 || first > 0xF4) {
                return false;
            }
            int more = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
            if (at + more > end) {
                return false;
            }
            // The second byte alone decides on overlong forms, surrogates and what is beyond the last code point.
            int second = text[at] & 0xFF;
            int least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
            int most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
            if (second < least || second > most) {
                return false;
            }
            for (int i = 1; i < more; i++) {
                if ((text[at + i] & 0xC0) != 0x80) {
                    return false;
                }
            }
            at += more;
        }
        return true;
    }
}
