package ai.postdev.dragon.lake.code.pattern;

import ai.postdev.dragon.lake.code.InvalidPatternException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the syntax of Rust's regex crate, with ripgrep's settings: Unicode on, {@code ^} and {@code $} at every line, no
 * set contains the line feed. What it cannot answer exactly it refuses.
 */
final class PatternParser {
    /** Nested groups and sets; the same bound as the regex crate's. */
    static final int DEPTH_MAX = 250;
    /** A counted repetition may not ask for more copies than this. */
    static final int REPEAT_MAX = 100_000;

    /** The flags in force, as set by {@code (?isux-…)}. */
    record Flags(boolean ignoreCase, boolean dotAll, boolean multiLine, boolean unicode, boolean verbose) {}

    private final PatternScanner in;
    private final ClassParser classes;
    private final Set<String> groupNames = new HashSet<>();
    private Flags flags;
    private int depth;

    private PatternParser(String pattern, boolean ignoreCase) {
        this.in = new PatternScanner(pattern);
        this.classes = new ClassParser(in);
        this.flags = new Flags(ignoreCase, false, true, true, false);
    }

    static Node parse(String pattern, boolean ignoreCase) throws InvalidPatternException {
        PatternParser parser = new PatternParser(pattern, ignoreCase);
        Node node = parser.alternatives();
        if (!parser.in.atEnd()) {
            throw parser.in.refuse("unopened group: ')' without '('");
        }
        return node;
    }

    /** The node for a text taken as it stands. */
    static Node literal(String text, boolean ignoreCase) throws InvalidPatternException {
        if (text.indexOf('\n') >= 0) {
            throw new InvalidPatternException(
                    "a line feed cannot be searched for: the search goes line by line; look for one of the lines");
        }
        List<Node> nodes = new ArrayList<>();
        text.codePoints()
                .mapToObj(CodePoints::of)
                .map(set -> ignoreCase ? CaseFolding.close(set) : set)
                .forEach(set -> nodes.add(new Node.Set(set)));
        return concat(nodes);
    }

    private Node alternatives() throws InvalidPatternException {
        if (++depth > DEPTH_MAX) {
            throw in.refuse("groups are nested deeper than " + DEPTH_MAX);
        }
        Flags outer = flags;
        List<Node> branches = new ArrayList<>();
        branches.add(sequence());
        while (in.take('|')) {
            branches.add(sequence());
        }
        flags = outer;
        depth--;
        return branches.size() == 1 ? branches.getFirst() : new Node.Alternate(List.copyOf(branches));
    }

    private Node sequence() throws InvalidPatternException {
        List<Node> nodes = new ArrayList<>();
        // The last thing that a repetition may follow; flags and the start are none.
        boolean repeatable = false;
        while (true) {
            in.skipComments(flags.verbose());
            if (in.atEnd() || in.peek() == '|' || in.peek() == ')') {
                return concat(nodes);
            }
            int c = in.peek();
            if (c == '*' || c == '+' || c == '?' || c == '{') {
                if (!repeatable) {
                    throw in.refuse("'" + Character.toString(c) + "' has nothing to repeat; write \\"
                            + Character.toString(c) + " for the character");
                }
                nodes.add(repetition(nodes.removeLast()));
                continue;
            }
            in.next();
            repeatable = true;
            switch (c) {
                case '(' -> {
                    Node group = group();
                    if (group == null) {
                        repeatable = false;
                    } else {
                        nodes.add(group);
                    }
                }
                case '[' -> nodes.add(set(classes.bracketed(flags)));
                case '.' -> nodes.add(dot());
                case '^' -> nodes.add(new Node.Look(Node.Kind.LINE_START));
                case '$' -> nodes.add(new Node.Look(Node.Kind.LINE_END));
                case '\\' -> nodes.add(escape());
                default -> nodes.add(set(classes.cased(CodePoints.of(scalar(c)), flags)));
            }
        }
    }

