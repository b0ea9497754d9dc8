package ai.postdev.developer.content;

import ai.postdev.developer.content.Redactor.Cut;
import java.nio.charset.StandardCharsets;

/** Tokens whose form is more than a beginning and a character set: JSON web tokens, web hooks, headers and so on. */
final class OtherTokens {
    private static final byte[] JWT = ascii("eyJ");
    private static final byte[] SLACK_HOOK = ascii("hooks.slack.com/services/");
    private static final byte[] DISCORD = ascii("discord.com/api/webhooks/");
    private static final byte[] DISCORD_OLD = ascii("discordapp.com/api/webhooks/");
    private static final byte[] BEARER = ascii("Bearer ");
    private static final byte[] BASIC = ascii("Basic ");
    private static final byte[] PUTTY = ascii("Private-Lines: ");
    private static final byte[] IDENTIFIED = ascii("IDENTIFIED BY '");
    private static final byte[] ATLAS = ascii(".atlasv1.");

    private OtherTokens() {}

    /** Finds the token that begins with the word at {@code at}. */
    static boolean find(byte[] text, int at, Cut cut) {
        return switch (text[at]) {
            case 'e' -> Addresses.at(text, at, JWT) && jwt(text, at, cut) || shaped(text, at, cut);
            case 'h' ->
                Addresses.at(text, at, SLACK_HOOK)
                                && after(text, at + SLACK_HOOK.length, CharacterSet.BASE64, 20, "slack-webhook", cut)
                        || shaped(text, at, cut);
            case 'd' ->
                Addresses.at(text, at, DISCORD)
                                && after(text, at + DISCORD.length, CharacterSet.BASE64, 30, "discord-webhook", cut)
                        || Addresses.at(text, at, DISCORD_OLD)
                                && after(text, at + DISCORD_OLD.length, CharacterSet.BASE64, 30, "discord-webhook", cut)
                        || shaped(text, at, cut);
            case 'B', 'b' -> header(text, at, cut) || shaped(text, at, cut);
            case 'P' -> Addresses.at(text, at, PUTTY) && putty(text, at, cut) || shaped(text, at, cut);
            case 'I', 'i' -> identified(text, at, cut) || shaped(text, at, cut);
            case 'p' -> airtable(text, at, cut) || shaped(text, at, cut);
            case 'M', 'N', 'O' -> discordBot(text, at, cut) || shaped(text, at, cut);
            default -> shaped(text, at, cut);
        };
    }

    /** Forms with their mark in the middle: Azure client secrets, Telegram bots, Mailchimp keys, Terraform Cloud. */
    private static boolean shaped(byte[] text, int at, Cut cut) {
        if (at + 34 > text.length) {
            return false;
        }
        if (text[at + 5] == '~' && text[at + 4] == 'Q' && CharacterSet.DIGIT.has(text[at + 3])) {
            int end = run(text, at + 6, TILDE);
            return end - at >= 34 && end - at <= 44 && cut.set(at, end, "azure-client-secret");
        }
        if (text[at + 14] == '.' && Addresses.at(text, at + 14, ATLAS)) {
            return after(text, at, CharacterSet.TOKEN_DOT, 60, "terraform-token", cut);
        }
        if (CharacterSet.DIGIT.has(text[at])) {
            int end = run(text, at, CharacterSet.DIGIT);
            if (end - at >= 8 && end - at <= 10 && end + 35 < text.length && text[end] == ':' && text[end + 1] == 'A') {
                int last = run(text, end + 1, CharacterSet.TOKEN);
                return last - end - 1 == 35 && cut.set(at, last, "telegram-token");
            }
        }
        if (CharacterSet.HEX.has(text[at])
                && at + 36 < text.length
                && text[at + 32] == '-'
                && text[at + 33] == 'u'
                && text[at + 34] == 's'
                && run(text, at, CharacterSet.HEX) == at + 32) {
            int end = run(text, at + 35, CharacterSet.DIGIT);
            return end > at + 35 && cut.set(at, end, "mailchimp-key");
        }
        return false;
    }

    private static final CharacterSet TILDE = CharacterSet.BARE;

