package ai.postdev.dragon.lake.retrieval;

import ai.postdev.dragon.lake.text.Terms;
import ai.postdev.dragon.lake.text.Terms.Word;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a query asks for.
 *
 * @param text as typed, trimmed
 * @param words that carry meaning: without the small words of English, unless the query has no others
 * @param names identifiers that the query names: the query itself if it looks like one, else those within it that can
 *     be nothing else
 * @param symbolic whether the whole query looks like an identifier
 */
record QueryText(String text, List<Word> words, Set<String> names, boolean symbolic) {
    /** An identifier that cannot be a plain word: capitals after the first letter, digits, underscores or dots. */
    boolean isCodeName() {
        return symbolic && text.strip().matches(".+[A-Z0-9_.].*|_.*");
    }

    /** Weight of the parts and stems of a word against the word itself. */
    private static final float PART_WEIGHT = 0.5f;

    private static final Set<String> SMALL_WORDS = Set.of(
            "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "could", "do", "does", "for", "from",
            "has", "have", "how", "i", "if", "in", "into", "is", "it", "its", "me", "my", "not", "of", "on", "or",
            "our", "should", "so", "that", "the", "their", "them", "then", "there", "these", "they", "this", "those",
            "to", "was", "we", "were", "what", "when", "where", "which", "who", "whose", "why", "will", "with", "would",
            "you", "your");

    /** Qualified, with a capital or underscore inside, or with a capital first: no plain lower-case word. */
    private static final Pattern IDENTIFIER =
            Pattern.compile("(?:[\\p{L}_$][\\w$]*(?:(?:::|->|\\.|#)[\\p{L}_$][\\w$]*)+"
                    + "|_[\\w$]*|[\\p{L}$][\\w$]*[\\p{Lu}_$][\\w$]*|\\p{Lu}[\\w$]*)(?:\\(\\))?");

    /** Within a sentence only what has a capital or underscore inside is surely an identifier. */
    private static final Pattern NAMED =
            Pattern.compile("\\b(?:\\p{Lu}\\p{Ll}\\w*\\p{Lu}\\w*|\\p{Ll}\\w*\\p{Lu}\\w+|\\p{Ll}+_\\w+)\\b");

    QueryText {
        words = List.copyOf(words);
        names = Set.copyOf(names);
    }

    static QueryText of(String query) {
        String text = query.strip();
        List<Word> all = Terms.words(text);
        List<Word> meaning = new ArrayList<>();
        for (Word word : all) {
            if (!SMALL_WORDS.contains(word.text())) {
                meaning.add(word);
            }
        }
        boolean symbolic = IDENTIFIER.matcher(text).matches();
        Set<String> names = new LinkedHashSet<>();
        if (symbolic) {
            names.add(lastName(text));
        } else {
            Matcher named = NAMED.matcher(text);
            while (named.find()) {
                names.add(named.group());
            }
        }
        return new QueryText(text, meaning.isEmpty() ? all : meaning, names, symbolic);
    }

    /** {@code a::b}, {@code a.b()} and {@code a#b} name {@code b}. */
    static String lastName(String qualified) {
        String bare = qualified.endsWith("()") ? qualified.substring(0, qualified.length() - 2) : qualified;
        int start = bare.length();
        while (start > 0
                && (Character.isLetterOrDigit(bare.charAt(start - 1)) || "_$".indexOf(bare.charAt(start - 1)) >= 0)) {
            start--;
        }
        return bare.substring(start);
    }

    /** What stands before {@link #lastName}, without the separator: {@code a} in {@code a::b}; empty if nothing does. */
    static String qualifier(String qualified) {
        String bare = qualified.endsWith("()") ? qualified.substring(0, qualified.length() - 2) : qualified;
        String before = bare.substring(0, bare.length() - lastName(bare).length());
        return before.replaceAll("(::|->|\\.|#)$", "");
    }

    /** The terms to look for in the index, with their weights. */
    Map<String, Float> terms() {
        Map<String, Float> terms = new LinkedHashMap<>();
        for (Word word : words) {
            for (String term : word.terms()) {
                terms.merge(term, term.equals(word.text()) ? 1f : PART_WEIGHT, Math::max);
            }
        }
        return terms;
    }
}
