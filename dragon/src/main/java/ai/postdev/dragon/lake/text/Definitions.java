package ai.postdev.dragon.lake.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds the names that a text defines by the look of its lines, in any language and without a parser: the first
 * identifier after a defining keyword ({@code class}, {@code fn}, {@code def}, …), the one before the parenthesis on a
 * line that starts with a modifier ({@code public}, {@code static}, …), or the target of {@code x.name = function}. It
 * serves text whose syntax is not known yet and languages without a grammar; where the parser has spoken, its symbols
 * are used instead.
 */
public final class Definitions {
    /** Lines longer than this are data, not definitions. */
    static final int LINE_BYTES_MAX = 400;

    private static final Set<String> TYPE_KEYWORDS = Set.of(
            "class",
            "interface",
            "enum",
            "record",
            "struct",
            "trait",
            "module",
            "namespace",
            "object",
            "protocol",
            "union",
            "typedef",
            "type",
            "mod",
            "defmodule",
            "extension",
            "actor");
    private static final Set<String> FUNCTION_KEYWORDS =
            Set.of("def", "func", "function", "fn", "fun", "macro_rules", "defp", "sub", "proc", "macro", "define");
    private static final Set<String> MODIFIERS = Set.of(
            "public",
            "private",
            "protected",
            "static",
            "final",
            "abstract",
            "async",
            "export",
            "default",
            "pub",
            "const",
            "override",
            "virtual",
            "inline",
            "extern",
            "unsafe",
            "synchronized",
            "native",
            "open",
            "internal",
            "sealed",
            "data",
            "local",
            "declare",
            "readonly",
            "suspend",
            "operator",
            "strictfp",
            "constexpr",
            "let",
            "var",
            "val",
            "partial");

    /** For each first letter a bit for each length of the keywords that begin with it. */
    private static final int[] KEYWORD_LENGTHS = new int[26];

    static {
        for (Set<String> keywords : List.of(TYPE_KEYWORDS, FUNCTION_KEYWORDS, MODIFIERS)) {
            keywords.forEach(keyword -> KEYWORD_LENGTHS[keyword.charAt(0) - 'a'] |= 1 << keyword.length());
        }
    }

    private Definitions() {}

    /**
     * A name and where it is defined.
     *
     * @param name as written
     * @param line 1-based
     * @param type whether it names a type or module rather than a function or value
     */
    public record Definition(String name, int line, boolean type) {}

    /** The definitions in lines of {@code text[from, to)}; {@code from} is the start of line {@code firstLine}. */
    public static List<Definition> in(byte[] text, int from, int to, int firstLine) {
        List<Definition> found = new ArrayList<>();
        int line = firstLine;
        for (int at = from; at < to; line++) {
            int eol = at;
            while (eol < to && text[eol] != '\n') {
                eol++;
            }
            if (eol - at <= LINE_BYTES_MAX) {
                Definition definition = ofLine(text, at, eol, line);
                if (definition != null) {
                    found.add(definition);
                }
            }
            at = eol + 1;
        }
        return found;
    }

    private static Definition ofLine(byte[] text, int from, int to, int line) {
        int at = skipBlanks(text, from, to);
        if (at == to || !isStart(text[at])) {
            return null; // comments, closing brackets, annotations, strings
        }
        boolean modified = false;
        int words = 0;
        while (at < to && words < 8) {
            int end = wordEnd(text, at, to);
            if (end == at) {
                return modified ? memberAt(text, at, to, line) : null; // generics before a member's type
            }
            String word = mayBeKeyword(text[at], end - at) ? ascii(text, at, end) : "";
            int next = skipBlanks(text, end, to);
            if (TYPE_KEYWORDS.contains(word) && next > end && next < to && isStart(text[next])) {
                return nameAt(text, next, to, line, true);
            }
            boolean named = next < to && (isStart(text[next]) || text[next] == '(' || text[next] == '!');
            if (FUNCTION_KEYWORDS.contains(word) && named && (next > end || text[next] == '!')) {
                return functionAt(text, next, to, line);
            }
            if (!MODIFIERS.contains(word)) {
                return modified ? memberAt(text, at, to, line) : assignedFunction(text, at, to, line);
            }
            modified = true;
            words++;
            at = next;
            if (at < to && text[at] == '(' && at > from) {
                int close = indexOf(text, at, to, ')'); // pub(crate)
                at = close < 0 ? to : skipBlanks(text, close + 1, to);
            }
        }
        return null;
    }

