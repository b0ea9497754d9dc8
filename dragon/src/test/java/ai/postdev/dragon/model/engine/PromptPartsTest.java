package ai.postdev.dragon.model.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A prompt is read in parts, to its end, and no part makes an engine forget what it holds. */
class PromptPartsTest {
    private static final long PART_NANOS = 100_000_000;
    private static final PartSettings SETTINGS = new PartSettings(Duration.ofNanos(PART_NANOS), 16, 1_024);
    /** Characters of a token here. */
    private static final int TOKEN = 4;

    private static List<Integer> ends(PromptParts parts, String prompt, long tookNanos) {
        List<Integer> ends = new ArrayList<>();
        for (int at = 0; at < prompt.length(); ) {
            at = parts.next(prompt, at, prompt.length() / TOKEN);
            ends.add(at);
            parts.took(tookNanos);
        }
        return ends;
    }

    @Test
    void aShortPromptIsReadAtOnce() {
        assertEquals(List.of(80), ends(new PromptParts(2, SETTINGS), "four".repeat(20), PART_NANOS));
    }

    @Test
    void asManyTextsAreRememberedAsTheEngineHasSequences() {
        String beginning = "word ".repeat(400);
        for (int sequences = 1; sequences <= 3; sequences++) {
            PromptParts parts = PromptParts.of(new LoadRequest(Path.of("model.gguf"), 512, sequences, 1));
            parts.read(beginning);
            for (int i = 1; i < sequences; i++) {
                parts.read(i + " another");
            }
            String prompt = beginning + "more ".repeat(400);
            assertTrue(parts.next(prompt, 0, prompt.length()) >= beginning.length(), sequences + " are held");
            parts.read("one too many");
            assertTrue(parts.next(prompt, 0, prompt.length()) < beginning.length(), sequences + " and no more");
        }
    }

    @Test
    void partsEndBeforeASpaceAndTheLastOneWithThePrompt() {
        String prompt = "lorem ipsum dolor ".repeat(200);
        List<Integer> ends = ends(new PromptParts(2, SETTINGS), prompt, PART_NANOS);
        assertEquals(prompt.length(), ends.getLast());
        assertTrue(ends.size() > 10, ends.toString());
        ends.removeLast();
        ends.forEach(end -> assertEquals(' ', prompt.charAt(end), "at " + end));
    }

    @Test
    void aTextWithoutSpacesIsPartedBetweenCharacters() {
        String prompt = "x" + "🦊".repeat(2_000);
        for (int end : ends(new PromptParts(2, SETTINGS), prompt, PART_NANOS)) {
            assertTrue(end == prompt.length() || !Character.isLowSurrogate(prompt.charAt(end)), "at " + end);
        }
    }

    @Test
    void partsBecomeShorterWhileTheyTakeTooLongAndLongerWhileTheyDoNot() {
        String prompt = "word ".repeat(6_000);
        List<Integer> slow = ends(new PromptParts(1, SETTINGS), prompt, 10 * PART_NANOS);
        assertEquals(SETTINGS.tokensMin() * TOKEN, slow.get(20) - slow.get(19), 5);
        List<Integer> fast = ends(new PromptParts(1, SETTINGS), prompt, 1);
        assertEquals(SETTINGS.tokensMax() * TOKEN, fast.get(7) - fast.get(6), 5);
    }

    @Test
    void noPartIsShorterThanWhatAnEngineHoldsOfThePrompt() {
        long seed = System.nanoTime();
        System.out.println("seed of prompts in parts: " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            int slots = 1 + random.nextInt(4);
            PromptParts parts = new PromptParts(slots, SETTINGS);
            List<String> held = new ArrayList<>();
            for (int request = 0; request < 8; request++) {
                String prompt = held.isEmpty() || random.nextInt(3) == 0
                        ? text(random, 400)
                        : held.get(random.nextInt(held.size())).substring(0, 1) + text(random, 300);
                if (!held.isEmpty() && random.nextBoolean()) {
                    String other = held.get(random.nextInt(held.size()));
                    prompt = other.substring(0, random.nextInt(other.length())) + text(random, 200);
                }
                int at = 0;
                while (at < prompt.length()) {
                    int end = parts.next(prompt, at, Math.max(1, prompt.length() / TOKEN));
                    assertTrue(end > at, "a part of nothing");
                    for (String text : held) {
                        assertTrue(end >= common(text, prompt), "what was read would be forgotten");
                    }
                    at = end;
                    parts.took(random.nextLong(4 * PART_NANOS));
                }
                String answered = prompt + text(random, 20);
                parts.read(answered);
                held.addFirst(answered);
                if (held.size() > slots) {
                    held.removeLast();
                }
            }
        }
    }

    private static int common(String one, String other) {
        int at = 0;
        while (at < Math.min(one.length(), other.length()) && one.charAt(at) == other.charAt(at)) {
            at++;
        }
        return at;
    }

    private static String text(Random random, int wordsMax) {
        StringBuilder text = new StringBuilder("w");
        for (int i = 1 + random.nextInt(wordsMax); i > 0; i--) {
            text.append(" ".repeat(random.nextInt(2))).append((char) ('a' + random.nextInt(3)));
        }
        return text.toString();
    }

    @Test
    void partsHaveTheSizesOfTheSettings() {
        PartSettings sizes = new PartSettings(Duration.ofSeconds(1), 64, 100);
        List<Integer> ends = ends(new PromptParts(1, sizes), "x".repeat(TOKEN * 1_000), 1);
        assertEquals(64 * TOKEN, ends.getFirst());
        assertEquals(100 * TOKEN, ends.get(2) - ends.get(1), "quickly read, and at most so many");
    }
}
