package ai.postdev.dragon.lake.code.pattern;

import ai.postdev.dragon.lake.code.InvalidPatternException;
import ai.postdev.dragon.lake.code.pattern.PatternParser.Flags;
import java.util.Optional;

/** Reads sets: what stands in brackets, and escapes that mean one character or a class of them. */
final class ClassParser {
    private final PatternScanner in;
    private int depth;

    ClassParser(PatternScanner in) {
        this.in = in;
    }

    /** The set with the other cases added when case is ignored. */
    CodePoints cased(CodePoints set, Flags flags) {
        if (!flags.ignoreCase()) {
            return set;
        }
        return flags.unicode() ? CaseFolding.close(set) : CaseFolding.closeAscii(set);
    }

    private CodePoints negated(CodePoints set, Flags flags) throws InvalidPatternException {
        if (!flags.unicode()) {
            throw in.refuse("a negated set where Unicode is off can match a part of a character;"
                    + " write it where Unicode is on");
        }
        return set.negate();
    }

    /** Reads on after {@code [} up to and with its {@code ]}. */
    CodePoints bracketed(Flags flags) throws InvalidPatternException {
        if (++depth > PatternParser.DEPTH_MAX) {
            throw in.refuse("sets are nested deeper than " + PatternParser.DEPTH_MAX);
        }
        in.skipComments(flags.verbose());
        boolean negate = in.take('^');
        in.skipComments(flags.verbose());
        CodePoints union = CodePoints.NONE;
        boolean empty = true;
        while (in.take('-')) {
            union = union.union(CodePoints.of('-'));
            empty = false;
            in.skipComments(flags.verbose());
        }
        if (empty && in.take(']')) {
            union = CodePoints.of(']');
        }
        CodePoints left = null;
        int operator = 0;
        while (true) {
            in.skipComments(flags.verbose());
            if (in.atEnd()) {
                throw in.refuse("unclosed set: '[' without ']'");
            }
            int c = in.peek();
            if (c == ']') {
                in.next();
                CodePoints set = cased(combine(left, operator, cased(union, flags)), flags);
                depth--;
                return negate ? negated(set, flags) : set;
            }
            if ((c == '&' || c == '-' || c == '~') && in.peekSecond() == c) {
                in.next();
                in.next();
                left = combine(left, operator, cased(union, flags));
                operator = c;
                union = CodePoints.NONE;
                continue;
            }
            if (c == '[') {
                Optional<CodePoints> posix = posix(flags);
                if (posix.isPresent()) {
                    union = union.union(posix.get());
                } else {
                    in.next();
                    union = union.union(bracketed(flags));
                }
                continue;
            }
            union = union.union(item(flags));
        }
    }

    private static CodePoints combine(CodePoints left, int operator, CodePoints right) {
        return switch (operator) {
            case '&' -> left.intersect(right);
            case '-' -> left.without(right);
            case '~' -> left.symmetricDifference(right);
            default -> right;
        };
    }

    private Optional<CodePoints> posix(Flags flags) throws InvalidPatternException {
        int mark = in.mark();
        if (in.takeAll("[:")) {
            boolean negate = in.take('^');
            StringBuilder name = new StringBuilder();
            while (!in.atEnd() && in.peek() >= 'a' && in.peek() <= 'z') {
                name.appendCodePoint(in.next());
            }
            Optional<CodePoints> set = UnicodeSets.posix(name.toString());
            if (set.isPresent() && in.takeAll(":]")) {
                return Optional.of(negate ? negated(set.get(), flags) : set.get());
            }
        }
        in.reset(mark);
        return Optional.empty();
    }

    /** One character, one class, or a range. */
    private CodePoints item(Flags flags) throws InvalidPatternException {
        CodePoints first = primitive(flags);
        in.skipComments(flags.verbose());
        if (in.atEnd() || in.peek() != '-' || secondAfterSpace(flags) == ']' || secondAfterSpace(flags) == '-') {
            return first;
        }
        in.next();
        in.skipComments(flags.verbose());
        int firstPoint = single(first);
        int last = single(primitive(flags));
        if (firstPoint > last) {
            throw in.refuse(
                    "the range " + Character.toString(firstPoint) + "-" + Character.toString(last) + " is upside down");
        }
        return CodePoints.range(firstPoint, last);
    }

    private int secondAfterSpace(Flags flags) throws InvalidPatternException {
        int mark = in.mark();
        in.next();
        in.skipComments(flags.verbose());
        int c = in.atEnd() ? -1 : in.peek();
        in.reset(mark);
        return c;
    }

    private boolean lastWasClass;

    private int single(CodePoints set) throws InvalidPatternException {
        if (lastWasClass) {
            throw in.refuse("a range goes from one character to another, not from or to a class");
        }
        return set.first(0);
    }

