package ai.postdev.dragon.model.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.model.catalogue.PullProgress.Phase;
import org.junit.jupiter.api.Test;

class PullPaceTest {
    private static final long SECOND = 1_000_000_000L;

    private long now;
    private final PullPace pace = new PullPace(() -> now);

    @Test
    void manyStepsBecomeFewReports() {
        int told = 0;
        for (int i = 0; i <= 10_000; i++) {
            told += pace.moved(Phase.DOWNLOADING, i, 20_000).isPresent() ? 1 : 0;
            now += SECOND / 1_000;
        }
        assertTrue(told >= 45 && told <= 55, "told " + told + " times in 10 s");
    }

    @Test
    void aNewPhaseAndTheEndAreToldAtOnce() {
        assertTrue(pace.moved(Phase.RESOLVING, 0, 0).isPresent());
        assertTrue(pace.moved(Phase.DOWNLOADING, 0, 100).isPresent());
        assertTrue(pace.moved(Phase.DOWNLOADING, 50, 100).isEmpty());
        assertTrue(pace.moved(Phase.DOWNLOADING, 100, 100).isPresent());
        assertTrue(pace.moved(Phase.DOWNLOADING, 100, 100).isEmpty(), "once");
        assertTrue(pace.moved(Phase.CHECKING, 100, 100).isPresent());
    }

    @Test
    void theSpeedIsThatOfLateAndTheRestFollowsFromIt() {
        pace.moved(Phase.DOWNLOADING, 1_000_000, 9_000_000); // resumed: these bytes came earlier
        now += SECOND;
        PullPace.Figures first =
                pace.moved(Phase.DOWNLOADING, 2_000_000, 9_000_000).orElseThrow();
        assertEquals(1_000_000, first.perSecond());
        assertEquals(7, first.secondsLeft());
        now += SECOND;
        PullPace.Figures faster =
                pace.moved(Phase.DOWNLOADING, 5_000_000, 9_000_000).orElseThrow();
        assertEquals(1_600_000, faster.perSecond(), 1);
        now += SECOND;
        PullPace.Figures unknown = pace.moved(Phase.UNPACKING, 5, 0).orElseThrow();
        assertEquals(0, unknown.perSecond());
        assertEquals(0, unknown.secondsLeft());
    }

    @Test
    void whatIsLeftIsNotToldFromTheFirstBytes() {
        pace.moved(Phase.DOWNLOADING, 98, 93_000_000);
        now += SECOND / 4;
        PullPace.Figures early = pace.moved(Phase.DOWNLOADING, 128, 93_000_000).orElseThrow();
        assertEquals(0, early.secondsLeft(), "not eight days");
        now += SECOND;
        assertTrue(pace.moved(Phase.DOWNLOADING, 13_000_000, 93_000_000)
                        .orElseThrow()
                        .secondsLeft()
                > 1);
    }
}
