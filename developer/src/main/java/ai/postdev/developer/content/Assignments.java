package ai.postdev.developer.content;

import ai.postdev.developer.content.Redactor.Cut;

/**
 * Finds secrets by the name that they are given: {@code password = "…"}, {@code "apiKey": "…"},
 * {@code DB_PASSWORD=…}, {@code setToken("…")}, {@code <password>…</password>}, {@code --password …},
 * {@code Server=…;Password=…}. How much a value must look like a secret depends on how sure the name is.
 */
final class Assignments {
    /** How sure a name is; the weaker, the more random its value must look. */
    private enum Name {
        /** A person may have chosen the value. */
        PASSWORD("password"),
        /** A machine made the value, mostly. */
        TOKEN("secret"),
        /** Most such values are no secrets at all: keys of maps, of caches, of translations. */
        KEY("key");

        private final String kind;

        Name(String kind) {
            this.kind = kind;
        }
    }

    private static final int MOST_BLANKS = 32;
    private static final int MOST_TYPE = 48;
    private static final int MOST_VALUE = 512;
    private static final int MOST_BEFORE = 80;

    private Assignments() {}

    /** Finds the secret that is given to the name at {@code start} to {@code end}. */
    static boolean find(byte[] text, int start, int end, Cut cut) {
        int last = end;
        while (last > start && end - last < 2 && CharacterSet.DIGIT.has(text[last - 1])) {
            last--;
        }
        if (last - start < 3 || isReplacement(text, start, end)) {
            return false;
        }
        Name name = name(text, start, last);
        return name != null && value(text, start, end, name, cut);
    }

    private static Name name(byte[] text, int start, int end) {
        return switch ((text[end - 3] | 0x20) << 16 | (text[end - 2] | 0x20) << 8 | text[end - 1] | 0x20) {
            case 'o' << 16 | 'r' << 8 | 'd' -> ends(text, end, Name.PASSWORD, "password");
            case 's' << 16 | 'w' << 8 | 'd' -> ends(text, end, Name.PASSWORD, "passwd");
            case 'p' << 16 | 'w' << 8 | 'd' -> ends(text, end, Name.PASSWORD, "pwd");
            case 'a' << 16 | 's' << 8 | 'e' ->
                Values.endsWithName(text, end, "keybase") ? Name.TOKEN : ends(text, end, Name.PASSWORD, "passphrase");
            case 'o' << 16 | 'd' << 8 | 'e' -> ends(text, end, Name.PASSWORD, "passcode");
            case 'a' << 16 | 's' << 8 | 's' -> shortPass(text, start, end) ? Name.PASSWORD : null;
            case 'r' << 16 | 'e' << 8 | 't' -> ends(text, end, Name.TOKEN, "secret");
            case 'k' << 16 | 'e' << 8 | 'n' -> ends(text, end, Name.TOKEN, "token");
            case 'i' << 16 | 'a' << 8 | 'l' -> ends(text, end, Name.TOKEN, "credential");
            case 'a' << 16 | 'l' << 8 | 's' -> ends(text, end, Name.TOKEN, "credentials");
            case 'u' << 16 | 't' << 8 | 'h' -> ends(text, end, Name.KEY, "auth");
            case 's' << 16 | 'i' << 8 | 'g' -> end - start == 3 ? Name.KEY : null;
            case 'k' << 16 | 'e' << 8 | 'y' -> {
                Name sure = ends(
                        text,
                        end,
                        Name.TOKEN,
                        "apikey",
                        "secretkey",
                        "accesskey",
                        "privatekey",
                        "authkey",
                        "accountkey",
                        "encryptionkey",
                        "signingkey",
                        "masterkey",
                        "sharedkey",
                        "subscriptionkey",
                        "clientkey",
                        "servicekey",
                        "securitykey",
                        "storagekey",
                        "licensekey",
                        "hmackey");
                yield sure == null ? Name.KEY : sure;
            }
            default -> null;
        };
    }

    private static Name ends(byte[] text, int end, Name name, String... words) {
        for (String word : words) {
            if (Values.endsWithName(text, end, word)) {
                return name;
            }
        }
        return null;
    }

    /** {@code DB_PASS}, {@code dbPass}, {@code smtp-pass}; not {@code compass} and not the statement {@code pass}. */
    private static boolean shortPass(byte[] text, int start, int end) {
        if (!Values.endsWithName(text, end, "pass")) {
            return false;
        }
        int at = end - 4;
        byte before = at > 0 ? text[at - 1] : (byte) ' ';
        return at == start
                ? before == '-' || before == '"' || before == '\''
                : before == '_' || text[at] == 'P' && before >= 'a' && before <= 'z';
    }