    /** Header, payload and often a signature, each base64url of what begins with {@code {"}. */
    private static boolean jwt(byte[] text, int at, Cut cut) {
        int first = run(text, at, CharacterSet.TOKEN);
        if (first - at < 12 || first + 4 > text.length || text[first] != '.') {
            return false;
        }
        int second = run(text, first + 1, CharacterSet.TOKEN);
        if (second - first < 12 || text[first + 1] != 'e') {
            return false;
        }
        int end = second < text.length && text[second] == '.' ? run(text, second + 1, CharacterSet.TOKEN_EQ) : second;
        return cut.set(at, end, "jwt");
    }

    private static boolean header(byte[] text, int at, Cut cut) {
        if (startsWith(text, at, BEARER)) {
            int from = at + BEARER.length;
            int end = run(text, from, CharacterSet.BARE);
            return end - from >= 16
                    && !Values.isPlaceholder(text, from, end)
                    && Values.isRandom(text, from, end)
                    && cut.set(from, end, "bearer-token");
        }
        if (startsWith(text, at, BASIC)) {
            int from = at + BASIC.length;
            int end = run(text, from, CharacterSet.BASE64);
            return end - from >= 12
                    && (Values.isRandom(text, from, end) || end - from >= 12 && text[end - 1] == '=')
                    && cut.set(from, end, "basic-auth");
        }
        return false;
    }

    private static boolean putty(byte[] text, int at, Cut cut) {
        int digits = run(text, at + PUTTY.length, CharacterSet.DIGIT);
        int from = digits;
        while (from < text.length && text[from] <= ' ' && text[from] >= 0) {
            from++;
        }
        int end = from;
        int last = from;
        while (end < text.length && (CharacterSet.KEY_BODY.has(text[end]) || text[end] == '\n' || text[end] == '\r')) {
            end++;
            last = CharacterSet.KEY_BODY.has(text[end - 1]) ? end : last;
        }
        // The line after the key begins with a word and a colon; leave its word.
        while (last < text.length && last > from && text[last] == '-') {
            last = lineBefore(text, from, last);
        }
        return last - from >= 40 && cut.set(from, last, "private-key");
    }

    private static int lineBefore(byte[] text, int from, int end) {
        int at = end;
        while (at > from && text[at - 1] != '\n') {
            at--;
        }
        return at > from ? at - 1 : from;
    }

    private static boolean identified(byte[] text, int at, Cut cut) {
        if (!startsWith(text, at, IDENTIFIED)) {
            return false;
        }
        int from = at + IDENTIFIED.length;
        int end = from;
        while (end < text.length && text[end] != '\'' && text[end] != '\n') {
            end++;
        }
        return end - from >= 4
                && end < text.length
                && text[end] == '\''
                && !Values.isPlaceholder(text, from, end)
                && cut.set(from, end, "password");
    }

    private static boolean airtable(byte[] text, int at, Cut cut) {
        if (at + 82 > text.length || text[at + 1] != 'a' || text[at + 2] != 't' || text[at + 17] != '.') {
            return false;
        }
        int end = run(text, at + 18, CharacterSet.HEX);
        return end == at + 82 && cut.set(at, end, "airtable-token");
    }

    private static boolean discordBot(byte[] text, int at, Cut cut) {
        int first = run(text, at, CharacterSet.TOKEN);
        if (first - at < 23
                || first - at > 28
                || first + 8 > text.length
                || text[first] != '.'
                || text[first + 7] != '.') {
            return false;
        }
        int end = run(text, first + 8, CharacterSet.TOKEN);
        return end - first - 8 >= 27 && end - first - 8 <= 40 && cut.set(at, end, "discord-token");
    }

    private static boolean after(byte[] text, int from, CharacterSet set, int least, String kind, Cut cut) {
        int end = run(text, from, set);
        return end - from >= least && cut.set(from, end, kind);
    }

    private static int run(byte[] text, int from, CharacterSet set) {
        int at = from;
        int limit = Math.min(text.length, from + 8192);
        while (at < limit && set.has(text[at])) {
            at++;
        }
        return at;
    }

    private static boolean startsWith(byte[] text, int at, byte[] what) {
        if (at + what.length > text.length) {
            return false;
        }
        for (int i = 0; i < what.length; i++) {
            int expected = what[i];
            int found = text[at + i];
            if (found != expected && (!CharacterSet.LETTER.has((byte) found) || (found | 0x20) != (expected | 0x20))) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
