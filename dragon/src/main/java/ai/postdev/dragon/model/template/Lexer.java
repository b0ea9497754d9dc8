package ai.postdev.dragon.model.template;

import ai.postdev.dragon.model.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Cuts a template into tokens, with Jinja's rules for white space as transformers sets them: the line break after a block
 * goes (trim_blocks), and so do blanks before a block on its line (lstrip_blocks).
 */
final class Lexer {
    private static final Set<String> LONG_OPERATORS = Set.of("==", "!=", "<=", ">=", "//", "**");
    private static final String SHORT_OPERATORS = "+-*/%~<>()[]{},:.|=";

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) throws TemplateException {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        if (source.endsWith("\n")) {
            source = source.substring(0, source.length() - 1);
        }
        Lexer lexer = new Lexer(source);
        lexer.data(false, false);
        lexer.add(Kind.END, "");
        return lexer.tokens;
    }

    private void add(Kind kind, String value) {
        tokens.add(new Token(kind, value, line));
    }

    private TemplateException wrong(String what) {
        return new TemplateException("line " + line + ": " + what);
    }

    /**
     * Data, and what comes after it, to the end.
     *
     * @param strip all white space at the beginning
     * @param trim one line break at the beginning
     */
    private void data(boolean strip, boolean trim) throws TemplateException {
        boolean stripNext = strip;
        boolean trimNext = trim;
        while (at < source.length()) {
            int open = open(at);
            String text = source.substring(at, open < 0 ? source.length() : open);
            String kept = text;
            if (stripNext) {
                kept = kept.stripLeading();
            } else if (trimNext && kept.startsWith("\n")) {
                kept = kept.substring(1);
            }
            char sign = open >= 0 && open + 2 < source.length() ? source.charAt(open + 2) : ' ';
            char what = open >= 0 ? source.charAt(open + 1) : ' ';
            if (sign == '-') {
                kept = kept.stripTrailing();
            } else if (sign != '+' && (what == '%' || what == '#')) {
                kept = withoutIndent(kept, text);
            }
            if (!kept.isEmpty()) {
                add(Kind.DATA, kept);
            }
            line += (int) text.chars().filter(c -> c == '\n').count();
            if (open < 0) {
                at = source.length();
                return;
            }
            at = open + 2 + (sign == '-' || sign == '+' ? 1 : 0);
            char end = what == '#' ? comment() : what == '%' ? block() : print();
            stripNext = end == '-';
            trimNext = end != '+' && what != '{';
        }
    }

    private int open(int from) {
        for (int i = source.indexOf('{', from); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            char next = source.charAt(i + 1);
            if (next == '{' || next == '%' || next == '#') {
                return i;
            }
        }
        return -1;
    }

    /** Blanks at the end go if nothing else is on their line; {@code whole} is what the template had. */
    private String withoutIndent(String kept, String whole) {
        int end = kept.length();
        while (end > 0 && kept.charAt(end - 1) != '\n' && Character.isWhitespace(kept.charAt(end - 1))) {
            end--;
        }
        if (end > 0) {
            return kept.charAt(end - 1) == '\n' ? kept.substring(0, end) : kept;
        }
        // Nothing but blanks is left: they go if they begin a line of the template.
        int before = at + whole.length() - kept.length() - 1;
        return before < 0 || source.charAt(before) == '\n' ? "" : kept;
    }

    private char comment() throws TemplateException {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            throw wrong("a comment has no end");
        }
        char sign = end > at ? source.charAt(end - 1) : ' ';
        line += (int) source.substring(at, end).chars().filter(c -> c == '\n').count();
        at = end + 2;
        return sign;
    }

    private char block() throws TemplateException {
        int first = tokens.size();
        add(Kind.BLOCK_BEGIN, "{%");
        char sign = inside("%}", Kind.BLOCK_END);
        return tokens.size() == first + 3 && tokens.get(first + 1).name("raw") ? raw(first, sign) : sign;
    }

    /** What is between raw and endraw is data, whatever it looks like. */
    private char raw(int first, char sign) throws TemplateException {
        tokens.subList(first, tokens.size()).clear();
        java.util.regex.Matcher end = java.util.regex.Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%}")
                .matcher(source);
        if (!end.find(at)) {
            throw wrong("raw has no endraw");
        }
        String text = source.substring(at, end.start());
        if (sign == '-') {
            text = text.stripLeading();
        } else if (sign != '+' && text.startsWith("\n")) {
            text = text.substring(1);
        }
        if (end.group(1).equals("-")) {
            text = text.stripTrailing();
        }
        add(Kind.DATA, text);
        line += (int)
                source.substring(at, end.end()).chars().filter(c -> c == '\n').count();
        at = end.end();
        return end.group(2).isEmpty() ? ' ' : end.group(2).charAt(0);
    }

    private char print() throws TemplateException {
        add(Kind.PRINT_BEGIN, "{{");
        return inside("}}", Kind.PRINT_END);
    }

    /** Tokens up to the end of the tag; answers the sign before it. */
    private char inside(String end, Kind kind) throws TemplateException {
        int brackets = 0;
        while (true) {
            while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
                line += source.charAt(at) == '\n' ? 1 : 0;
                at++;
            }
            if (at >= source.length()) {
                throw wrong("a tag has no " + end);
            }
            char c = source.charAt(at);
            if (brackets == 0 && source.startsWith(end, at)) {
                add(kind, end);
                at += 2;
                return ' ';
            }
            if (brackets == 0 && (c == '-' || c == '+') && source.startsWith(end, at + 1)) {
                add(kind, end);
                at += 3;
                return c;
            }
            if (c == '"' || c == '\'') {
                add(Kind.STRING, string(c));
            } else if (c >= '0' && c <= '9') {
                number();
            } else if (Character.isLetter(c) || c == '_') {
                int from = at;
                while (at < source.length()
                        && (Character.isLetterOrDigit(source.charAt(at)) || source.charAt(at) == '_')) {
                    at++;
                }
                add(Kind.NAME, source.substring(from, at));
            } else {
                String operator = operator();
                brackets += "([{".contains(operator) ? 1 : ")]}".contains(operator) ? -1 : 0;
                add(Kind.OPERATOR, operator);
            }
        }
    }

    private String operator() throws TemplateException {
        if (at + 2 <= source.length() && LONG_OPERATORS.contains(source.substring(at, at + 2))) {
            at += 2;
            return source.substring(at - 2, at);
        }
        char c = source.charAt(at);
        if (SHORT_OPERATORS.indexOf(c) < 0) {
            throw wrong("'" + c + "' is no part of an expression");
        }
        at++;
        return String.valueOf(c);
    }

    private void number() throws TemplateException {
        int from = at;
        boolean real = false;
        while (at < source.length() && (Character.isDigit(source.charAt(at)) || source.charAt(at) == '_')) {
            at++;
        }
        if (at + 1 < source.length() && source.charAt(at) == '.' && Character.isDigit(source.charAt(at + 1))) {
            real = true;
            at++;
            while (at < source.length() && Character.isDigit(source.charAt(at))) {
                at++;
            }
        }
        String digits = source.substring(from, at).replace("_", "");
        if (digits.length() > 18) {
            throw wrong("the number " + digits.substring(0, 18) + "… is too long");
        }
        add(real ? Kind.FLOAT : Kind.INTEGER, digits);
    }

    private String string(char quote) throws TemplateException {
        StringBuilder text = new StringBuilder();
        at++;
        while (at < source.length() && source.charAt(at) != quote) {
            char c = source.charAt(at++);
            line += c == '\n' ? 1 : 0;
            text.append(c == '\\' && at < source.length() ? escaped() : String.valueOf(c));
        }
        if (at >= source.length()) {
            throw wrong("a string has no end");
        }
        at++;
        return text.toString();
    }

    private String escaped() throws TemplateException {
        char c = source.charAt(at++);
        return switch (c) {
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'r' -> "\r";
            case 'b' -> "\b";
            case 'f' -> "\f";
            case 'a' -> "\u0007";
            case '0' -> "\0";
            case '\n' -> "";
            case '\\', '\'', '"' -> String.valueOf(c);
            case 'x' -> code(2);
            case 'u' -> code(4);
            case 'U' -> code(8);
            default -> "\\" + c;
        };
    }

    private String code(int digits) throws TemplateException {
        try {
            int code = Integer.parseInt(source, at, Math.min(source.length(), at + digits), 16);
            at += digits;
            return Character.toString(code);
        } catch (IllegalArgumentException e) {
            throw wrong("an escape in a string is no character");
        }
    }
}
