package ai.postdev.dragon.lake.code.pattern;

import ai.postdev.dragon.lake.code.InvalidPatternException;

/** Walks over the code points of a pattern and knows where it is, for messages. */
final class PatternScanner {
    private final int[] pattern;
    private int at;

    PatternScanner(String pattern) {
        this.pattern = pattern.codePoints().toArray();
    }

    boolean atEnd() {
        return at == pattern.length;
    }

    int peek() throws InvalidPatternException {
        if (atEnd()) {
            throw refuse("the pattern ends too early");
        }
        return pattern[at];
    }

    /** The code point after {@link #peek}; -1 if there is none. */
    int peekSecond() {
        return at + 1 < pattern.length ? pattern[at + 1] : -1;
    }

    int next() throws InvalidPatternException {
        int c = peek();
        at++;
        return c;
    }

    boolean take(int c) {
        if (at < pattern.length && pattern[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    boolean takeAll(String text) {
        if (at + text.length() > pattern.length) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (pattern[at + i] != text.charAt(i)) {
                return false;
            }
        }
        at += text.length();
        return true;
    }

    int mark() {
        return at;
    }

    void reset(int mark) {
        at = mark;
    }

    /** In verbose mode, passes over white space and comments. */
    void skipComments(boolean verbose) {
        while (verbose && at < pattern.length) {
            if (pattern[at] == '#') {
                while (at < pattern.length && pattern[at] != '\n') {
                    at++;
                }
            } else if (UnicodeSets.SPACE.contains(pattern[at])) {
                at++;
            } else {
                return;
            }
        }
    }

    /** Reads a decimal number. */
    int decimal(int max) throws InvalidPatternException {
        int start = at;
        long value = 0;
        while (at < pattern.length && pattern[at] >= '0' && pattern[at] <= '9') {
            value = Math.min(value * 10 + pattern[at] - '0', Integer.MAX_VALUE);
            at++;
        }
        if (at == start) {
            throw refuse("a counted repetition needs a number, as in {3} or {2,5}; write \\{ for the character");
        }
        if (value > max) {
            throw refuse("a counted repetition of more than " + max + " is too large");
        }
        return (int) value;
    }

    InvalidPatternException refuse(String problem) {
        return new InvalidPatternException(problem + " (at character " + at + " of the pattern)");
    }
}