    private static boolean value(byte[] text, int start, int end, Name name, Cut cut) {
        int at = end;
        boolean nameQuoted = false;
        if (is(text, at, '\\')) {
            at++;
        }
        if (isQuote(text, at)) {
            nameQuoted = true;
            at++;
        }
        at += is(text, at, ']') ? 1 : 0;
        int blanks = blanks(text, at);
        at += blanks;
        if (at >= text.length) {
            return false;
        }
        switch (text[at]) {
            case '=' -> {
                at++;
                while (is(text, at, '=') || is(text, at, '>')) {
                    at++;
                }
                return assigned(text, start, at, name, '=', blanks > 0, cut);
            }
            case '?', ':' -> {
                at += text[at] == '?' ? 2 : 1;
                if (is(text, at, ':')) {
                    return false;
                }
                at += is(text, at, '=') ? 1 : 0;
                return assigned(text, start, at, name, ':', true, cut);
            }
            case '(' -> {
                return quoted(text, at + 1, name, cut);
            }
            case ',' -> {
                return nameQuoted && quoted(text, at + 1, name, cut);
            }
            case '>' -> {
                return element(text, at + 1, name, cut);
            }
            case '"', '\'' -> {
                return blanks > 0 && !nameQuoted && quoted(text, at, Name.TOKEN, cut);
            }
            default -> {
                if (nameQuoted && blanks > 0 && isValueAttribute(text, at)) {
                    return quoted(text, at + 6, name, cut);
                }
                return blanks == 1 && isOption(text, start) && bare(text, at, name, true, true, cut);
            }
        }
    }

    private static boolean assigned(
            byte[] text, int start, int from, Name name, char separator, boolean spaced, Cut cut) {
        int at = from + blanks(text, from);
        if (at >= text.length) {
            return false;
        }
        if (quoted(text, at, name, cut)) {
            return true;
        }
        if (separator == ':') {
            int typed = afterType(text, at);
            if (typed > 0) {
                return quoted(text, typed, name, cut);
            }
        }
        if (at == from && isOption(text, start)) {
            return bare(text, at, name, true, true, cut);
        }
        int context = context(text, start);
        if (context == 0 || context == 2 && at > from) {
            return false;
        }
        boolean capitals = text[start] >= 'A' && text[start] <= 'Z';
        boolean config = context == 2 || separator == ':' || !spaced && at == from || capitals;
        return bare(text, at, name, context == 2, config, cut);
    }

    /** {@code : &str = "…"}: where the value begins after a type and an equals sign; -1 if there is no type. */
    private static int afterType(byte[] text, int from) {
        int limit = Math.min(text.length, from + MOST_TYPE);
        for (int i = from; i < limit; i++) {
            if (text[i] == '=') {
                return is(text, i + 1, '=') || is(text, i + 1, '>') ? -1 : i + 1 + blanks(text, i + 1);
            }
            if (!CharacterSet.WORD.has(text[i]) && " <>[]|&?*'.".indexOf(text[i]) < 0) {
                return -1;
            }
        }
        return -1;
    }

    private static boolean quoted(byte[] text, int from, Name name, Cut cut) {
        int at = from + blanks(text, from);
        for (int prefix = 0; prefix < 2 && at + 1 < text.length && "fFrRbBuU@$L".indexOf(text[at]) >= 0; prefix++) {
            at++;
        }
        if (is(text, at, '\\')) {
            at++;
        }
        if (!isQuote(text, at)) {
            return false;
        }
        byte quote = text[at];
        int value = at + 1;
        int limit = Math.min(text.length, value + MOST_VALUE);
        int end = value;
        while (end < limit && text[end] != quote && text[end] != '\n') {
            if (text[end] == '\\' && end + 1 < limit) {
                if (text[end + 1] == quote) {
                    break;
                }
                end++;
            }
            end++;
        }
        return end < text.length
                && end < limit
                && text[end] != '\n'
                && end > value
                && judge(text, value, end, name, false)
                && cut.set(value, end, name.kind);
    }

    private static boolean element(byte[] text, int from, Name name, Cut cut) {
        int end = from;
        int limit = Math.min(text.length, from + MOST_VALUE);
        while (end < limit && text[end] != '<' && text[end] > ' ') {
            end++;
        }
        return end + 1 < text.length
                && end > from
                && text[end] == '<'
                && text[end + 1] == '/'
                && judge(text, from, end, name, false)
                && cut.set(from, end, name.kind);
    }

