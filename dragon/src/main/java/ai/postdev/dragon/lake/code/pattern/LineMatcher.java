package ai.postdev.dragon.lake.code.pattern;

import java.util.function.BooleanSupplier;

/** Finds the matching lines of texts, one after the other. Single-threaded. */
public final class LineMatcher {
    /** Bytes between two looks at the deadline while no candidate turns up. */
    private static final int STRIDE_BYTES = 1 << 20;

    /** Bytes after a part that the scanner may look at. */
    private static final int LOOK_AHEAD_BYTES = RequiredLiterals.LENGTH_MAX + 128;

    private final LiteralScanner literals;
    private final boolean exact;
    private final Program program;
    private final BooleanSupplier expired;
    /** Made when first needed: a pattern that is a literal never needs it. */
    private LineAutomaton automaton;

    private boolean timedOut;
    private int lineStart;
    private int lineEnd;

    LineMatcher(LiteralScanner literals, boolean exact, Program program, BooleanSupplier expired) {
        this.literals = literals;
        this.exact = exact;
        this.program = program;
        this.expired = expired;
    }

    /** Where the line found starts. */
    public int lineStart() {
        return lineStart;
    }

    /** Where the line found ends, its line feed not counted; the next search goes on one byte later. */
    public int lineEnd() {
        return lineEnd;
    }

    /** Whether the last answer was cut short. */
    public boolean timedOut() {
        return timedOut;
    }

    /**
     * Finds the next matching line. A byte order mark at the start of the text belongs to no line.
     *
     * @param text valid UTF-8
     * @param from where a line starts
     */
    public boolean find(byte[] text, int from) {
        return find(text, text.length, from, text.length);
    }

    /**
     * Finds the next matching line before {@code to}.
     *
     * @param text valid UTF-8, and anything after it
     * @param length of the text
     * @param from where a line starts
     * @param to where a line starts, or the text ends
     */
    public boolean find(byte[] text, int length, int from, int to) {
        int textStart = Utf8.startsWithMark(text) ? Utf8.MARK_BYTES : 0;
        int at = Math.max(from, textStart);
        if (literals == null) {
            boolean found = at < to && automaton().find(text, at, to);
            timedOut |= automaton().timedOut();
            lineStart = Math.max(automaton().lineStart(), textStart);
            lineEnd = automaton().lineEnd();
            return found;
        }
        while (at < to) {
            int stop = Math.min(to, at + STRIDE_BYTES);
            // A literal may lie across the stride's end: look so much further that none is missed. Beyond that the
            // scanner compares whole vectors, which a part that ends within the text need not do without.
            int place = literals.next(text, at, Math.min(length, stop + LOOK_AHEAD_BYTES));
            if (expired.getAsBoolean()) {
                timedOut = true;
                return false;
            }
            if (place < 0 || place >= to) {
                at = stop;
                continue;
            }
            lineStart = Math.max(Utf8.lineStart(text, place), textStart);
            lineEnd = Utf8.lineEnd(text, place, to);
            if (exact || automaton().matches(text, lineStart, lineEnd)) {
                return true;
            }
            if (automaton().timedOut()) {
                timedOut = true;
                return false;
            }
            at = lineEnd + 1;
        }
        return false;
    }

    private LineAutomaton automaton() {
        if (automaton == null) {
            automaton = new LineAutomaton(program, expired);
        }
        return automaton;
    }
}
