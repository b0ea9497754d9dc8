package ai.postdev.dragon.model.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
    private final CircuitBreaker breaker = new CircuitBreaker(3, Duration.ofMillis(100), Duration.ofMillis(350));

    @Test
    void failuresInARowOpenItAndASuccessStartsAnew() {
        breaker.failure(0);
        breaker.failure(0);
        breaker.success();
        breaker.failure(0);
        breaker.failure(0);
        assertTrue(breaker.allows(0));
        breaker.failure(1);
        assertEquals(CircuitBreaker.State.OPEN, breaker.state());
        assertEquals(3, breaker.failures());
        assertFalse(breaker.allows(100));
        assertEquals(101, breaker.openUntil());
        assertTrue(breaker.allows(101));
        assertEquals(CircuitBreaker.State.HALF_OPEN, breaker.state());
        assertFalse(breaker.allows(1_000), "one trial at a time");
        breaker.success();
        assertEquals(CircuitBreaker.State.CLOSED, breaker.state());
        assertTrue(breaker.allows(1_000));
    }

    @Test
    void eachFailedTrialKeepsItOpenForTwiceAsLong() {
        for (int i = 0; i < 3; i++) {
            breaker.failure(0);
        }
        long now = 0;
        for (long wait : new long[] {100, 200, 350, 350}) {
            assertEquals(now + wait, breaker.openUntil());
            now += wait;
            assertTrue(breaker.allows(now));
            breaker.failure(now);
        }
        now = breaker.openUntil();
        assertTrue(breaker.allows(now));
        breaker.withdrawn();
        assertTrue(breaker.allows(now), "a trial that was given up says nothing");
        breaker.success();
        for (int i = 0; i < 3; i++) {
            breaker.failure(now);
        }
        assertEquals(now + 100, breaker.openUntil(), "a success forgets how often it was open");
    }
}
