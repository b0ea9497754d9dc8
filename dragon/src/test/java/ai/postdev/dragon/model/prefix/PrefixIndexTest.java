package ai.postdev.dragon.model.prefix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PrefixIndexTest {
    private static final PrefixSettings SETTINGS = new PrefixSettings(2, 2, 50, Duration.ofMinutes(1));

    private final PrefixIndex index = new PrefixIndex(SETTINGS, 10, 200);

    private static PrefixEffect keep(long handle, int tokens) {
        return new PrefixEffect.Keep(handle, tokens);
    }

    @Test
    void aPromptThatBeginsAlikeIsReadFromWhereItDiffers() {
        assertEquals(Match.NONE, index.find(new int[] {1, 2, 3}, 0));
        assertEquals(List.of(keep(1, 5)), index.keep(new int[] {1, 2, 3, 4, 5}, 0));
        assertEquals(new Match(1, 5), index.find(new int[] {1, 2, 3, 4, 5, 6}, 0));
        assertEquals(new Match(1, 3), index.find(new int[] {1, 2, 3, 9, 9}, 0), "only a part of it");
        assertEquals(new Match(1, 2), index.find(new int[] {1, 2, 3}, 0), "the last token is always read");
        assertEquals(Match.NONE, index.find(new int[] {1, 9, 9}, 0), "one token is not worth it");
        assertEquals(Match.NONE, index.find(new int[] {}, 0));
        assertEquals(10, index.reusedTokens());
        assertEquals(20, index.askedTokens());
    }

    @Test
    void aLongerSessionTakesThePlaceOfTheShorterThatItGoesOnFrom() {
        index.keep(new int[] {1, 2, 3}, 0);
        assertEquals(List.of(keep(2, 5), new PrefixEffect.Drop(1)), index.keep(new int[] {1, 2, 3, 4, 5}, 0));
        assertEquals(List.of(), index.keep(new int[] {1, 2, 3}, 0), "it is there already");
        assertEquals(List.of(keep(3, 4)), index.keep(new int[] {1, 2, 8, 9}, 0));
        assertEquals(70, index.bytes(), "what both begin with counts once");
        assertEquals(2, index.entries());
        assertEquals(List.of(), index.keep(new int[] {1}, 0));
    }

    @Test
    void beyondItsBytesTheEndThatWasUsedLeastGoes() {
        index.keep(new int[] {1, 2, 3, 4, 5, 6, 7, 8}, 0);
        index.keep(new int[] {1, 2, 3, 4, 25, 26, 27, 28}, 1);
        index.find(new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 2);
        assertEquals(120, index.bytes());
        assertEquals(
                List.of(keep(3, 10), new PrefixEffect.Trim(2, 6)),
                index.keep(new int[] {30, 31, 32, 33, 34, 35, 36, 37, 38, 39}, 3),
                "by two, in whole blocks");
        assertEquals(200, index.bytes());
        assertEquals(List.of(new PrefixEffect.Drop(2)), index.bound(180, 4));
        assertEquals(
                List.of(new PrefixEffect.Trim(3, 4), new PrefixEffect.Drop(3)),
                concat(index.bound(120, 5), index.bound(80, 6)));
        assertEquals(List.of(new PrefixEffect.Trim(1, 4)), index.bound(40, 7));
        assertEquals(new Match(1, 4), index.find(new int[] {1, 2, 3, 4, 5, 6}, 8));
        assertEquals(List.of(new PrefixEffect.Drop(1)), index.bound(0, 9));
        assertEquals(0, index.entries());
        assertEquals(List.of(), index.keep(new int[] {1, 2, 3}, 10), "nothing fits");
    }

    private static List<PrefixEffect> concat(List<PrefixEffect> first, List<PrefixEffect> second) {
        return java.util.stream.Stream.concat(first.stream(), second.stream()).toList();
    }

    @Test
    void ofASessionThatIsTooLongTheBeginningIsKept() {
        int[] tokens = new int[30];
        Arrays.setAll(tokens, i -> i);
        assertEquals(List.of(keep(1, 20)), index.keep(tokens, 0));
    }

    /** Against a list of all that is kept, and a worker that does what it is told. */
    @Test
    void anyCourseFindsWhatComparingWithEverythingFinds() {
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println("prefix index: -Dpostdevai.seed=" + seed);
        Random random = new Random(seed);
        long matches = 0;
        for (int round = 0; round < 60; round++) {
            PrefixSettings settings = new PrefixSettings(
                    1 + random.nextInt(4), 1 + random.nextInt(5), 1 + random.nextInt(12), Duration.ofSeconds(1));
            long bytesMax = random.nextInt(600);
            PrefixIndex any = new PrefixIndex(settings, 3, bytesMax);
            Map<Long, int[]> worker = new HashMap<>();
            for (int step = 0; step < 300; step++) {
                long now = step * 10L;
                int[] tokens = tokens(random);
                switch (random.nextInt(5)) {
                    case 0, 1 -> {
                        Match match = any.find(tokens, now);
                        int best = worker.values().stream()
                                .mapToInt(kept -> common(kept, tokens))
                                .max()
                                .orElse(0);
                        best = Math.min(best, tokens.length - 1);
                        assertEquals(best < settings.tokensMin() ? 0 : best, match.tokens());
                        if (match.tokens() > 0) {
                            matches++;
                            assertTrue(common(worker.get(match.handle()), tokens) >= match.tokens());
                        }
                    }
                    case 2, 3 -> carryOut(any.keep(tokens, now), worker, tokens);
                    default -> {
                        bytesMax = random.nextInt(600);
                        carryOut(any.bound(bytesMax, now), worker, null);
                    }
                }
                assertEquals(3L * distinct(worker), any.bytes(), "each piece counts once");
                assertTrue(any.bytes() <= bytesMax && any.entries() <= settings.entriesMax());
                assertEquals(worker.size(), any.entries());
            }
        }
        assertTrue(matches > 500, "matches " + matches);
    }

    private static void carryOut(List<PrefixEffect> effects, Map<Long, int[]> worker, int[] session) {
        for (PrefixEffect effect : effects) {
            switch (effect) {
                case PrefixEffect.Keep keep ->
                    assertNull(worker.put(keep.handle(), Arrays.copyOf(session, keep.tokens())));
                case PrefixEffect.Trim trim -> {
                    int[] kept = worker.get(trim.handle());
                    assertTrue(trim.tokens() < kept.length && trim.tokens() > 0);
                    worker.put(trim.handle(), Arrays.copyOf(kept, trim.tokens()));
                }
                case PrefixEffect.Drop drop -> assertNotNull(worker.remove(drop.handle()));
            }
        }
    }

    private static int[] tokens(Random random) {
        int[] tokens = new int[1 + random.nextInt(24)];
        Arrays.setAll(tokens, i -> random.nextInt(i < 3 ? 2 : 3));
        return tokens;
    }

    private static int common(int[] a, int[] b) {
        int mismatch = Arrays.mismatch(a, b);
        return mismatch < 0 ? a.length : mismatch;
    }

    private static int distinct(Map<Long, int[]> worker) {
        Set<List<Integer>> beginnings = new HashSet<>();
        for (int[] kept : worker.values()) {
            for (int length = 1; length <= kept.length; length++) {
                beginnings.add(Arrays.stream(kept, 0, length).boxed().toList());
            }
        }
        return beginnings.size();
    }
}
