package ai.postdev.dragon.lake.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stays the same when the same thing happens again. An error is known by its exception class, its message without
 * the values that change, and the functions on top of its stack; any other text by its words without such values.
 *
 * @param value of the whole text; equal values mean "the same again"
 * @param lines of each single line that looks like an error: what a person would paste from a long output
 * @param normalized for people: the text that {@code value} was computed from
 * @param tokens words of the text, parts of identifiers included, for finding what is merely alike
 */
public record Fingerprint(long value, Set<Long> lines, String normalized, Set<String> tokens) {
    /** Characters of a text that are looked at: the start and, three times as much, the end. */
    public static final int TEXT_MAX = 16_384;

    static final int LINES_MAX = 60;
    static final int ERROR_LINES_MAX = 8;
    private static final int FRAMES_MAX = 3;
    static final int LINE_MAX = 600;

    /** A hash that has seen nothing yet. */
    static final long HASH_OF_NOTHING = 0xcbf29ce484222325L;

    private static final Pattern FRAME =
            Pattern.compile("^\\s*(?:at\\s+(?:async\\s+)?(?<at>[\\w$.<>/\\[\\] ]{2,200}?)\\s*(?:\\(.*\\)?)?"
                    + "|File \"[^\"]{1,400}\", line \\d+(?:, in (?<py>[\\w<>.$]{1,200}))?"
                    + "|\\d{1,3}:\\s+(?:0x[0-9a-f]+ - )?(?<rust>[\\w:<>$]{3,200})"
                    + "|#\\d{1,3}\\s+(?:0x[0-9a-f]+ in )?(?<gdb>[\\w:~<>$]{2,200}).*)\\s*$");
    private static final String[] CLASS_ENDINGS = {
        "Exception", "Error", "Failure", "Fault", "Interrupt", "Panic", "Warning"
    };

    private static final Pattern CLASS =
            Pattern.compile("\\b[A-Z][\\w$]*(?:" + String.join("|", CLASS_ENDINGS) + ")\\b");
    /** How a message was shown, as {@link Normalizer} leaves it. */
    static final String[] LABELS = {
        "error ",
        "fatal ",
        "warn ",
        "warning ",
        "info ",
        "debug ",
        "caused by ",
        "exception in thread <q> ",
        "uncaught ",
        "<path> ",
        "<n> ",
        "e "
    };

    /** Colours, cursor moves and links of terminals: ECMA-48 control sequences, and operating system commands. */
    private static final Pattern TERMINAL =
            Pattern.compile("\u001b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\)|[@-Z\\\\-_])");

    public Fingerprint {
        lines = Collections.unmodifiableSet(new TreeSet<>(lines));
        tokens = Collections.unmodifiableSet(new TreeSet<>(tokens));
    }

    /** The fingerprint of a text. */
    public static Fingerprint of(String text) {
        Seen seen = seen(text);
        return new Fingerprint(seen.value(), seen.lines(), seen.normalized(), seen.tokens());
    }

    /** What a fingerprint is made of, in no order. {@link IndexedText} tells the same of plain text faster. */
    record Seen(long value, Set<Long> lines, String normalized, Set<String> tokens) {}

    /** Looks at a text. */
    static Seen seen(String text) {
        String shown = shown(text);
        List<String> messages = new ArrayList<>();
        List<String> frames = new ArrayList<>();
        boolean newestLast = false;
        for (String line : lines(shown)) {
            String bounded = line.length() > LINE_MAX ? line.substring(0, LINE_MAX) : line;
            Matcher frame = mayBeFrame(bounded) ? FRAME.matcher(bounded) : null;
            if (frame != null && frame.matches()) {
                newestLast |= bounded.stripLeading().startsWith("File ");
                frames.add(function(frame));
            } else {
                messages.add(bounded);
            }
        }
        Set<Long> lines = new HashSet<>();
        Set<String> exceptions = new LinkedHashSet<>();
        Set<String> tokens = new HashSet<>();
        StringBuilder words = new StringBuilder();
        int said = 0;
        boolean allTaken = false;
        for (String message : messages) {
            boolean exception = namesException(message);
            boolean alarm = exception || Alarms.in(message);
            if (!alarm && said == LINES_MAX) {
                continue;
            }
            String normalized = withoutLabel(Normalizer.normalize(message));
            if (normalized.isEmpty()) {
                continue;
            }
            if (alarm && lines.size() < ERROR_LINES_MAX && lines.add(hash(normalized))) {
                Tokens.add(tokens, message); // what went wrong first, then what else was said
                allTaken |= message.length() == shown.length();
            }
            if (exception && exceptions.size() < ERROR_LINES_MAX) {
                exceptions.add(normalized);
            }
            if (said < LINES_MAX) {
                words.append(words.isEmpty() ? "" : "\n").append(normalized);
                said++;
            }
        }
        if (!allTaken) {
            Tokens.add(tokens, shown);
        }
        String normalized = exceptions.isEmpty() || frames.isEmpty()
                ? words.toString()
                : String.join("\n", exceptions) + "\n" + String.join("\n", top(frames, newestLast));
        return new Seen(hash(normalized), lines, normalized, tokens);
    }

