package ai.postdev.actors.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The bound against two real vocabularies, on the sources and pages of this repository and on random lines. */
class TokenBoundTest {
    private static final EncodingRegistry REGISTRY = Encodings.newLazyEncodingRegistry();
    private static final List<Encoding> VOCABULARIES =
            List.of(REGISTRY.getEncoding(EncodingType.CL100K_BASE), REGISTRY.getEncoding(EncodingType.O200K_BASE));

    /** What a bound may exceed by and still fill a budget well. */
    private static final double RATIO_MAX = 2.2;

    private static List<Path> files() throws IOException {
        try (Stream<Path> walk = Files.walk(Path.of("..").toRealPath())) {
            return walk.filter(file -> file.toString().matches(".*\\.(java|md|conf|proto|xml|py|sh|cpp|h)"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void holdsForEveryPageOfEveryFileAndIsNotFarOff() throws IOException {
        long bound = 0;
        long most = 0;
        int pages = 0;
        for (Path file : files()) {
            List<String> lines = Files.readAllLines(file);
            for (int from = 0; from < lines.size(); from += 40) {
                String page = String.join("\n", lines.subList(from, Math.min(lines.size(), from + 40))) + "\n";
                int upper = TokenBound.of(page);
                for (Encoding vocabulary : VOCABULARIES) {
                    int tokens = vocabulary.countTokensOrdinary(page);
                    assertTrue(upper >= tokens, () -> file + ": " + tokens + " tokens, bound " + upper + "\n" + page);
                    most += tokens;
                }
                bound += upper;
                pages++;
            }
        }
        assertTrue(pages > 100, "pages: " + pages);
        double ratio = bound * VOCABULARIES.size() / (double) most;
        System.out.println("bound / tokens: " + ratio);
        assertTrue(ratio < RATIO_MAX, "the bound is " + ratio + " times the tokens");
    }

    @Test
    void isTheSumOfItsLines() {
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println("TokenBoundTest: -Dpostdevai.seed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            String first = line(random) + "\n";
            String second = line(random);
            assertEquals(TokenBound.of(first) + TokenBound.of(second), TokenBound.of(first + second), first + second);
        }
    }

    @Test
    void holdsForSignsDigitsAndForeignLetters() {
        for (String text : List.of(
                "{}[]();:=>->!=&&||",
                "1234567890",
                "größer als ‘naïve’",
                "日本語のテキスト",
                "🙂🚀👩‍👩‍👧",
                "\t\t\tx",
                "        y",
                "a\r\n\r\n\r\nb",
                "====----____",
                " ( ) [ ]")) {
            for (Encoding vocabulary : VOCABULARIES) {
                assertTrue(TokenBound.of(text) >= vocabulary.countTokensOrdinary(text), text);
            }
        }
        assertEquals(0, TokenBound.of(""));
    }

    private static String line(Random random) {
        String alphabet = "abcXYZ  \t_.,(){}0123456789äß日🙂\r";
        StringBuilder line = new StringBuilder();
        for (int i = random.nextInt(60); i > 0; i--) {
            int at = random.nextInt(alphabet.codePointCount(0, alphabet.length()));
            line.appendCodePoint(alphabet.codePointAt(alphabet.offsetByCodePoints(0, at)));
        }
        return line.toString();
    }
}
