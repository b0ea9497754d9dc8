package ai.postdev.dragon.lake.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Takes identifiers apart: {@code parseHTTPHeader2} and {@code PARSE_HTTP_HEADER_2} both are parse, http, header, 2. */
final class IdentifierWords {
    private IdentifierWords() {}

    /** The words of a name in lower case; the name itself if it is one word. */
    static List<String> of(String name) {
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= name.length(); i++) {
            boolean end = i == name.length() || !Character.isLetterOrDigit(name.charAt(i));
            if (end || i > start && breaks(name, i)) {
                if (i > start) {
                    words.add(name.substring(start, i).toLowerCase(Locale.ROOT));
                }
                start = end ? i + 1 : i;
            }
        }
        return words;
    }

    private static boolean breaks(String name, int at) {
        char before = name.charAt(at - 1);
        char here = name.charAt(at);
        if (Character.isDigit(here) != Character.isDigit(before)) {
            return true;
        }
        if (!Character.isUpperCase(here)) {
            return false;
        }
        boolean lowerFollows = at + 1 < name.length() && Character.isLowerCase(name.charAt(at + 1));
        return !Character.isUpperCase(before) || lowerFollows;
    }
}
