package ai.postdev.coordinator.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Texts to measure models with: no two of one bench begin alike, so that nothing that was read before helps. */
final class BenchTexts {
    private static final List<String> WORDS = List.of(
            "return", "value", "the", "request", "retry", "index", "for", "each", "line", "of", "file", "when", "cache",
            "is", "cleared", "int", "count", "if", "null", "then", "parse", "header", "and", "write", "token", "list",
            "error", "public", "class", "with", "timeout", "before", "(", ")", "{", "}", ";", "=", "+", "1");
    private static final int SHORTEST = 8;
    private static final int LONGEST = 160;

    private final Random random;

    BenchTexts(long seed) {
        random = new Random(seed);
    }

    /** A text of so many words, which take somewhat more tokens. */
    String words(int count) {
        StringBuilder text = new StringBuilder().append(random.nextInt(1_000_000));
        for (int i = 0; i < count; i++) {
            text.append(' ').append(WORDS.get(random.nextInt(WORDS.size())));
        }
        return text.toString();
    }

    /** Texts of lengths that chunks of source have. */
    List<String> chunks(int count) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(words(SHORTEST + random.nextInt(LONGEST - SHORTEST)));
        }
        return texts;
    }
}
