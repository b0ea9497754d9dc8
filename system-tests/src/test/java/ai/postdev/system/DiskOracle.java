package ai.postdev.system;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a search must find, worked out from the texts alone with the JDK's own regular expressions, line by line as grep
 * does.
 *
 * @param texts path to text of every file that is remembered
 */
record DiskOracle(Map<String, String> texts) {
    /**
     * The lines of one file that match.
     *
     * @param first number of the first one, from 1
     * @param count how many
     */
    record Lines(int first, int count) {}

    private static final int FLAGS = Pattern.UNIX_LINES | Pattern.UNICODE_CHARACTER_CLASS;

    /** The files with a line that matches, each with which lines. */
    Map<String, Lines> matching(String regex, boolean ignoreCase) {
        Matcher matcher = Pattern.compile(
                        regex, ignoreCase ? FLAGS | Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : FLAGS)
                .matcher("");
        Map<String, Lines> found = new TreeMap<>();
        texts.forEach((path, text) -> {
            int number = 0;
            int first = 0;
            int count = 0;
            for (String line : lines(text)) {
                number++;
                if (matcher.reset(line).find()) {
                    first = count == 0 ? number : first;
                    count++;
                }
            }
            if (count > 0) {
                found.put(path, new Lines(first, count));
            }
        });
        return found;
    }

    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        if (lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        return lines;
    }

    /** The files with this text in them. */
    TreeSet<String> containing(String literal) {
        TreeSet<String> found = new TreeSet<>();
        texts.forEach((path, text) -> {
            if (text.contains(literal)) {
                found.add(path);
            }
        });
        return found;
    }

    /** The programs that define this method or function. */
    TreeSet<String> defining(String name) {
        TreeSet<String> found = new TreeSet<>();
        texts.forEach((path, text) -> {
            boolean defines = path.endsWith(".java") && text.contains("int " + name + "()")
                    || path.endsWith(".py") && text.contains("def " + name + "()");
            if (defines) {
                found.add(path);
            }
        });
        return found;
    }

    /** The first word of the random work in this file. */
    Optional<String> wordOf(String path) {
        Matcher word = Pattern.compile("\\bzu[bdfghkmnpt]+ox\\b").matcher(texts.get(path));
        return word.find() ? Optional.of(word.group()) : Optional.empty();
    }
}
