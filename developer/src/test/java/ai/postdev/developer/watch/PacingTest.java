package ai.postdev.developer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The plain parts that set the pace: debounce and outbox. */
class PacingTest {
    private static final long SETTLE = 50_000_000;
    private static final long FIRST = 4_000_000;

    private static WatchSettings settings(String more) {
        return WatchSettings.from(ConfigFactory.parseString(more).withFallback(ConfigFactory.load()));
    }

    @Test
    void firstChangePassesAtOnceAndFurtherOnesTogether() {
        Debounce debounce = new Debounce(FIRST, SETTLE, 10, 100);
        assertTrue(debounce.changed("a", 0));
        assertFalse(debounce.changed("a", 1));
        assertFalse(debounce.changed("a", 2));
        assertEquals(FIRST - 2, debounce.waitNanos(2));
        assertEquals(List.of(), debounce.settled(FIRST - 1));
        assertEquals(List.of("a"), debounce.settled(FIRST));
        assertEquals(SETTLE, debounce.waitNanos(FIRST));
        assertFalse(debounce.isIdle());
        assertEquals(List.of(), debounce.settled(FIRST + SETTLE));
        assertTrue(debounce.isIdle());
        assertTrue(debounce.changed("a", 3 * SETTLE));
    }

    @Test
    void fileThatNeverRestsIsPassedAtTheFirstAndThenLessAndLess() {
        Debounce debounce = new Debounce(FIRST, SETTLE, 10, 100);
        List<Long> passes = new ArrayList<>();
        for (long now = 0; now < 10 * SETTLE; now += FIRST / 4) {
            boolean settled = !debounce.settled(now).isEmpty();
            if (debounce.changed("a", now) || settled) {
                passes.add(now / FIRST);
            }
        }
        assertEquals(List.of(0L, 1L, 3L, 7L, 15L), passes.subList(0, 5));
        for (int i = 6; i < passes.size(); i++) {
            assertTrue((passes.get(i) - passes.get(i - 1)) * FIRST >= SETTLE - FIRST, passes::toString);
        }
    }

    @Test
    void burstWaitsAndOverflowIsToldOnce() {
        Debounce debounce = new Debounce(FIRST, SETTLE, 2, 4);
        List<String> atOnce = new ArrayList<>();
        for (String path : List.of("a", "b", "c", "d", "e")) {
            if (debounce.changed(path, 0)) {
                atOnce.add(path);
            }
        }
        assertEquals(List.of("a", "b"), atOnce);
        assertEquals(List.of("c", "d"), debounce.settled(SETTLE));
        assertTrue(debounce.takeOverflow());
        assertFalse(debounce.takeOverflow());
    }

    @Test
    void folderAndWhatIsInItAreNeverReadAtTheSameTime() {
        LookQueue queue = new LookQueue();
        List.of("a/b/c", "a", "ab", "a/b").forEach(path -> queue.add(new LookQueue.Look(path), true));
        List<LookQueue.Look> first = queue.take(1, 1, _ -> 1);
        assertEquals(List.of(new LookQueue.Look("a/b/c")), first);
        assertEquals(List.of(new LookQueue.Look("ab")), queue.take(10, 10, _ -> 1));
        queue.done(first);
        queue.add(new LookQueue.Look("a/b/c"), true);
        assertEquals(List.of(new LookQueue.Look("a")), queue.take(1, 1, _ -> 1));
        assertEquals(List.of(), queue.take(10, 10, _ -> 1));
    }

    /** Against a receiver that fails at random: the last value of each key arrives last, and all arrive. */
    @Test
    void outboxNeverLetsAnOldValueOvertakeANewOne() {
        long seed = WatchHarness.SEED;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Outbox outbox = new Outbox(
                settings("postdevai.watch { append-operations-max = 5, retry-min = 0 ns, retry-max = 0 ns }"));
        Map<String, String> wanted = new HashMap<>();
        Map<String, String> held = new HashMap<>();
        List<Outbox.Batch> inFlight = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            if (step < 10_000 && random.nextBoolean()) {
                String key = "k" + random.nextInt(20);
                String value = Integer.toString(step);
                wanted.put(key, value);
                outbox.put(
                        new Outbox.Item(key, new Body.SetSetting(key, value), Optional.empty()), random.nextBoolean());
            }
            Optional<Outbox.Batch> next = outbox.next(System.nanoTime());
            next.ifPresent(inFlight::add);
            Set<String> keys = new HashSet<>();
            inFlight.forEach(batch ->
                    batch.items().forEach(item -> assertTrue(keys.add(item.key()), "twice in flight")));
            if (!inFlight.isEmpty() && (next.isEmpty() || random.nextInt(3) == 0)) {
                Outbox.Batch answered = inFlight.remove(random.nextInt(inFlight.size()));
                boolean written = random.nextInt(4) > 0;
                if (written) {
                    answered.items().forEach(item -> held.put(item.key(), ((Body.SetSetting) item.body()).value()));
                }
                // a lost answer: written, but sent again
                if (written && random.nextInt(5) > 0) {
                    outbox.acknowledged(answered.id());
                } else {
                    outbox.failed(answered.id(), System.nanoTime());
                }
            }
        }
        assertTrue(outbox.isEmpty());
        assertEquals(0, outbox.bytes());
        assertEquals(wanted, held);
    }

    @Test
    void refusedBatchIsSentOneByOneAndOnlyTheWrongOneIsDropped() {
        Outbox outbox = new Outbox(settings("postdevai.watch { retry-min = 0 ns, retry-max = 0 ns }"));
        for (String key : List.of("a", "b", "c")) {
            outbox.put(new Outbox.Item(key, new Body.SetSetting(key, "v"), Optional.empty()), false);
        }
        Outbox.Batch all = outbox.next(System.nanoTime()).orElseThrow();
        assertEquals(3, all.items().size());
        assertEquals(Optional.empty(), outbox.refused(all.id()));
        List<String> dropped = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Outbox.Batch one = outbox.next(System.nanoTime()).orElseThrow();
            assertEquals(1, one.items().size());
            if (one.items().getFirst().key().equals("b")) {
                outbox.refused(one.id()).ifPresent(item -> dropped.add(item.key()));
            } else {
                outbox.acknowledged(one.id());
            }
        }
        assertEquals(List.of("b"), dropped);
        assertTrue(outbox.isEmpty());
    }
}
