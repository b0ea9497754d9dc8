package ai.postdev.actors.op;

/** What ids are made of. Every operation that is read names three or four, so none of them is worth a pattern. */
final class Ids {
    private Ids() {}

    /** Whether an id has 1 to {@code max} characters, all of them {@code [0-9a-z-]}. */
    static boolean isOne(String value, int max) {
        if (value.isEmpty() || value.length() > max) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'z') && c != '-') {
                return false;
            }
        }
        return true;
    }
}