    /**
     * A value without quotes.
     *
     * @param inner whether it stands inside a longer string, so that something may follow it
     * @param config whether this looks like a file of settings rather than like program text
     */
    private static boolean bare(byte[] text, int from, Name name, boolean inner, boolean config, Cut cut) {
        int end = from;
        int limit = Math.min(text.length, from + MOST_VALUE);
        while (end < limit && CharacterSet.BARE.has(text[end]) && (!inner || text[end] != '&')) {
            end++;
        }
        if (end - from < 5 || end == limit && limit < text.length || !inner && !endsLine(text, end)) {
            return false;
        }
        if (end < text.length && (text[end] == '(' || text[end] == '[' || text[end] == '{')) {
            return false;
        }
        boolean like = Values.isName(text, from, end);
        if (like && (!config || Values.isType(text, from, end) || name != Name.PASSWORD)) {
            return false;
        }
        return judge(text, from, end, name, true) && cut.set(from, end, name.kind);
    }

    private static boolean judge(byte[] text, int from, int to, Name name, boolean bare) {
        if (Values.isPlaceholder(text, from, to)) {
            return false;
        }
        return switch (name) {
            case PASSWORD -> Values.isPassword(text, from, to);
            case TOKEN ->
                Values.isRandom(text, from, to)
                        || !bare
                                && to - from >= 10
                                && !Values.isName(text, from, to)
                                && Values.isPassword(text, from, to)
                                && !Values.isSentence(text, from, to);
            case KEY -> to - from >= 24 && Values.isRandom(text, from, to);
        };
    }

    /** 0: in the middle of program text; 1: first on its line; 2: a parameter inside a string or address. */
    private static int context(byte[] text, int start) {
        int at = start;
        int limit = Math.max(0, start - MOST_BEFORE);
        while (at > limit
                && (CharacterSet.TOKEN_DOT.has(text[at - 1]) || isQuote(text, at - 1) && text[at - 1] != '`')) {
            at--;
        }
        if (at > 0 && (text[at - 1] == ';' || text[at - 1] == '?' || text[at - 1] == '&')) {
            return 2;
        }
        int word = at;
        while (at > limit && (text[at - 1] == ' ' || text[at - 1] == '\t')) {
            at--;
        }
        if (at == 0 || text[at - 1] == '\n') {
            return 1;
        }
        boolean apart = at < word;
        if (apart && (text[at - 1] == ';' || text[at - 1] == '-')) {
            return text[at - 1] == ';' ? 2 : 1;
        }
        return apart
                        && (Values.endsWithName(text, at, "export")
                                || Values.endsWithName(text, at, "env")
                                || Values.endsWithName(text, at, "arg")
                                || Values.endsWithName(text, at, "set"))
                ? 1
                : 0;
    }

    /** Whether the word is the end of {@code [redacted:kind]}. */
    private static boolean isReplacement(byte[] text, int start, int end) {
        if (!is(text, end, ']')) {
            return false;
        }
        int at = start;
        while (at > 0 && CharacterSet.TOKEN.has(text[at - 1]) && start - at < MOST_BEFORE) {
            at--;
        }
        return at > 9 && text[at - 1] == ':' && Values.endsWithName(text, at - 1, "redacted");
    }

    private static boolean isOption(byte[] text, int start) {
        int at = start;
        while (at > 0 && CharacterSet.TOKEN.has(text[at - 1]) && start - at < MOST_BEFORE) {
            at--;
        }
        return is(text, at, '-') && is(text, at + 1, '-') && at + 2 <= start;
    }

    /** After {@code name="password"}: {@code value="…"}. */
    private static boolean isValueAttribute(byte[] text, int at) {
        return at + 6 < text.length && Values.equalsAny(text, at, at + 6, "value=");
    }

    private static boolean endsLine(byte[] text, int at) {
        int end = at + blanks(text, at);
        return end >= text.length
                || text[end] == '\n'
                || text[end] == '\r'
                || end > at && text[end] == '#'
                || text[end] == ';' && !is(text, end + 1, ' ')
                || text[end] == '&' && is(text, end + 1, '&');
    }

    private static int blanks(byte[] text, int from) {
        int at = from;
        int limit = Math.min(text.length, from + MOST_BLANKS);
        while (at < limit && (text[at] == ' ' || text[at] == '\t')) {
            at++;
        }
        return at - from;
    }

    private static boolean isQuote(byte[] text, int at) {
        return at < text.length && (text[at] == '"' || text[at] == '\'' || text[at] == '`');
    }

    private static boolean is(byte[] text, int at, char c) {
        return at < text.length && text[at] == c;
    }
}
