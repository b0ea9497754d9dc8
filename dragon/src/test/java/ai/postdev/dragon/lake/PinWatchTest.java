package ai.postdev.dragon.lake;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PinWatchTest {
    private static final Body PIN = new Body.PinEvent(Seeded.ORIGIN, 1, true);

    private final PinWatch watch = new PinWatch();

    @Test
    void aPinThatTheViewDoesNotShowYetMakesAChoiceStale() {
        assertTrue(watch.isCurrent(watch.seen()));
        long before = watch.seen();
        watch.asked(Stream.of(new Body.SetSetting("k", "v"), PIN));
        assertFalse(watch.isCurrent(before), "asked for after the choice");
        assertFalse(watch.isCurrent(watch.seen()), "asked for before the choice, and not shown by it");
        watch.shown(Stream.of(PIN));
        assertFalse(watch.isCurrent(before), "shown, but not by the view of that choice");
        assertTrue(watch.isCurrent(watch.seen()));
        watch.asked(Stream.of(PIN));
        watch.refused(Stream.of(PIN, new Body.SetSetting("k", "v")));
        assertTrue(watch.isCurrent(watch.seen()), "one that is never written is not waited for");
    }
}
