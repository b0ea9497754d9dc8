package ai.postdev.dragon.lake.history;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of code and packages in a text: identifiers of several words. Two texts that share one do so on purpose. Pure. */
public final class CodeNames {
    /** camelCase, snake_case, kebab-case; no folders. */
    private static final Pattern NAME =
            Pattern.compile("\\b[A-Za-z][a-z0-9]*+(?:[A-Z][A-Za-z0-9]*+|[_-][A-Za-z][A-Za-z0-9]*+)+(?![\\w/\\\\])");

    private CodeNames() {}

    /** At most {@code max} names, in lower case, in the order of their first place. */
    public static Set<String> in(String text, int max) {
        Set<String> names = new LinkedHashSet<>();
        Matcher name = NAME.matcher(text);
        while (names.size() < max && name.find()) {
            names.add(name.group().toLowerCase(Locale.ROOT));
        }
        return names;
    }
}
