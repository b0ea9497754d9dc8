package ai.postdev.developer.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.developer.content.PlantedSecrets.Plant;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RedactorTest {
    private static final long SEED = Long.getLong("postdevai.seed", 20261124L);
    private final Redactor redactor = new Redactor();

    @Test
    void noneOfAThousandPlantedSecretsIsFoundAfterwards() {
        Random random = new Random(SEED);
        PlantedSecrets secrets = new PlantedSecrets(random);
        StringBuilder text = new StringBuilder();
        List<Plant> plants = new ArrayList<>();
        Set<String> kinds = new HashSet<>();
        for (int i = 0; i < 1_240; i++) {
            Plant plant = secrets.plant(i % PlantedSecrets.KINDS);
            plants.add(plant);
            kinds.add(plant.kind());
            text.append(CleanCode.lines(random, random.nextInt(6)))
                    .append(plant.text())
                    .append('\n');
        }
        String clean = redactor.redact(text.toString());
        List<String> left = new ArrayList<>();
        for (Plant plant : plants) {
            for (String secret : plant.secrets()) {
                if (clean.contains(secret)) {
                    left.add(plant.kind() + ": " + plant.text());
                }
            }
        }
        assertEquals(List.of(), left, "seed " + SEED);
        assertTrue(kinds.size() >= 50, kinds::toString);
        assertEquals(lines(text.toString()), lines(clean));
        assertEquals(clean, redactor.redact(clean), "redacting twice must change nothing; seed " + SEED);
    }

    @Test
    void codeThatOnlySpeaksOfSecretsIsLeftAlone() {
        String text = CleanCode.lines(new Random(SEED), 20_000);
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        Redaction redaction = redactor.redact(utf8);
        assertEquals(List.of(), redaction.kinds());
        assertSame(utf8, redaction.utf8());
        assertSame(text, redactor.redact(text));
    }

    @Test
    void theReplacementNamesTheKindAndKeepsTheLines() {
        String key = "a\n-----BEGIN PRIVATE KEY-----\n" + ("MIIEvQ".repeat(10) + "\n").repeat(3)
                + "-----END PRIVATE KEY-----\nb ghp_" + "a1B2".repeat(9) + " c\n";
        assertEquals("a\n[redacted:private-key]\n\n\n\n\nb [redacted:github-token] c\n", redactor.redact(key));
    }

    @Test
    void randomTextIsRedactedOnceAndKeepsItsLinesAndItsCharacters() {
        Random random = new Random(SEED);
        PlantedSecrets secrets = new PlantedSecrets(random);
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int part = random.nextInt(8); part >= 0; part--) {
                String piece = random.nextBoolean()
                        ? secrets.plant(random.nextInt(PlantedSecrets.KINDS)).text()
                        : CleanCode.lines(random, 1);
                int cut = random.nextInt(piece.length() + 1);
                text.append(random.nextBoolean() ? piece : piece.substring(0, cut))
                        .append(random.nextBoolean() ? "\n" : "");
            }
            String what = "seed " + SEED + " round " + round + ": " + text;
            String once = redactor.redact(text.toString());
            assertEquals(lines(text.toString()), lines(once), what);
            assertEquals(once, redactor.redact(once), what);
            assertFalse(once.indexOf('\uFFFD') >= 0, what);
        }
    }

    @Test
    void randomBytesNeverFailAndKeepTheirLines() {
        Random random = new Random(SEED);
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = random.nextInt(3) == 0 ? (byte) "=:\"'-@/ \n_".charAt(random.nextInt(10)) : bytes[i];
            }
            byte[] once = redactor.redact(bytes).utf8();
            assertEquals(newlines(bytes), newlines(once));
            assertArrayEquals(once, redactor.redact(once).utf8(), "seed " + SEED + " round " + round);
        }
    }

    private static long lines(String text) {
        return text.chars().filter(c -> c == '\n').count();
    }

    private static int newlines(byte[] bytes) {
        int count = 0;
        for (byte b : bytes) {
            count += b == '\n' ? 1 : 0;
        }
        return count;
    }
}