    private static Definition nameAt(byte[] text, int from, int to, int line, boolean type) {
        int end = wordEnd(text, from, to);
        return end == from || !isStart(text[from]) ? null : new Definition(ascii(text, from, end), line, type);
    }

    /** Most lines start with no keyword: then no string is made. */
    private static boolean mayBeKeyword(byte first, int length) {
        return first >= 'a'
                && first <= 'z'
                && length < Integer.SIZE
                && (KEYWORD_LENGTHS[first - 'a'] & 1 << length) != 0;
    }

    /** After {@code func}: a receiver in parentheses may come first; after {@code macro_rules}: an exclamation mark. */
    private static Definition functionAt(byte[] text, int from, int to, int line) {
        int at = from;
        if (at < to && text[at] == '!') {
            at = skipBlanks(text, at + 1, to);
        }
        if (at < to && text[at] == '(') {
            int close = indexOf(text, at, to, ')');
            at = close < 0 ? to : skipBlanks(text, close + 1, to);
        }
        return nameAt(text, at, to, line, false);
    }

    /** {@code public static <T> Foo<T> name(} or {@code private final int name =}. */
    private static Definition memberAt(byte[] text, int from, int to, int line) {
        int stop = from;
        while (stop < to && text[stop] != '(' && text[stop] != '=' && text[stop] != ';' && text[stop] != '{') {
            stop++;
        }
        int end = stop;
        while (end > from && text[end - 1] <= ' ') {
            end--;
        }
        int start = end;
        while (start > from && isWord(text[start - 1])) {
            start--;
        }
        return start == end || !isStart(text[start]) ? null : new Definition(ascii(text, start, end), line, false);
    }

    /** {@code res.send = function send(}, {@code exports.name = (a) =>}. */
    private static Definition assignedFunction(byte[] text, int from, int to, int line) {
        int at = from;
        int start = from;
        while (at < to && (isWord(text[at]) || text[at] == '.')) {
            if (text[at] == '.') {
                start = at + 1;
            }
            at++;
        }
        int end = at;
        at = skipBlanks(text, at, to);
        if (end == start || at >= to || text[at] != '=' || at + 1 < to && text[at + 1] == '=') {
            return null;
        }
        boolean constant = start == from && indentOf(text, from) == 0;
        String right = constant ? "" : ascii(text, at + 1, to);
        boolean function = right.contains("function") || right.contains("=>") || right.contains("lambda ");
        return function || constant ? new Definition(ascii(text, start, end), line, false) : null;
    }

    private static int indentOf(byte[] text, int from) {
        return from == 0 || text[from - 1] == '\n' ? 0 : 1;
    }

    private static int indexOf(byte[] text, int from, int to, char wanted) {
        for (int i = from; i < to; i++) {
            if (text[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static int skipBlanks(byte[] text, int from, int to) {
        int at = from;
        while (at < to && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r')) {
            at++;
        }
        return at;
    }

    private static int wordEnd(byte[] text, int from, int to) {
        int at = from;
        while (at < to && isWord(text[at])) {
            at++;
        }
        return at;
    }

    private static boolean isStart(byte b) {
        return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_' || b == '$' || b < 0;
    }

    private static boolean isWord(byte b) {
        return isStart(b) || b >= '0' && b <= '9';
    }

    private static String ascii(byte[] text, int from, int to) {
        return new String(text, from, to - from, StandardCharsets.UTF_8);
    }
}
