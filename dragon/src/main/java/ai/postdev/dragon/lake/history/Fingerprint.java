package ai.postdev.dragon.lake.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
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

    private static final int LINES_MAX = 60;
    private static final int ERROR_LINES_MAX = 8;
    private static final int FRAMES_MAX = 3;
    private static final int TOKENS_MAX = 128;
    private static final int LINE_MAX = 600;
    private static final int FOLDER_MAX = 64;

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
    /** Colours, cursor moves and links of terminals: ECMA-48 control sequences, and operating system commands. */
    private static final Pattern TERMINAL =
            Pattern.compile("\u001b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\)|[@-Z\\\\-_])");

    private static final Pattern ALARM =
            Pattern.compile("(?i)\\b(?:error|exception|fatal|failed|failure|panic(?:ked)?|cannot|can't|could"
                    + " not|denied|refused|undefined|unresolved|not found|no such|traceback|segmentation fault|timed"
                    + " out|timeout|abort(?:ed)?)\\b");

    public Fingerprint {
        lines = Collections.unmodifiableSet(new TreeSet<>(lines));
        tokens = Collections.unmodifiableSet(new TreeSet<>(tokens));
    }

    /** The fingerprint of a text. */
    public static Fingerprint of(String text) {
        String seen = shown(text);
        List<String> messages = new ArrayList<>();
        List<String> frames = new ArrayList<>();
        boolean newestLast = false;
        for (String line : seen.split("\\R")) {
            if (line.isBlank()) {
                continue;
            }
            String bounded = line.length() > LINE_MAX ? line.substring(0, LINE_MAX) : line;
            Matcher frame = FRAME.matcher(bounded);
            if (mayBeFrame(bounded) && frame.matches()) {
                newestLast |= bounded.stripLeading().startsWith("File ");
                frames.add(function(frame));
            } else {
                messages.add(bounded);
            }
        }
        Set<Long> lines = new LinkedHashSet<>();
        Set<String> exceptions = new LinkedHashSet<>();
        Set<String> tokens = new LinkedHashSet<>();
        StringBuilder words = new StringBuilder();
        int said = 0;
        for (String message : messages) {
            boolean exception = namesException(message);
            boolean alarm = exception || alarms(message);
            if (!alarm && said == LINES_MAX) {
                continue;
            }
            String normalized = withoutLabel(Normalizer.normalize(message));
            if (normalized.isEmpty()) {
                continue;
            }
            if (alarm && lines.size() < ERROR_LINES_MAX && lines.add(hash(normalized))) {
                addTokens(tokens, message); // what went wrong first, then what else was said
            }
            if (exception && exceptions.size() < ERROR_LINES_MAX) {
                exceptions.add(normalized);
            }
            if (said < LINES_MAX) {
                words.append(words.isEmpty() ? "" : "\n").append(normalized);
                said++;
            }
        }
        addTokens(tokens, seen);
        String normalized = exceptions.isEmpty() || frames.isEmpty()
                ? words.toString()
                : String.join("\n", exceptions) + "\n" + String.join("\n", top(frames, newestLast));
        return new Fingerprint(hash(normalized), lines, normalized, tokens);
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
        return namesException(line) || alarms(line);
    }

    private static boolean namesException(String line) {
        for (String ending : CLASS_ENDINGS) {
            if (line.contains(ending)) {
                return CLASS.matcher(line).find();
            }
        }
        return false;
    }

    private static boolean alarms(String line) {
        return ALARM.matcher(line).find();
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
            for (String label : new String[] {
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
            }) {
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
        if (text.length() > 2 * TOKENS_MAX) {
            return of(text).tokens();
        }
        // so short that all its words are kept, in whatever order they are met
        Set<String> tokens = new LinkedHashSet<>();
        addTokens(tokens, text);
        return tokens;
    }

    static void addTokens(Set<String> tokens, String text) {
        int length = text.length();
        int at = 0;
        while (at < length && tokens.size() < TOKENS_MAX) {
            while (at < length && !isWord(text.charAt(at))) {
                at++;
            }
            int end = at;
            while (end < length && isWord(text.charAt(end))) {
                end++;
            }
            if (end > at && !isFolder(text, end)) {
                addWord(tokens, text.substring(at, end));
                addCompound(tokens, text, at, end);
            }
            at = end;
        }
    }

    /** Whether the name that a word is in ends with a slash: {@code build-7/}, {@code v1.2/}. */
    private static boolean isFolder(String text, int wordEnd) {
        int end = wordEnd;
        while (end < text.length()
                && end - wordEnd < FOLDER_MAX
                && (isWord(text.charAt(end)) || text.charAt(end) == '-' || text.charAt(end) == '.')) {
            end++;
        }
        return end < text.length() && (text.charAt(end) == '/' || text.charAt(end) == '\\');
    }

    /** {@code left-pad} is a name of its own, beside its parts; added when its last part is met. */
    private static void addCompound(Set<String> tokens, String text, int at, int end) {
        boolean more = end + 1 < text.length() && text.charAt(end) == '-' && Character.isLetter(text.charAt(end + 1));
        int from = at;
        while (!more && from > 1 && text.charAt(from - 1) == '-' && isWord(text.charAt(from - 2))) {
            from--;
            while (from > 0 && isWord(text.charAt(from - 1))) {
                from--;
            }
        }
        if (from < at && end - from <= 64 && Character.isLetter(text.charAt(from))) {
            String compound = text.substring(from, end);
            if (compound.chars().noneMatch(Character::isDigit)) { // with digits it is an id or a counter
                tokens.add(compound.toLowerCase(Locale.ROOT));
            }
        }
    }

    private static void addWord(Set<String> tokens, String word) {
        if (word.length() < 2
                || word.length() > 64
                || !Character.isLetter(word.charAt(0)) && word.charAt(0) != '_' // a number, a time, an id
                || word.chars().noneMatch(Character::isLetter)
                || looksLikeId(word)) {
            return;
        }
        tokens.add(word.toLowerCase(Locale.ROOT));
        int from = 0;
        for (int i = 1; i <= word.length(); i++) {
            if (i == word.length() || splits(word, i)) {
                if (i - from >= 3 && i - from < word.length()) {
                    String part = word.substring(from, i).replace("_", "");
                    if (part.length() >= 3 && part.chars().anyMatch(Character::isLetter)) {
                        tokens.add(part.toLowerCase(Locale.ROOT));
                    }
                }
                from = i;
            }
        }
    }

    private static boolean splits(String word, int i) {
        char before = word.charAt(i - 1);
        char now = word.charAt(i);
        boolean hump = Character.isUpperCase(now) && Character.isLowerCase(before);
        boolean endOfCapitals = Character.isUpperCase(now)
                && Character.isUpperCase(before)
                && i + 1 < word.length()
                && Character.isLowerCase(word.charAt(i + 1));
        return now == '_' || before == '_' || hump || endOfCapitals;
    }

    private static boolean looksLikeId(String word) {
        return word.length() >= 6
                && word.chars().allMatch(c -> Character.digit(c, 16) >= 0)
                && word.chars().anyMatch(Character::isDigit);
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    /** FNV-1a over the UTF-16 units, finished by a mix so that all bits count. */
    static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        hash ^= hash >>> 32;
        hash *= 0xd6e8feb86659fd93L;
        return hash ^ hash >>> 32;
    }
}
