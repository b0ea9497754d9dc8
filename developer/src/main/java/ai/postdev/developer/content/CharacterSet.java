package ai.postdev.developer.content;

/** Sets of ASCII characters as two words of bits each: membership is a shift, without a branch. */
enum CharacterSet {
    DIGIT("0123456789"),
    HEX("0123456789abcdefABCDEF"),
    LETTER(letters()),
    UPPER_DIGIT("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"),
    ALNUM(letters() + "0123456789"),
    WORD(letters() + "0123456789_"),
    TOKEN(letters() + "0123456789_-"),
    TOKEN_DOT(letters() + "0123456789_-."),
    TOKEN_EQ(letters() + "0123456789_-="),
    BASE64(letters() + "0123456789+/=_-"),
    KEY_BODY(letters() + "0123456789+/="),
    /** Everything that may stand in a value without quotes. */
    BARE(letters() + "0123456789_-.+/=!@#$%^*~:?|");

    private final long low;
    private final long high;

    CharacterSet(String members) {
        long l = 0;
        long h = 0;
        for (char c : members.toCharArray()) {
            if (c < 64) {
                l |= 1L << c;
            } else {
                h |= 1L << c - 64;
            }
        }
        low = l;
        high = h;
    }

    boolean has(byte b) {
        return b >= 0 && ((b < 64 ? low >>> b : high >>> b - 64) & 1) != 0;
    }

    private static String letters() {
        return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    }
}
