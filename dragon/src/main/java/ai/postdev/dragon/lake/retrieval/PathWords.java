package ai.postdev.dragon.lake.retrieval;

import ai.postdev.dragon.lake.text.Terms;
import ai.postdev.dragon.lake.text.Terms.Word;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The words in the name of a file and of its folder. A file that is only the door of its folder ({@code mod.rs},
 * {@code index.js}, {@code __init__.py}) goes by the folder's name.
 *
 * @param name the file's name without its extensions, or the folder's for a door
 * @param terms of that name
 * @param folderTerms of the name of the folder
 * @param role what the file is for
 */
record PathWords(String name, Set<String> terms, Set<String> folderTerms, FileRole role) {
    /** A word matches a longer one that starts with it, from this length on. */
    private static final int PREFIX_MIN = 4;

    /** The name of the folder says less about a file than its own. */
    private static final double FOLDER_WEIGHT = 0.5;

    private static final Set<String> DOORS = Set.of("mod", "index", "__init__");

    /** The same paths are asked for in every query; at this many the memory of them starts anew. */
    private static final int KNOWN_MAX = 50_000;

    private static final Map<String, PathWords> KNOWN = new ConcurrentHashMap<>();

    static PathWords of(String path) {
        PathWords known = KNOWN.get(path);
        if (known == null) {
            if (KNOWN.size() >= KNOWN_MAX) {
                KNOWN.clear();
            }
            known = read(path);
            KNOWN.put(path, known);
        }
        return known;
    }

    private static PathWords read(String path) {
        String[] names = path.split("/");
        String file = names[names.length - 1];
        int dot = file.indexOf('.', 1);
        String name = dot > 0 ? file.substring(0, dot) : file;
        String folder = names.length > 1 ? names[names.length - 2] : "";
        String own = DOORS.contains(name) && !folder.isEmpty() ? folder : name;
        return new PathWords(own, Terms.all(own), Terms.all(folder), FileRole.of(path));
    }

    /** The share of {@code words} that these names hold, 0 to 1. */
    double share(List<Word> words) {
        double found = 0;
        for (Word word : words) {
            if (anyMeets(word, terms)) {
                found += 1;
            } else if (anyMeets(word, folderTerms)) {
                found += FOLDER_WEIGHT;
            }
        }
        return words.isEmpty() ? 0 : found / words.size();
    }

    private static boolean anyMeets(Word word, Set<String> names) {
        for (String term : word.terms()) {
            for (String name : names) {
                if (meets(term, name)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean meets(String a, String b) {
        String shorter = a.length() < b.length() ? a : b;
        return a.equals(b) || shorter.length() >= PREFIX_MIN && (a.length() < b.length() ? b : a).startsWith(shorter);
    }

    /** Whether the file is named after {@code identifier}, whatever the case, underscores and a plural. */
    boolean isNamedAfter(String identifier) {
        String a = bare(name);
        String b = bare(identifier);
        return a.equals(b) || a.equals(b + "s") || b.equals(a + "s");
    }

    private static String bare(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }
}