    private int scalar(int c) throws InvalidPatternException {
        if (!flags.unicode() && c > 0x7F) {
            throw in.refuse("a character beyond ASCII cannot stand where Unicode is off");
        }
        return c;
    }

    private static Node concat(List<Node> nodes) {
        return switch (nodes.size()) {
            case 0 -> new Node.Empty();
            case 1 -> nodes.getFirst();
            default -> new Node.Concat(List.copyOf(nodes));
        };
    }

    private Node dot() throws InvalidPatternException {
        if (!flags.unicode()) {
            throw in.refuse("'.' where Unicode is off means one byte, which can be a part of a character;"
                    + " write it where Unicode is on");
        }
        return new Node.Set(CodePoints.ALL.without(UnicodeSets.NEW_LINE));
    }

    /** The set without the line feed, which no line contains. */
    private Node set(CodePoints set) throws InvalidPatternException {
        CodePoints inLine = set.without(UnicodeSets.NEW_LINE);
        if (inLine.isEmpty() && !set.isEmpty()) {
            throw in.refuse("a line feed cannot be searched for: the search goes line by line");
        }
        return new Node.Set(inLine);
    }

    private Node escape() throws InvalidPatternException {
        int c = in.peek();
        return switch (c) {
            case 'A' -> look(Node.Kind.LINE_START);
            case 'z' -> look(Node.Kind.LINE_END);
            case 'b' -> wordEdge();
            case 'B' -> {
                if (!flags.unicode()) {
                    throw in.refuse(
                            "\\B where Unicode is off can hold inside a character; write it where Unicode is on");
                }
                yield look(Node.Kind.NO_WORD_EDGE);
            }
            case '<' -> look(flags.unicode() ? Node.Kind.WORD_START : Node.Kind.ASCII_WORD_START);
            case '>' -> look(flags.unicode() ? Node.Kind.WORD_END : Node.Kind.ASCII_WORD_END);
            default -> set(classes.escape(flags));
        };
    }

    private Node look(Node.Kind kind) throws InvalidPatternException {
        in.next();
        return new Node.Look(kind);
    }

    private Node wordEdge() throws InvalidPatternException {
        in.next();
        boolean unicode = flags.unicode();
        if (in.takeAll("{start}")) {
            return new Node.Look(unicode ? Node.Kind.WORD_START : Node.Kind.ASCII_WORD_START);
        }
        if (in.takeAll("{end}")) {
            return new Node.Look(unicode ? Node.Kind.WORD_END : Node.Kind.ASCII_WORD_END);
        }
        boolean startHalf = in.takeAll("{start-half}");
        if (startHalf || in.takeAll("{end-half}")) {
            if (!unicode) {
                throw in.refuse("half word boundaries are known only where Unicode is on");
            }
            return new Node.Look(startHalf ? Node.Kind.WORD_START_HALF : Node.Kind.WORD_END_HALF);
        }
        return new Node.Look(unicode ? Node.Kind.WORD_EDGE : Node.Kind.ASCII_WORD_EDGE);
    }

    private Node repetition(Node repeated) throws InvalidPatternException {
        int c = in.next();
        Node node = switch (c) {
            case '*' -> new Node.Repeat(repeated, 0, Node.UNBOUNDED);
            case '+' -> new Node.Repeat(repeated, 1, Node.UNBOUNDED);
            case '?' -> new Node.Repeat(repeated, 0, 1);
            default -> counted(repeated);
        };
        in.skipComments(flags.verbose());
        in.take('?'); // lazy or greedy: the same lines match
        return node;
    }

