package ai.postdev.actors.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HybridClockTest {
    private static final int STEPS = 20_000;

    @Test
    void timesOnlyGrowWhateverTheWallClockDoes() {
        Random random = Seed.random("clock");
        AtomicLong wall = new AtomicLong(1_700_000_000_000L);
        HybridClock clock = new HybridClock(wall::get, HybridTime.ZERO);
        HybridTime last = HybridTime.ZERO;
        for (int i = 0; i < STEPS; i++) {
            switch (random.nextInt(5)) {
                case 0 -> wall.addAndGet(random.nextInt(1_000));
                case 1 -> wall.addAndGet(-random.nextInt(100_000));
                case 2 ->
                    clock.observe(HybridTime.of(wall.get() + 200_000 + random.nextInt(1_000), random.nextInt(10)));
                default -> {
                    HybridTime next = clock.next();
                    assertTrue(next.compareTo(last) > 0, next + " after " + last);
                    assertTrue(next.millis() >= wall.get(), "behind the wall clock");
                    last = next;
                }
            }
            assertTrue(clock.last().compareTo(last) >= 0);
        }
    }

    @Test
    void aTimeAfterAnObservedOneIsLaterThanIt() {
        HybridClock clock = new HybridClock(() -> 5, HybridTime.ZERO);
        HybridTime remote = HybridTime.of(1_000, 7);
        clock.observe(remote);
        assertEquals(HybridTime.of(1_000, 8), clock.next());
        clock.observe(HybridTime.of(3, 0));
        assertEquals(HybridTime.of(1_000, 9), clock.next());
    }

    @Test
    void aFullCounterBorrowsTheNextMillisecond() {
        HybridClock clock = new HybridClock(() -> 1_000, HybridTime.of(1_000, HybridTime.COUNTER_MAX));
        assertEquals(HybridTime.of(1_001, 0), clock.next());
        assertEquals(HybridTime.of(1_001, 1), clock.next());
    }

    @Test
    void aClockBeforeTheEpochCountsFromTheEpoch() {
        HybridClock clock = new HybridClock(() -> -5, HybridTime.ZERO);
        assertEquals(HybridTime.of(0, 1), clock.next());
    }

    @Test
    void partsComeBackAndOrderIsThatOfTheParts() {
        Random random = Seed.random("hybrid time");
        for (int i = 0; i < STEPS; i++) {
            long millisA = random.nextLong() >>> 16;
            long millisB = random.nextBoolean() ? millisA : random.nextLong() >>> 16;
            long counterA = random.nextInt(1 << 16);
            long counterB = random.nextInt(1 << 16);
            HybridTime a = HybridTime.of(millisA, counterA);
            HybridTime b = HybridTime.of(millisB, counterB);
            assertEquals(millisA, a.millis());
            assertEquals(counterA, a.counter());
            int expected = millisA != millisB ? Long.compare(millisA, millisB) : Long.compare(counterA, counterB);
            assertEquals(Integer.signum(expected), Integer.signum(a.compareTo(b)));
        }
    }

    @Test
    void partsOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> HybridTime.of(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> HybridTime.of(1L << 48, 0));
        assertThrows(IllegalArgumentException.class, () -> HybridTime.of(0, 1 << 16));
        assertThrows(IllegalArgumentException.class, () -> HybridTime.of(0, -1));
    }
}
