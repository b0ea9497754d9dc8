package ai.postdev.coordinator.ask;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a text that carry meaning, in lower case; names in code also in their parts. */
final class Words {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_]+");
    private static final Pattern PART = Pattern.compile("\\p{Lu}+(?=\\p{Lu}\\p{Ll})|\\p{Lu}?\\p{Ll}+|\\p{Lu}+|\\p{N}+");
    private static final int LENGTH_MIN = 3;
    private static final Set<String> EMPTY = Set.of(
            "the",
            "and",
            "for",
            "are",
            "was",
            "were",
            "what",
            "where",
            "which",
            "who",
            "whom",
            "whose",
            "why",
            "how",
            "when",
            "does",
            "did",
            "done",
            "doing",
            "has",
            "have",
            "had",
            "this",
            "that",
            "these",
            "those",
            "with",
            "from",
            "into",
            "onto",
            "there",
            "here",
            "can",
            "could",
            "would",
            "should",
            "will",
            "shall",
            "may",
            "might",
            "must",
            "not",
            "but",
            "its",
            "our",
            "your",
            "their",
            "they",
            "them",
            "you",
            "use",
            "used",
            "uses",
            "using",
            "any",
            "all",
            "some",
            "code",
            "project",
            "repository",
            "file",
            "files",
            "happen",
            "happens",
            "work",
            "works",
            "get",
            "gets",
            "explain",
            "tell",
            "show",
            "about",
            "than",
            "then",
            "been",
            "being",
            "also",
            "only",
            "each");

    private Words() {}

    static Set<String> of(String text) {
        Set<String> words = new LinkedHashSet<>();
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            add(words, word.group());
            List<String> parts = PART.matcher(word.group())
                    .results()
                    .map(part -> part.group())
                    .toList();
            if (parts.size() > 1) {
                parts.forEach(part -> add(words, part));
            }
        }
        return words;
    }

    private static void add(Set<String> words, String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        if (lower.length() >= LENGTH_MIN && !EMPTY.contains(lower)) {
            words.add(stem(lower));
        }
    }

    /** Endings of English words go, so that "retries" and "retry" are one. Rough, and the same for both sides. */
    static String stem(String word) {
        for (String ending :
                List.of("ations", "ation", "ings", "ing", "ies", "ied", "ers", "er", "es", "ed", "s", "y")) {
            if (word.endsWith(ending) && word.length() - ending.length() >= LENGTH_MIN) {
                return word.substring(0, word.length() - ending.length());
            }
        }
        return word;
    }
}
