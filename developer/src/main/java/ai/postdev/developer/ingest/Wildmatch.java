package ai.postdev.developer.ingest;

import java.nio.charset.StandardCharsets;

/**
 * Git's glob matching, after {@code wildmatch.c} of git 2.39 (itself after rsync): {@code *}, {@code ?}, sets, and
 * {@code **} between slashes. Works on UTF-8 bytes as git does, so {@code ?} is one byte.
 */
final class Wildmatch {
    private enum Outcome {
        MATCH,
        NO_MATCH,
        /** No longer text can match either. */
        ABORT_ALL,
        /** Only an enclosing {@code **} may try further. */
        ABORT_TO_DOUBLE_STAR
    }

    private final byte[] pattern;
    private final byte[] text;
    private final boolean pathname;

    private Wildmatch(byte[] pattern, byte[] text, boolean pathname) {
        this.pattern = pattern;
        this.text = text;
        this.pathname = pathname;
    }

    /**
     * Whether {@code pattern} matches the whole {@code text}.
     *
     * @param pathname whether only {@code **} matches a slash
     */
    static boolean matches(byte[] pattern, byte[] text, boolean pathname) {
        return new Wildmatch(pattern, text, pathname).match(0, 0) == Outcome.MATCH;
    }

    private int p(int at) {
        return at < pattern.length ? pattern[at] & 0xff : 0;
    }

    private int t(int at) {
        return at < text.length ? text[at] & 0xff : 0;
    }

    private Outcome match(int patternStart, int textStart) {
        int p = patternStart;
        int t = textStart;
        for (; p(p) != 0; p++, t++) {
            int textByte = t(t);
            if (textByte == 0 && p(p) != '*') {
                return Outcome.ABORT_ALL;
            }
            switch (p(p)) {
                case '?' -> {
                    if (pathname && textByte == '/') {
                        return Outcome.NO_MATCH;
                    }
                }
                case '*' -> {
                    boolean slashToo = !pathname;
                    int stars = p;
                    p++;
                    if (p(p) == '*') {
                        while (p(p) == '*') {
                            p++;
                        }
                        boolean opensSegment = stars == 0 || p(stars - 1) == '/';
                        boolean closesSegment = p(p) == 0 || p(p) == '/' || (p(p) == '\\' && p(p + 1) == '/');
                        if (pathname && opensSegment && closesSegment) {
                            if (p(p) == '/' && match(p + 1, t) == Outcome.MATCH) {
                                return Outcome.MATCH;
                            }
                            slashToo = true;
                        }
                    }
                    if (p(p) == 0) {
                        return slashToo || slashFrom(t) < 0 ? Outcome.MATCH : Outcome.NO_MATCH;
                    }
                    if (!slashToo && p(p) == '/') {
                        int slash = slashFrom(t);
                        if (slash < 0) {
                            return Outcome.NO_MATCH;
                        }
                        t = slash;
                        continue;
                    }
                    return star(p, t, slashToo);
                }
                case '[' -> {
                    int end = set(p, textByte);
                    if (end == SET_BROKEN) {
                        return Outcome.ABORT_ALL;
                    }
                    if (end < 0 || (pathname && textByte == '/')) {
                        return Outcome.NO_MATCH;
                    }
                    p = end;
                }
                default -> {
                    if (p(p) == '\\') {
                        p++;
                    }
                    if (textByte != p(p)) {
                        return Outcome.NO_MATCH;
                    }
                }
            }
        }
        return t(t) == 0 ? Outcome.MATCH : Outcome.NO_MATCH;
    }

    private Outcome star(int rest, int from, boolean slashToo) {
        int t = from;
        while (t(t) != 0) {
            int literal = p(rest);
            if (literal != '*' && literal != '?' && literal != '[' && literal != '\\') {
                while (t(t) != 0 && (slashToo || t(t) != '/') && t(t) != literal) {
                    t++;
                }
                if (t(t) != literal) {
                    return Outcome.NO_MATCH;
                }
            }
            Outcome outcome = match(rest, t);
            if (outcome != Outcome.NO_MATCH) {
                if (!slashToo || outcome != Outcome.ABORT_TO_DOUBLE_STAR) {
                    return outcome;
                }
            } else if (!slashToo && t(t) == '/') {
                return Outcome.ABORT_TO_DOUBLE_STAR;
            }
            t++;
        }
        return Outcome.ABORT_ALL;
    }

    private int slashFrom(int from) {
        for (int at = from; at < text.length; at++) {
            if (text[at] == '/') {
                return at;
            }
        }
        return -1;
    }

    private static final int SET_MISSED = -1;
    private static final int SET_BROKEN = -2;

    /** The index of the closing bracket if the set at {@code open} has {@code textByte}; else why not. */
    private int set(int open, int textByte) {
        int p = open + 1;
        boolean negated = p(p) == '!' || p(p) == '^';
        if (negated) {
            p++;
        }
        int previous = 0;
        boolean matched = false;
        int current = p(p);
        do {
            if (current == 0) {
                return SET_BROKEN;
            }
            if (current == '\\') {
                current = p(++p);
                if (current == 0) {
                    return SET_BROKEN;
                }
                matched |= textByte == current;
            } else if (current == '-' && previous != 0 && p(p + 1) != 0 && p(p + 1) != ']') {
                current = p(++p);
                if (current == '\\') {
                    current = p(++p);
                    if (current == 0) {
                        return SET_BROKEN;
                    }
                }
                matched |= textByte >= previous && textByte <= current;
                current = 0;
            } else if (current == '[' && p(p + 1) == ':') {
                int name = p + 2;
                int end = name;
                while (p(end) != 0 && p(end) != ']') {
                    end++;
                }
                if (p(end) == 0) {
                    return SET_BROKEN;
                }
                if (end - name - 1 < 0 || p(end - 1) != ':') {
                    matched |= textByte == '[';
                } else {
                    String named = new String(pattern, name, end - name - 1, StandardCharsets.UTF_8);
                    Boolean in = inClass(named, textByte);
                    if (in == null) {
                        return SET_BROKEN;
                    }
                    matched |= in;
                    p = end;
                    current = 0;
                }
            } else {
                matched |= textByte == current;
            }
            previous = current;
            current = p(++p);
        } while (current != ']');
        return matched == negated ? SET_MISSED : p;
    }

    /** Whether {@code c} is in the POSIX class; null if there is no such class. ASCII only, as in git. */
    private static Boolean inClass(String name, int c) {
        boolean lower = c >= 'a' && c <= 'z';
        boolean upper = c >= 'A' && c <= 'Z';
        boolean digit = c >= '0' && c <= '9';
        boolean graph = c > ' ' && c < 127;
        return switch (name) {
            case "alnum" -> lower || upper || digit;
            case "alpha" -> lower || upper;
            case "blank" -> c == ' ' || c == '\t';
            case "cntrl" -> c < ' ' || c == 127;
            case "digit" -> digit;
            case "graph" -> graph;
            case "lower" -> lower;
            case "print" -> graph || c == ' ';
            case "punct" -> graph && !lower && !upper && !digit;
            case "space" -> c == ' ' || (c >= '\t' && c <= '\r');
            case "upper" -> upper;
            case "xdigit" -> digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
            default -> null;
        };
    }
}
