package ai.postdev.developer.ingest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The patterns of one ignore file, parsed and matched as git does (dir.c). Immutable.
 *
 * @param patterns in the order of the file; the last one that matches decides
 */
record IgnoreFile(List<Pattern> patterns) {
    static final IgnoreFile EMPTY = new IgnoreFile(List.of());

    /** What a file says about a path. */
    enum Verdict {
        IGNORED,
        /** A negated pattern matches. */
        KEPT,
        /** No pattern matches. */
        SILENT
    }

    /**
     * One pattern.
     *
     * @param foldersOnly it ended in a slash
     * @param nameOnly it has no slash inside: compared with the last name of the path alone
     * @param literal it has no special character
     */
    record Pattern(byte[] glob, boolean negated, boolean foldersOnly, boolean nameOnly, boolean literal) {}

    static IgnoreFile parse(String text, boolean caseless) {
        List<Pattern> patterns = new ArrayList<>();
        String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
        for (String raw : body.split("\n", -1)) {
            String line = raw.endsWith("\r") ? raw.substring(0, raw.length() - 1) : raw;
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String glob = withoutTrailingSpaces(line);
            boolean negated = glob.startsWith("!");
            glob = negated ? glob.substring(1) : glob;
            boolean foldersOnly = glob.endsWith("/");
            glob = foldersOnly ? glob.substring(0, glob.length() - 1) : glob;
            boolean nameOnly = glob.indexOf('/') < 0;
            glob = glob.startsWith("/") ? glob.substring(1) : glob;
            if (glob.isEmpty()) {
                continue;
            }
            boolean literal = glob.chars().noneMatch(c -> c == '*' || c == '?' || c == '[' || c == '\\');
            byte[] bytes = bytes(glob, caseless);
            patterns.add(new Pattern(bytes, negated, foldersOnly, nameOnly, literal));
        }
        return new IgnoreFile(List.copyOf(patterns));
    }

    /** {@code text} as the matcher compares it. */
    static byte[] bytes(String text, boolean caseless) {
        return (caseless ? text.toLowerCase(Locale.ROOT) : text).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * What this file says.
     *
     * @param path relative to the folder of this file
     * @param name the last name of the path
     */
    Verdict verdict(byte[] path, byte[] name, boolean folder) {
        for (int i = patterns.size() - 1; i >= 0; i--) {
            Pattern pattern = patterns.get(i);
            if (pattern.foldersOnly && !folder) {
                continue;
            }
            byte[] text = pattern.nameOnly ? name : path;
            boolean matches = pattern.literal
                    ? Arrays.equals(pattern.glob, text)
                    : Wildmatch.matches(pattern.glob, text, !pattern.nameOnly);
            if (matches) {
                return pattern.negated ? Verdict.KEPT : Verdict.IGNORED;
            }
        }
        return Verdict.SILENT;
    }

    private static String withoutTrailingSpaces(String line) {
        int lastSpace = -1;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == ' ') {
                lastSpace = lastSpace < 0 ? i : lastSpace;
            } else {
                if (c == '\\') {
                    i++;
                    if (i >= line.length()) {
                        return line;
                    }
                }
                lastSpace = -1;
            }
        }
        return lastSpace < 0 ? line : line.substring(0, lastSpace);
    }
}