    private CodePoints primitive(Flags flags) throws InvalidPatternException {
        lastWasClass = false;
        int c = in.next();
        if (c == '\\') {
            return escape(flags, true);
        }
        if (!flags.unicode() && c > 0x7F) {
            throw in.refuse("a character beyond ASCII cannot stand where Unicode is off");
        }
        return CodePoints.of(c);
    }

    /** Reads on after a backslash outside of brackets. */
    CodePoints escape(Flags flags) throws InvalidPatternException {
        CodePoints set = escape(flags, false);
        return lastWasClass ? set : cased(set, flags);
    }

    private CodePoints escape(Flags flags, boolean bracketed) throws InvalidPatternException {
        lastWasClass = false;
        int c = in.next();
        switch (c) {
            case 'd', 's', 'w', 'D', 'S', 'W' -> {
                lastWasClass = true;
                CodePoints set = perl(Character.toLowerCase(c), flags.unicode());
                return c < 'a' ? negated(set, flags) : set;
            }
            case 'p', 'P' -> {
                lastWasClass = true;
                return property(c == 'P', flags);
            }
            case 'x', 'u', 'U' -> {
                return CodePoints.of(hex(c == 'x' ? 2 : c == 'u' ? 4 : 8, flags));
            }
            case 'n' -> {
                return CodePoints.of('\n');
            }
            case 't' -> {
                return CodePoints.of('\t');
            }
            case 'r' -> {
                return CodePoints.of('\r');
            }
            case 'f' -> {
                return CodePoints.of('\f');
            }
            case 'v' -> {
                return CodePoints.of(0x0B);
            }
            case 'a' -> {
                return CodePoints.of(7);
            }
            default -> {
                return CodePoints.of(punctuation(c, bracketed));
            }
        }
    }

    private int punctuation(int c, boolean bracketed) throws InvalidPatternException {
        if (c >= '0' && c <= '9') {
            throw in.refuse("back-references are not supported, as in ripgrep without -P; write \\x3"
                    + Character.toString(c) + " for the digit");
        }
        if (bracketed && (c == 'b' || c == 'B' || c == 'A' || c == 'z' || c == '<' || c == '>')) {
            throw in.refuse("\\" + Character.toString(c) + " is a position and cannot stand in a set");
        }
        if (c < ' ' || c >= 0x7F || Character.isLetterOrDigit(c)) {
            throw in.refuse("unknown escape '\\" + Character.toString(c) + "'");
        }
        return c;
    }

    private static CodePoints perl(int kind, boolean unicode) {
        return switch (kind) {
            case 'd' -> unicode ? UnicodeSets.digit() : UnicodeSets.ASCII_DIGIT;
            case 's' -> unicode ? UnicodeSets.SPACE : UnicodeSets.ASCII_SPACE;
            default -> unicode ? UnicodeSets.word() : UnicodeSets.ASCII_WORD;
        };
    }

    private CodePoints property(boolean negate, Flags flags) throws InvalidPatternException {
        if (!flags.unicode()) {
            throw in.refuse("\\p cannot stand where Unicode is off");
        }
        StringBuilder name = new StringBuilder();
        boolean not = negate;
        if (in.take('{')) {
            not ^= in.take('^');
            while (!in.atEnd() && in.peek() != '}') {
                name.appendCodePoint(in.next());
            }
            if (!in.take('}')) {
                throw in.refuse("\\p{ without '}'");
            }
            int unequal = name.indexOf("!=");
            if (unequal >= 0) {
                name.deleteCharAt(unequal);
                not = !not;
            }
        } else {
            name.appendCodePoint(in.next());
        }
        CodePoints set = UnicodeSets.property(name.toString())
                .orElseThrow(() -> in.refuse("'" + name + "' is no Unicode property known here; known are general"
                        + " categories, scripts, Alphabetic, Lowercase, Uppercase, White_Space, Ideographic, Emoji"));
        CodePoints closed = cased(set, flags);
        return not ? closed.negate() : closed;
    }

    private int hex(int digits, Flags flags) throws InvalidPatternException {
        StringBuilder written = new StringBuilder();
        if (in.take('{')) {
            while (!in.atEnd() && in.peek() != '}') {
                written.appendCodePoint(in.next());
            }
            if (!in.take('}')) {
                throw in.refuse("a hexadecimal escape without its '}'");
            }
        } else {
            for (int i = 0; i < digits; i++) {
                written.appendCodePoint(in.next());
            }
        }
        if (!written.toString().matches("[0-9A-Fa-f]{1,8}")) {
            throw in.refuse("'" + written + "' is no hexadecimal number of a character");
        }
        long value = Long.parseLong(written.toString(), 16);
        if (value > Character.MAX_CODE_POINT || value >= 0xD800 && value <= 0xDFFF) {
            throw in.refuse("'" + written + "' is no Unicode character");
        }
        if (!flags.unicode() && value > 0x7F) {
            throw in.refuse("a byte beyond ASCII can be a part of a character; write it where Unicode is on");
        }
        return (int) value;
    }
}
