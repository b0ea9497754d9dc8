package ai.postdev.dragon.lake.text;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A glob on project-relative paths, as git and ripgrep read them: {@code *} and {@code ?} stay within a name,
 * {@code **} crosses folders, {@code [a-z]} and {@code {a,b}} choose. A glob without {@code /} matches the file's name in
 * any folder; a glob that ends in {@code /} matches everything below.
 */
public final class PathGlob {
    private static final String SPECIAL = "\\.+()|^$@&~#<>\"{}[]*?";

    private final String glob;
    private final Pattern pattern;
    private final String automaton;

    private PathGlob(String glob, Pattern pattern, String automaton) {
        this.glob = glob;
        this.pattern = pattern;
        this.automaton = automaton;
    }

    /**
     * Reads a glob.
     *
     * @throws IllegalArgumentException if it is empty or a bracket is left open
     */
    public static PathGlob of(String glob) {
        String wanted = glob.startsWith("./") ? glob.substring(2) : glob.startsWith("/") ? glob.substring(1) : glob;
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException("the path glob '" + glob + "' is empty; give one like src/**/*.java");
        }
        String tail = wanted.endsWith("/") ? wanted + "**" : wanted;
        String body = translate(tail, glob);
        String expression = tail.indexOf('/') < 0 && !glob.startsWith("/") ? "(.*/)?" + body : body;
        try {
            return new PathGlob(glob, Pattern.compile(expression, Pattern.DOTALL), expression);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("the path glob '" + glob + "' cannot be read: " + e.getDescription(), e);
        }
    }

    /** Whether the whole path matches. */
    public boolean matches(String path) {
        return pattern.matcher(path).matches();
    }

    /** The same language as an expression of Lucene's automata. */
    String automatonPattern() {
        return automaton;
    }

    private static String translate(String glob, String original) {
        StringBuilder out = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            switch (c) {
                case '*' -> {
                    boolean twice = i + 1 < glob.length() && glob.charAt(i + 1) == '*';
                    boolean folder = twice && i + 2 < glob.length() && glob.charAt(i + 2) == '/';
                    out.append(folder ? "(.*/)?" : twice ? ".*" : "[^/]*");
                    i += folder ? 2 : twice ? 1 : 0;
                }
                case '?' -> out.append("[^/]");
                case '[' -> i = characterClass(glob, i, out, original);
                case '{' -> {
                    depth++;
                    out.append('(');
                }
                case '}' -> {
                    depth--;
                    out.append(')');
                }
                case ',' -> out.append(depth > 0 ? "|" : ",");
                case '\\' -> {
                    i = Math.min(i + 1, glob.length() - 1);
                    literal(glob.charAt(i), out);
                }
                default -> literal(c, out);
            }
        }
        if (depth != 0) {
            throw new IllegalArgumentException("the path glob '" + original + "' has a brace without its partner");
        }
        return out.toString();
    }

    private static int characterClass(String glob, int from, StringBuilder out, String original) {
        int close = glob.indexOf(']', from + 2);
        if (close < 0) {
            throw new IllegalArgumentException("the path glob '" + original + "' has a '[' without ']'");
        }
        String inside = glob.substring(from + 1, close);
        out.append('[')
                .append(inside.startsWith("!") ? "^" + inside.substring(1) : inside)
                .append(']');
        return close;
    }

    private static void literal(char c, StringBuilder out) {
        if (SPECIAL.indexOf(c) >= 0) {
            out.append('\\');
        }
        out.append(c);
    }

    @Override
    public String toString() {
        return glob;
    }
}
