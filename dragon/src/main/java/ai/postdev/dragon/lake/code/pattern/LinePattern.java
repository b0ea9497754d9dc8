package ai.postdev.dragon.lake.code.pattern;

import ai.postdev.dragon.lake.code.InvalidPatternException;
import ai.postdev.dragon.lake.code.ngram.GramQuery;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A pattern made ready for searching. A line matches when a part of it does; its line feed is no part of it. Immutable,
 * safe on any thread.
 */
public final class LinePattern {
    /** Code points of a pattern. */
    public static final int LENGTH_MAX = 10_000;

    private final Program program;
    private final LiteralScanner literals;
    private final boolean exact;
    private final List<ByteLiteral> required;
    private final GramQuery grams;

    private LinePattern(Node node) throws InvalidPatternException {
        RequiredLiterals found = RequiredLiterals.of(node);
        this.program = Program.of(node);
        this.required = found.literals();
        this.literals = required.isEmpty() ? null : new LiteralScanner(required);
        this.exact = found.exact();
        this.grams = GramPlanner.plan(node);
    }

    /** Reads a regular expression in the syntax of Rust's regex crate. */
    public static LinePattern regex(String pattern, boolean ignoreCase) throws InvalidPatternException {
        checkLength(pattern);
        return new LinePattern(PatternParser.parse(pattern, ignoreCase));
    }

    /** Takes a text as it stands. */
    public static LinePattern literal(String text, boolean ignoreCase) throws InvalidPatternException {
        checkLength(text);
        return new LinePattern(PatternParser.literal(text, ignoreCase));
    }

    private static void checkLength(String pattern) throws InvalidPatternException {
        if (pattern.length() > LENGTH_MAX) {
            throw new InvalidPatternException(
                    "the pattern has " + pattern.length() + " characters, at most " + LENGTH_MAX + " are searched for");
        }
    }

    /**
     * A matcher for one thread.
     *
     * @param expired whether to give up; asked every few microseconds
     */
    public LineMatcher matcher(BooleanSupplier expired) {
        return new LineMatcher(literals, exact, program, expired);
    }

    /** Which grams every line that matches has. */
    public GramQuery grams() {
        return grams;
    }

    /** For tests: what every match must contain one of. */
    List<ByteLiteral> required() {
        return required;
    }

    /** For tests: whether containing one of {@link #required} is all there is to it. */
    boolean exact() {
        return exact;
    }
}
