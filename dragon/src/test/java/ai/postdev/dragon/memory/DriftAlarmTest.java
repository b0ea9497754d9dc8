package ai.postdev.dragon.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.postdev.dragon.lake.Seeded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DriftAlarmTest {
    private static final DriftSettings SETTINGS =
            new DriftSettings(0.3, 0.1, Duration.ofMillis(100), Duration.ofMillis(10));

    private long now = 5_000;
    private final DriftAlarm alarm = new DriftAlarm(SETTINGS, now);

    private String see(double ratio, long millis) {
        now += millis;
        Optional<DriftAlarm.Change> change = alarm.observe(now, ratio);
        return alarm.state().id() + change.map(what -> " " + what).orElse("");
    }

    @Test
    void tooMuchForLongEnoughIsAnAlarmToldOnce() {
        assertEquals("calm", see(0.29, 10));
        assertEquals("rising", see(0.3, 10), "at the ratio it is too much");
        assertEquals("rising", see(0.9, 99));
        assertEquals("alarm RAISED", see(0.3, 1));
        assertEquals("alarm", see(0.9, 1_000));
        assertEquals(1, alarm.alarms());
        assertEquals(1_000, alarm.millisInState(now));
    }

    @Test
    void whatGoesByBeforeItLastedIsNoAlarmAndBeginsAnewNextTime() {
        see(0.5, 10);
        assertEquals("rising", see(0.5, 99));
        assertEquals("calm", see(0.29, 1));
        assertEquals("rising", see(0.5, 1));
        assertEquals("rising", see(0.5, 99));
        assertEquals("alarm RAISED", see(0.5, 1));
    }

    @Test
    void anAlarmEndsOnlyWhenItIsClearlyLessForAsLong() {
        see(0.5, 10);
        see(0.5, 100);
        assertEquals("alarm", see(0.25, 1_000), "less than the ratio, but within the hysteresis");
        assertEquals("falling", see(0.19, 10));
        assertEquals("alarm", see(0.21, 99), "not clearly less any more");
        assertEquals(1, alarm.alarms(), "the same alarm still");
        assertEquals("falling", see(0.19, 10));
        assertEquals("falling", see(-0.5, 99));
        assertEquals("calm ENDED", see(0.19, 1));
        assertEquals("rising", see(0.3, 1));
        assertEquals("alarm RAISED", see(0.3, 100));
        assertEquals(2, alarm.alarms());
    }

    @Test
    void withoutAWaitItIsAnAlarmAtOnce() {
        DriftAlarm quick = new DriftAlarm(new DriftSettings(0.3, 0, Duration.ZERO, Duration.ofMillis(1)), 0);
        assertEquals(Optional.of(DriftAlarm.Change.RAISED), quick.observe(1, 0.3));
        assertEquals(Optional.of(DriftAlarm.Change.ENDED), quick.observe(1, 0.29));
    }

    /** Against a second writing of the rule, which looks back over everything since the last change. */
    @Test
    void anyCourseIsJudgedAsTheWholeOfItIs() {
        Random random = Seeded.random("drift");
        for (int run = 0; run < 200; run++) {
            DriftAlarm tried = new DriftAlarm(SETTINGS, 0);
            List<long[]> seen = new ArrayList<>(); // time, ratio in thousandths
            long time = 0;
            boolean stands = false;
            for (int i = 0; i < 200; i++) {
                time += random.nextInt(40);
                long ratio = 100 + random.nextInt(6) * 50L + (random.nextInt(4) == 0 ? 300 : 0);
                seen.add(new long[] {time, ratio});
                Optional<DriftAlarm.Change> change = tried.observe(time, ratio / 1_000.0);
                boolean after = stands ? !lasts(seen, false) : lasts(seen, true);
                assertEquals(
                        after == stands
                                ? Optional.empty()
                                : Optional.of(after ? DriftAlarm.Change.RAISED : DriftAlarm.Change.ENDED),
                        change,
                        "run " + run + " step " + i);
                if (after != stands) {
                    seen.clear();
                }
                stands = after;
            }
        }
    }

    /** Whether all that was seen since some moment at least as long ago as it takes is too much, or clearly less. */
    private static boolean lasts(List<long[]> seen, boolean tooMuch) {
        int from = seen.size();
        while (from > 0 && (tooMuch ? seen.get(from - 1)[1] >= 300 : seen.get(from - 1)[1] < 200)) {
            from--;
        }
        return from < seen.size() && seen.getLast()[0] - seen.get(from)[0] >= 100;
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        for (DriftCase one : List.of(
                new DriftCase(0, 0, 1),
                new DriftCase(0.3, -0.1, 1),
                new DriftCase(0.3, 0.4, 1),
                new DriftCase(0.3, 0, 0))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new DriftSettings(
                            one.ratio(), one.hysteresis(), Duration.ZERO, Duration.ofMillis(one.everyMillis())));
        }
    }

    private record DriftCase(double ratio, double hysteresis, long everyMillis) {}
}
