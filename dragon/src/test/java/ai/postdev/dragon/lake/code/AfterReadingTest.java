package ai.postdev.dragon.lake.code;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AfterReadingTest {
    private static final long SOME = 1 << 20;
    private final AfterReading after = new AfterReading();

    @Test
    void theParserGoesFirstUnlessItTakesTooLongOrTooMuchIsLeft() {
        assertFalse(after.mustWait(true, SOME, 0), "after a start the symbols wait");
        long now = TimeUnit.SECONDS.toNanos(100);
        after.begins(now);
        assertTrue(after.mustWait(true, SOME, now));
        assertFalse(after.mustWait(false, SOME, now));
        assertFalse(after.mustWait(true, 300 << 20, now));
        assertTrue(after.mustWait(true, SOME, now + TimeUnit.SECONDS.toNanos(29)));
        assertFalse(after.mustWait(true, SOME, now + TimeUnit.SECONDS.toNanos(30)));
    }
}