    private Node counted(Node repeated) throws InvalidPatternException {
        in.skipComments(flags.verbose());
        boolean open = !in.atEnd() && in.peek() == ',';
        int min = open ? 0 : in.decimal(REPEAT_MAX);
        int max = min;
        in.skipComments(flags.verbose());
        if (in.take(',')) {
            in.skipComments(flags.verbose());
            max = !open && !in.atEnd() && in.peek() == '}' ? Node.UNBOUNDED : in.decimal(REPEAT_MAX);
            in.skipComments(flags.verbose());
        }
        if (!in.take('}')) {
            throw in.refuse("counted repetition without its '}'; write \\{ for the character");
        }
        if (max != Node.UNBOUNDED && min > max) {
            throw in.refuse("counted repetition from " + min + " to " + max + ": the first must not be greater");
        }
        return new Node.Repeat(repeated, min, max);
    }

    /** What is inside the parentheses; null for flags alone, which match nothing of themselves. */
    private Node group() throws InvalidPatternException {
        in.skipComments(flags.verbose());
        if (!in.take('?')) {
            return closed(alternatives());
        }
        if (in.takeAll("=") || in.takeAll("!") || in.takeAll("<=") || in.takeAll("<!")) {
            throw in.refuse("look-around is not supported, as in ripgrep without -P: it cannot be bounded in time");
        }
        if (in.takeAll("P<") || in.takeAll("<")) {
            groupName();
            return closed(alternatives());
        }
        Flags outer = flags;
        boolean scoped = flags();
        if (!scoped) {
            return null;
        }
        Node node = closed(alternatives());
        flags = outer;
        return node;
    }

    private Node closed(Node node) throws InvalidPatternException {
        if (!in.take(')')) {
            throw in.refuse("unclosed group: '(' without ')'");
        }
        return node;
    }

    private void groupName() throws InvalidPatternException {
        StringBuilder name = new StringBuilder();
        while (!in.atEnd() && in.peek() != '>') {
            name.appendCodePoint(in.next());
        }
        if (!in.take('>') || !name.toString().matches("[A-Za-z_][A-Za-z0-9_.\\[\\]]*")) {
            throw in.refuse("a group's name is letters, digits and '_' up to '>', found '" + name + "'");
        }
        if (!groupNames.add(name.toString())) {
            throw in.refuse("two groups are named '" + name + "'");
        }
    }

    /** Reads flags up to ')' or ':' and sets them; answers whether a group of their own follows. */
    private boolean flags() throws InvalidPatternException {
        boolean on = true;
        boolean pending = false;
        boolean any = false;
        Set<Integer> seen = new HashSet<>();
        while (true) {
            if (in.atEnd()) {
                throw in.refuse("unclosed group: '(?' without ')'");
            }
            int c = in.next();
            if (c == ':' || c == ')') {
                if (pending || c == ')' && !any) {
                    throw in.refuse("flags are missing before '" + Character.toString(c) + "'");
                }
                return c == ':';
            }
            if (c == '-') {
                if (!on) {
                    throw in.refuse("flags are negated twice");
                }
                on = false;
                pending = true;
                continue;
            }
            if (!seen.add(c)) {
                throw in.refuse("flag '" + Character.toString(c) + "' is given twice");
            }
            pending = false;
            any = true;
            flags = with(c, on);
        }
    }

    private Flags with(int flag, boolean on) throws InvalidPatternException {
        Flags f = flags;
        return switch (flag) {
            case 'i' -> new Flags(on, f.dotAll(), f.multiLine(), f.unicode(), f.verbose());
            case 's' -> new Flags(f.ignoreCase(), on, f.multiLine(), f.unicode(), f.verbose());
            // One line at a time: its start and end are the text's, so this changes nothing.
            case 'm' -> new Flags(f.ignoreCase(), f.dotAll(), on, f.unicode(), f.verbose());
            case 'u' -> new Flags(f.ignoreCase(), f.dotAll(), f.multiLine(), on, f.verbose());
            case 'x' -> new Flags(f.ignoreCase(), f.dotAll(), f.multiLine(), f.unicode(), on);
            case 'U' -> f; // greed: the same lines match
            default ->
                throw in.refuse("unknown flag '" + Character.toString(flag) + "'; known are i, m, s, U, u and x");
        };
    }
}
