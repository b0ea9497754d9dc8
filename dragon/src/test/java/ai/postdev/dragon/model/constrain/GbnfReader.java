package ai.postdev.dragon.model.constrain;

import ai.postdev.dragon.model.constrain.Grammar.Part;
import ai.postdev.dragon.model.constrain.Grammar.Range;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads GBNF as grammars/README.md of llama.cpp describes it, strictly: what is not described there is an error. */
final class GbnfReader {
    private final String text;
    private int at;

    private GbnfReader(String text) {
        this.text = text;
    }

    static Grammar read(String text) {
        Map<String, Part> rules = new LinkedHashMap<>();
        for (String line : text.split("\n")) {
            GbnfReader reader = new GbnfReader(line);
            String name = reader.name();
            reader.expect(" ::= ");
            Part part = reader.alternatives();
            if (reader.at < line.length()) {
                throw reader.wrong("the end of the line");
            }
            if (rules.put(name, part) != null) {
                throw new IllegalArgumentException(name + " is there twice");
            }
        }
        return new Grammar(rules);
    }

    private IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException("expected " + expected + " at " + at + " of " + text);
    }

    private void expect(String what) {
        if (!text.startsWith(what, at)) {
            throw wrong("'" + what + "'");
        }
        at += what.length();
    }

    private boolean next(char c) {
        boolean is = at < text.length() && text.charAt(at) == c;
        at += is ? 1 : 0;
        return is;
    }

    private String name() {
        int begin = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '-')) {
            at++;
        }
        if (begin == at) {
            throw wrong("a name");
        }
        return text.substring(begin, at);
    }

    private void space() {
        while (next(' ')) {}
    }

    private Part alternatives() {
        List<Part> all = new ArrayList<>();
        do {
            space();
            all.add(sequence());
        } while (next('|'));
        return all.size() == 1 ? all.getFirst() : new Part.Alt(all);
    }

    private Part sequence() {
        List<Part> parts = new ArrayList<>();
        while (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') {
            Part part = item();
            parts.add(repeated(part));
            space();
        }
        return parts.size() == 1 ? parts.getFirst() : new Part.Seq(parts);
    }

    private Part item() {
        if (next('"')) {
            StringBuilder literal = new StringBuilder();
            while (!next('"')) {
                literal.appendCodePoint(character());
            }
            return new Part.Text(literal.toString());
        }
        if (next('[')) {
            List<Range> ranges = new ArrayList<>();
            while (!next(']')) {
                if (ranges.isEmpty() && text.charAt(at) == '^') {
                    throw wrong("no negation");
                }
                int first = character();
                ranges.add(new Range(first, next('-') ? character() : first));
            }
            return new Part.Chars(ranges);
        }
        if (next('(')) {
            Part inner = alternatives();
            expect(")");
            return inner;
        }
        return new Part.Use(name());
    }

    private Part repeated(Part part) {
        if (next('*')) {
            return new Part.Repeat(part, 0, Grammar.UNBOUNDED);
        }
        if (next('+')) {
            return new Part.Repeat(part, 1, Grammar.UNBOUNDED);
        }
        if (next('?')) {
            return new Part.Repeat(part, 0, 1);
        }
        if (next('{')) {
            int min = number();
            int max = min;
            if (next(',')) {
                max = text.charAt(at) == '}' ? Grammar.UNBOUNDED : number();
            }
            expect("}");
            return new Part.Repeat(part, min, max);
        }
        return part;
    }

    private int number() {
        int begin = at;
        while (Character.isDigit(text.charAt(at))) {
            at++;
        }
        return Integer.parseInt(text.substring(begin, at));
    }

    private int character() {
        int c = text.codePointAt(at);
        at += Character.charCount(c);
        if (c != '\\') {
            return c;
        }
        char kind = text.charAt(at++);
        int digits = switch (kind) {
            case 'x' -> 2;
            case 'u' -> 4;
            case 'U' -> 8;
            default -> 0;
        };
        if (digits == 0) {
            return switch (kind) {
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case '\\', '"', '[', ']' -> kind;
                default -> throw wrong("an escape that is described");
            };
        }
        int value = Integer.parseInt(text.substring(at, at + digits), 16);
        at += digits;
        return value;
    }
}
