package ai.postdev.actors.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VersionVectorTest {
    private static final int CASES = 2_000;

    @Test
    void mergeIsALeastUpperBound() {
        Random random = Seed.random("version vector");
        for (int i = 0; i < CASES; i++) {
            VersionVector a = vector(random);
            VersionVector b = vector(random);
            VersionVector c = vector(random);
            VersionVector ab = a.merge(b);
            assertEquals(ab, b.merge(a), "commutative");
            assertEquals(a.merge(b.merge(c)), ab.merge(c), "associative");
            assertEquals(a, a.merge(a), "idempotent");
            assertEquals(a, a.merge(VersionVector.EMPTY), "empty is neutral");
            assertTrue(ab.covers(a) && ab.covers(b), "an upper bound");
            if (c.covers(a) && c.covers(b)) {
                assertTrue(c.covers(ab), "the least");
            }
        }
    }

    @Test
    void coversAgreesWithEachOriginsSequence() {
        Random random = Seed.random("covers");
        for (int i = 0; i < CASES; i++) {
            VersionVector a = vector(random);
            VersionVector b = vector(random);
            boolean expected = true;
            for (int origin = 0; origin < 4; origin++) {
                expected &= a.sequence(origin(origin)) >= b.sequence(origin(origin));
            }
            assertEquals(expected, a.covers(b));
            assertEquals(a.equals(b), a.covers(b) && b.covers(a));
        }
    }

    @Test
    void withOnlyMovesForward() {
        VersionVector three = VersionVector.EMPTY.with(origin(0), 3);
        assertEquals(3, three.sequence(origin(0)));
        assertSame(three, three.with(origin(0), 3));
        assertSame(three, three.with(origin(0), 2));
        assertEquals(4, three.with(origin(0), 4).sequence(origin(0)));
        assertEquals(3, three.sequence(origin(0)), "unchanged");
        assertEquals(0, three.sequence(origin(1)));
    }

    @Test
    void sequencesStartAtOneAndTheMapIsACopy() {
        assertThrows(IllegalArgumentException.class, () -> new VersionVector(Map.of(origin(0), 0L)));
        Map<Origin, Long> map = new HashMap<>(Map.of(origin(0), 1L));
        VersionVector vector = new VersionVector(map);
        map.put(origin(0), 9L);
        assertEquals(1, vector.sequence(origin(0)));
        assertThrows(
                UnsupportedOperationException.class, () -> vector.sequences().clear());
    }

    private static VersionVector vector(Random random) {
        Map<Origin, Long> sequences = new HashMap<>();
        for (int origin = 0; origin < 4; origin++) {
            if (random.nextInt(3) > 0) {
                sequences.put(origin(origin), 1L + random.nextInt(3));
            }
        }
        return new VersionVector(sequences);
    }

    private static Origin origin(int number) {
        return new Origin("origin-" + number);
    }
}
