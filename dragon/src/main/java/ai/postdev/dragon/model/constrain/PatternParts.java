package ai.postdev.dragon.model.constrain;

import static ai.postdev.dragon.model.constrain.Grammar.UNBOUNDED;

import ai.postdev.dragon.model.constrain.Grammar.Part;
import ai.postdev.dragon.model.constrain.Grammar.Range;
import java.util.ArrayList;
import java.util.List;

/**
 * A regular expression as what it lets through within a JSON string: characters, classes, groups, alternatives and repetitions.
 * What it gives matches the expression as a whole, so it also matches where the expression need only be found somewhere.
 * Characters that have to be escaped in JSON are; control characters are left out. One thread, one use.
 */
final class PatternParts {
    /** Characters that a dot stands for in no engine, or not in all. */
    private static final List<Range> LINE_ENDS =
            List.of(new Range('\n', '\n'), new Range('\r', '\r'), new Range(0x85, 0x85), new Range(0x2028, 0x2029));

    /** Beyond, some engines take one character for two. */
    private static final List<Range> SURE = List.of(new Range(0, 0xFFFF));

    private final String pattern;
    private final String pointer;
    private final int repeatMax;
    private int at;

    private PatternParts(String pattern, String pointer, int repeatMax) {
        this.pattern = pattern;
        this.pointer = pointer;
        this.repeatMax = repeatMax;
    }

    static Part of(String pattern, String pointer, int repeatMax) {
        PatternParts parts = new PatternParts(pattern, pointer, repeatMax);
        Part whole = parts.alternatives(repeatMax);
        if (parts.at < pattern.length()) {
            throw parts.unsupported("has ')' without '('");
        }
        return whole;
    }

    private UnsupportedSchemaException unsupported(String what) {
        return new UnsupportedSchemaException(
                pointer,
                "the pattern " + pattern + " " + what + " (character " + at
                        + "); supported are characters, classes, groups, | and repetitions, with ^ at the beginning and $ at"
                        + " the end");
    }

    private boolean next(char c) {
        boolean is = at < pattern.length() && pattern.charAt(at) == c;
        at += is ? 1 : 0;
        return is;
    }

    private Part alternatives(int times) {
        List<Part> all = new ArrayList<>();
        do {
            all.add(sequence(times));
        } while (next('|'));
        return all.size() == 1 ? all.getFirst() : new Part.Alt(all);
    }

