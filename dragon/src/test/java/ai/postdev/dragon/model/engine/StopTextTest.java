package ai.postdev.dragon.model.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopTextTest {
    @Test
    void whatMayBecomeAStopTextIsHeldBack() {
        StopText stop = new StopText(List.of("END", "\n\n"));
        assertEquals("a ", stop.add("a E"));
        assertEquals("", stop.add("N"));
        assertEquals("ENx", stop.add("x"));
        assertEquals("b", stop.add("b\n"));
        assertFalse(stop.found());
        assertEquals("", stop.add("\nEND"));
        assertTrue(stop.found());
        assertEquals("", stop.end());
    }

    /** However a text is cut, the same comes out as from the whole. */
    @Test
    void piecesGiveWhatTheWholeGives() {
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println("stop texts: -Dpostdevai.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            String text = letters(random, random.nextInt(30));
            List<String> stops = List.of(letters(random, 1 + random.nextInt(4)), letters(random, 2));
            StopText stop = new StopText(stops);
            StringBuilder out = new StringBuilder();
            for (int at = 0; at < text.length() && !stop.found(); ) {
                int end = Math.min(text.length(), at + 1 + random.nextInt(4));
                out.append(stop.add(text.substring(at, end)));
                at = end;
            }
            int first = stops.stream()
                    .mapToInt(text::indexOf)
                    .filter(at -> at >= 0)
                    .min()
                    .orElse(-1);
            assertEquals(first >= 0, stop.found(), text + stops);
            // Of two stop texts that overlap, the one that is whole first may begin later.
            if (!stop.found()) {
                assertEquals(text, out + stop.end());
            } else {
                assertTrue(text.startsWith(out.toString()) && out.length() >= first, text + stops + out);
            }
        }
    }

    private static String letters(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(2)));
        }
        return text.toString();
    }
}
