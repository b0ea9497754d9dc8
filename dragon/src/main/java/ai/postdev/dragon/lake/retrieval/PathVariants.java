package ai.postdev.dragon.lake.retrieval;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Knows which files are likely the same thing again: those whose paths differ in one folder only, with enough alike after
 * it, as {@code docs/de/guide/tutorial/start.md} and {@code docs/fr/guide/tutorial/start.md}. One thread.
 */
final class PathVariants {
    /** Names that must be alike after the folder that differs; two files of one name in sister folders are no variants. */
    private static final int TAIL_MIN = 3;

    private final Map<String, String> shown = new HashMap<>();

    /** The file at this path speaks. */
    void shown(String path) {
        patterns(path).forEach(pattern -> shown.putIfAbsent(pattern, path));
    }

    /** Whether another file that was shown is a variant of this one. */
    boolean isVariant(String path) {
        return patterns(path).stream().map(shown::get).anyMatch(other -> other != null && !other.equals(path));
    }

    /** The path with each folder in turn left open. */
    private static Set<String> patterns(String path) {
        String[] names = path.split("/");
        Set<String> patterns = new HashSet<>();
        for (int open = 0; open < names.length - TAIL_MIN; open++) {
            String[] pattern = names.clone();
            pattern[open] = "*";
            patterns.add(String.join("/", pattern));
        }
        return patterns;
    }
}