    /** The lines that are not blank. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        int from = 0;
        for (int at = 0; at <= text.length(); at++) {
            if (at == text.length() || endsLine(text.charAt(at))) {
                String line = text.substring(from, at);
                if (!line.isBlank()) {
                    lines.add(line);
                }
                from = at + 1;
            }
        }
        return lines;
    }

    /** What {@code \R} of a pattern ends a line at. */
    private static boolean endsLine(char c) {
        return c >= '\n' && c <= '\r' || c == '\u0085' || c == '\u2028' || c == '\u2029';
    }

    /** 16 hexadecimal digits. */
    public String hex() {
        return String.format("%016x", value);
    }

    /** How alike two texts are: shared tokens by all tokens, 0 to 1. */
    public double similarity(Fingerprint other) {
        Set<String> shared = new HashSet<>(tokens);
        shared.retainAll(other.tokens);
        int all = tokens.size() + other.tokens.size() - shared.size();
        return all == 0 ? 0 : (double) shared.size() / all;
    }

    /** Spares most lines the pattern. */
    private static boolean mayBeFrame(String line) {
        String start = line.stripLeading();
        return start.startsWith("at ")
                || start.startsWith("File \"")
                || start.startsWith("#")
                || Character.isDigit(start.charAt(0));
    }

    /** What a text shows on a terminal, without colours; of a long one the start and the end. */
    static String shown(String text) {
        String part = headAndTail(text);
        return part.indexOf('\u001b') < 0 ? part : TERMINAL.matcher(part).replaceAll("");
    }

    /** Whether a text has a line that says that something went wrong. */
    public static boolean saysOfFailure(String text) {
        return shown(text).lines().anyMatch(Fingerprint::isAlarm);
    }

    /** Whether a line says that something went wrong. */
    static boolean isAlarm(String line) {
        return namesException(line) || Alarms.in(line);
    }

    private static boolean namesException(String line) {
        for (String ending : CLASS_ENDINGS) {
            if (line.contains(ending)) {
                return CLASS.matcher(line).find();
            }
        }
        return false;
    }

    /** Whether a line is one of a stack trace. */
    static boolean isFrame(String line) {
        return mayBeFrame(line) && FRAME.matcher(line).matches();
    }

    /** A long output says at its start what was done and at its end how it went. */
    private static String headAndTail(String text) {
        return text.length() <= TEXT_MAX
                ? text
                : text.substring(0, TEXT_MAX / 4) + "\n" + text.substring(text.length() - TEXT_MAX / 4 * 3);
    }

    private static String function(Matcher frame) {
        for (String group : new String[] {"at", "py", "rust", "gdb"}) {
            String found = frame.group(group);
            if (found != null) {
                // lambdas and proxies are numbered anew in each build
                return found.strip().replaceAll("[$\\d]+(?=\\W|$)", "").replaceAll("0x[0-9a-f]+", "");
            }
        }
        return "";
    }

    private static List<String> top(List<String> frames, boolean newestLast) {
        List<String> ordered = newestLast ? frames.reversed() : frames;
        return ordered.stream().filter(f -> !f.isBlank()).limit(FRAMES_MAX).toList();
    }

    /** Log levels and "Caused by" are how a message was shown, not what it says. */
    static String withoutLabel(String normalized) {
        String rest = normalized;
        for (boolean again = true; again; ) {
            again = false;
            for (String label : LABELS) {
                if (rest.startsWith(label) && rest.length() > label.length() + 2) {
                    rest = rest.substring(label.length());
                    again = true;
                }
            }
        }
        return rest;
    }

    /** Words of at least two letters in lower case, and the parts of identifiers (camelCase, snake_case); no folders. */
    static Set<String> tokens(String text) {
        if (text.length() > 2 * Tokens.MAX) {
            return of(text).tokens();
        }
        // so short that all its words are kept, in whatever order they are met
        Set<String> tokens = new LinkedHashSet<>();
        Tokens.add(tokens, text);
        return tokens;
    }

    /** FNV-1a over the UTF-16 units, finished by a mix so that all bits count. */
    static long hash(String text) {
        long hash = HASH_OF_NOTHING;
        for (int i = 0; i < text.length(); i++) {
            hash = hashed(hash, text.charAt(i));
        }
        return hashEnd(hash);
    }

    /** A hash that has seen some text, and now one more unit. */
    static long hashed(long before, int unit) {
        return (before ^ unit) * 0x100000001b3L;
    }

    /** What {@link #hash} makes of all that was seen. */
    static long hashEnd(long seen) {
        long hash = seen ^ seen >>> 32;
        hash *= 0xd6e8feb86659fd93L;
        return hash ^ hash >>> 32;
    }
}
