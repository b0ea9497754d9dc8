package ai.postdev.dragon.lake.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.lake.Seeded;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FingerprintIndexTest {
    private static final int EVENTS = 150_000;

    private static List<Integer> found(FingerprintIndex index, long fingerprint, int bound) {
        List<Integer> events = new ArrayList<>();
        index.each(fingerprint, bound, event -> {
            events.add(event);
            return true;
        });
        return events.reversed();
    }

    /** Large runs, small ones and the open pairs are all met. */
    @Test
    void findsWhatAMapFindsAtEveryBoundAndAfterASnapshot() throws IOException {
        Random random = Seeded.random("fingerprint index");
        FingerprintIndex index = new FingerprintIndex();
        Map<Long, List<Integer>> all = new HashMap<>();
        Map<Long, List<Integer>> early = new HashMap<>();
        List<Long> known = new ArrayList<>();
        int bound = random.nextInt(EVENTS);
        for (int pair = 0; pair < 300_000; pair++) {
            long fingerprint = known.isEmpty() || random.nextInt(3) > 0
                    ? random.nextLong()
                    : known.get(random.nextInt(Math.min(50, known.size())));
            known.add(fingerprint);
            index.add(fingerprint, pair / 2);
            all.computeIfAbsent(fingerprint, _ -> new ArrayList<>()).add(pair / 2);
            if (pair / 2 < bound) {
                early.computeIfAbsent(fingerprint, _ -> new ArrayList<>()).add(pair / 2);
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        index.freeze().write(new DataOutputStream(bytes));
        FingerprintIndex copy = new FingerprintIndex();
        copy.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        for (int i = 0; i < 3_000; i++) {
            long fingerprint = known.get(i < 100 ? i : random.nextInt(known.size()));
            assertEquals(all.get(fingerprint), found(index, fingerprint, EVENTS));
            assertEquals(all.get(fingerprint), found(copy, fingerprint, EVENTS));
            assertEquals(early.getOrDefault(fingerprint, List.of()), found(index, fingerprint, bound));
            assertEquals(List.of(), found(index, random.nextLong(), EVENTS));
        }
        assertEquals(List.of(), found(new FingerprintIndex(), 1, 0));
        copy.add(known.getFirst(), EVENTS);
        assertEquals(EVENTS, found(copy, known.getFirst(), EVENTS + 1).getLast());
        assertTrue(index.memoryBytes() < 6 * 300_000, () -> index.memoryBytes() + " bytes");
    }
}
