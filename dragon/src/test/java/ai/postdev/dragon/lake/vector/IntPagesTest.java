package ai.postdev.dragon.lake.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.lake.Seeded;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IntPagesTest {
    @Test
    void itHoldsWhatWasSetLastWhateverWasTakenAway() {
        Random random = Seeded.random("itHoldsWhatWasSetLastWhateverWasTakenAway");
        IntPages pages = new IntPages();
        Map<Integer, Integer> expected = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            int index = random.nextInt(30_000);
            int value = random.nextInt(5) - 3;
            pages.set(index, Math.max(-1, value));
            expected.put(index, Math.max(-1, value));
        }
        expected.forEach((index, value) -> assertEquals(value, pages.get(index)));
        for (int index = 0; index < 40_000; index++) {
            pages.set(index, -1);
            assertEquals(-1, pages.get(index));
        }
        pages.set(7, 42);
        assertEquals(42, pages.get(7), "a page that was given back is begun again");
        assertEquals(-1, pages.get(8));
    }

    @Test
    void numbersThatAreNeverUsedTwiceLeaveNothingBehind() {
        IntPages pages = new IntPages();
        int window = 10_000;
        for (int index = 0; index < window; index++) {
            pages.set(index, index);
        }
        long held = pages.memoryBytes();
        for (int index = window; index < 50 * window; index++) {
            pages.set(index, index);
            pages.set(index - window, -1);
        }
        assertTrue(pages.memoryBytes() < 1.5 * held, held + " bytes became " + pages.memoryBytes());
        assertEquals(50 * window - 1, pages.get(50 * window - 1));
        assertEquals(-1, pages.get(0));
    }
}
