package ai.postdev.system;

import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Text without meaning that no redactor would touch. */
final class PlainWords {
    private static final String[] WORDS = {
        "harbour", "lantern", "meadow", "granite", "ribbon", "copper", "willow", "thunder", "saddle", "orchard",
        "velvet", "anchor", "pepper", "marble", "canyon", "feather", "timber", "compass", "kettle", "glacier"
    };

    private PlainWords() {}

    static String some(Random random, int count) {
        return IntStream.range(0, count)
                .mapToObj(_ -> WORDS[random.nextInt(WORDS.length)])
                .collect(Collectors.joining(" "));
    }
}
