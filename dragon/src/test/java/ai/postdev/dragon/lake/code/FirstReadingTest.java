package ai.postdev.dragon.lake.code;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FirstReadingTest {
    private static final long PAUSE = FirstReading.PAUSE.toNanos();
    /** Such a clock overflows in the middle of the test. */
    private static final long START = Long.MAX_VALUE - PAUSE / 2;

    private final FirstReading reading = new FirstReading(START);

    @Test
    void aSaveIsNoReading() {
        assertFalse(reading.written(FirstReading.BULK_BYTES - 1, START));
        assertFalse(reading.isOn());
        assertFalse(reading.mustPause(START));
        assertFalse(reading.shown(START));
        assertFalse(reading.quiet());
    }

    @Test
    void aReadingBeginsOnceAndEndsOnce() {
        assertTrue(reading.written(FirstReading.BULK_BYTES, START));
        assertFalse(reading.written(FirstReading.BULK_BYTES, START + 1));
        assertTrue(reading.isOn());
        assertTrue(reading.quiet());
        assertFalse(reading.isOn());
        assertFalse(reading.quiet());
        assertTrue(reading.written(FirstReading.BULK_BYTES, START + 2));
    }

    @Test
    void thePauseBeginsAnewWithEachWriteAndWhenItIsShown() {
        reading.written(FirstReading.BULK_BYTES, START);
        assertTrue(reading.mustPause(START + PAUSE - 1));
        assertFalse(reading.mustPause(START + PAUSE));
        reading.written(FirstReading.BULK_BYTES, START + PAUSE);
        assertTrue(reading.mustPause(START + 2 * PAUSE - 1));
        assertTrue(reading.shown(START + 3 * PAUSE));
        assertTrue(reading.mustPause(START + 4 * PAUSE - 1));
        assertFalse(reading.mustPause(START + 4 * PAUSE));
        assertFalse(reading.shown(START + 4 * PAUSE), "nothing was written since");
    }
}