    private Part sequence(int times) {
        List<Part> parts = new ArrayList<>();
        while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
            if (at == 0 && next('^') || at == pattern.length() - 1 && next('$')) {
                continue;
            }
            parts.add(repeated(times));
        }
        return new Part.Seq(parts);
    }

    private Part repeated(int times) {
        int begin = at;
        Part part = atom(times);
        int[] count = count();
        if (count == null) {
            return part;
        }
        int most = Math.max(count[0], count[1]);
        if (most > times) {
            throw unsupported("repeats more than " + repeatMax + " times (postdevai.models.schema.repeat-max)");
        }
        if (most > 1) {
            // What is repeated within may be so often that all together are within the bound.
            at = begin;
            part = atom(times / most);
            count();
        }
        return new Part.Repeat(part, count[0], count[1]);
    }

    /** How often, or null if once. */
    private int[] count() {
        int[] count = null;
        if (next('*')) {
            count = new int[] {0, UNBOUNDED};
        } else if (next('+')) {
            count = new int[] {1, UNBOUNDED};
        } else if (next('?')) {
            count = new int[] {0, 1};
        } else if (next('{')) {
            int min = number();
            int max = next(',') ? (at < pattern.length() && pattern.charAt(at) == '}' ? UNBOUNDED : number()) : min;
            if (!next('}') || max != UNBOUNDED && max < min) {
                throw unsupported("has braces that are no repetition");
            }
            count = new int[] {min, max};
        }
        if (count != null && at < pattern.length() && "*+?{".indexOf(pattern.charAt(at)) >= 0) {
            throw unsupported("has a repetition of a repetition, or one that is lazy or possessive");
        }
        return count;
    }

    private int number() {
        int begin = at;
        while (at < pattern.length() && Character.isDigit(pattern.charAt(at)) && at - begin < 6) {
            at++;
        }
        if (begin == at) {
            throw unsupported("has braces without a number");
        }
        return Integer.parseInt(pattern.substring(begin, at));
    }

    private Part atom(int times) {
        if (next('(')) {
            if (next('?') && !next(':')) {
                throw unsupported("looks ahead or behind, or names a group");
            }
            Part inner = alternatives(times);
            if (!next(')')) {
                throw unsupported("has '(' without ')'");
            }
            return inner;
        }
        if (next('[')) {
            return escaped(set());
        }
        if (next('.')) {
            return escaped(CodePoints.without(LINE_ENDS));
        }
        if (next('\\')) {
            return escaped(escape());
        }
        int c = pattern.codePointAt(at);
        if ("*+?{}^$]".indexOf(c) >= 0) {
            throw unsupported("has " + Character.toString(c) + " where it is not supported");
        }
        at += Character.charCount(c);
        return escaped(List.of(new Range(c, c)));
    }

    private List<Range> set() {
        boolean not = next('^');
        List<Range> ranges = new ArrayList<>();
        while (!next(']')) {
            if (at >= pattern.length()) {
                throw unsupported("has '[' without ']'");
            }
            List<Range> first = one();
            boolean range = at + 1 < pattern.length() && pattern.charAt(at) == '-' && pattern.charAt(at + 1) != ']';
            if (!range) {
                ranges.addAll(first);
                continue;
            }
            at++;
            List<Range> last = one();
            boolean single = isSingle(first) && isSingle(last);
            if (!single || first.getFirst().first() > last.getFirst().first()) {
                throw unsupported("has a range that is none");
            }
            ranges.add(new Range(first.getFirst().first(), last.getFirst().first()));
        }
        return not ? CodePoints.without(ranges) : ranges;
    }

    private static boolean isSingle(List<Range> ranges) {
        return ranges.size() == 1
                && ranges.getFirst().first() == ranges.getFirst().last();
    }

    private List<Range> one() {
        if (next('\\')) {
            return escape();
        }
        int c = pattern.codePointAt(at);
        if (c == '[') {
            throw unsupported("has '[' within a class");
        }
        at += Character.charCount(c);
        return List.of(new Range(c, c));
    }

    private List<Range> escape() {
        if (at >= pattern.length()) {
            throw unsupported("ends with a backslash");
        }
        char c = pattern.charAt(at++);
        return switch (c) {
            case 'd' -> List.of(new Range('0', '9'));
            case 'D' -> CodePoints.without(List.of(new Range('0', '9')));
            case 'w' -> CodePoints.WORD;
            case 'W' -> CodePoints.without(CodePoints.WORD);
            // Of white space only what needs no escape in JSON, and of what is none only what all engines agree on.
            case 's' -> List.of(new Range(' ', ' '));
            case 'S' -> List.of(new Range('!', '~'));
            default -> {
                if (Character.isLetterOrDigit(c)) {
                    at--;
                    throw unsupported("has \\" + c);
                }
                yield List.of(new Range(c, c));
            }
        };
    }

    /** One character of the ranges as it is written in a JSON string. */
    private Part escaped(List<Range> ranges) {
        List<Part> ways = new ArrayList<>();
        List<Range> sure = isSingle(ranges) ? ranges : CodePoints.common(ranges, SURE);
        List<Range> plain = CodePoints.common(sure, JsonParts.PLAIN);
        if (!plain.isEmpty()) {
            ways.add(new Part.Chars(plain));
        }
        for (char c : new char[] {'"', '\\'}) {
            if (ranges.stream().anyMatch(range -> range.first() <= c && c <= range.last())) {
                ways.add(new Part.Text("\\" + c));
            }
        }
        if (ways.isEmpty()) {
            throw unsupported("needs a character that is not supported");
        }
        return ways.size() == 1 ? ways.getFirst() : new Part.Alt(ways);
    }
}
