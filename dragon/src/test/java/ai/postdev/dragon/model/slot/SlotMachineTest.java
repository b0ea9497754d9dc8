package ai.postdev.dragon.model.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlotMachineTest {
    private static final SlotSettings SHIPPED =
            SlotSettings.from(ConfigFactory.parseResources("reference.conf").resolve());
    private static final SlotEffect STOP = SlotEffect.StopWorker.STOP_WORKER;

    private final SlotMachine slot = new SlotMachine(SHIPPED);
    private long now;

    private List<SlotEffect> on(SlotEvent event) {
        return slot.on(event, now);
    }

    private List<SlotEffect> load() {
        return on(new SlotEvent.Load("a"));
    }

    private List<SlotEffect> gone(String reason) {
        return on(new SlotEvent.WorkerGone(reason));
    }

    private void ready() {
        assertEquals(List.of(new SlotEffect.StartWorker("a")), load());
        on(SlotEvent.Loaded.LOADED);
    }

    private static SlotEffect closed(String reason, boolean intended) {
        return new SlotEffect.Closed("a", reason, intended);
    }

    private static SlotEffect kill(String reason) {
        return new SlotEffect.KillWorker(reason);
    }

    @Test
    void fromEmptyToReadyAndBack() {
        assertEquals(List.of(new SlotEffect.StartWorker("a")), load());
        assertEquals("loading", slot.state().id());
        now = 700;
        assertEquals(List.of(new SlotEffect.Opened("a", 700)), on(SlotEvent.Loaded.LOADED));
        assertEquals(new SlotState.Ready("a", 700), slot.state());
        on(SlotEvent.Began.BEGAN);
        assertEquals(List.of(), on(new SlotEvent.Drain("room")));
        assertEquals("draining", slot.state().id());
        assertThrows(IllegalStateException.class, () -> on(SlotEvent.Began.BEGAN));
        assertEquals(List.of(STOP), on(new SlotEvent.Ended(true)));
        assertEquals(List.of(), on(new SlotEvent.Drain("again")));
        assertEquals(List.of(closed("room", true)), gone("exit 0"));
        assertEquals(SlotState.Empty.EMPTY, slot.state());
        assertEquals(OptionalLong.empty(), slot.wakeAt());
        assertThrows(IllegalStateException.class, () -> on(new SlotEvent.Ended(true)));
    }

    @Test
    void onlyAnEmptySlotLoads() {
        ready();
        SlotEffect.Rejected rejected = assertInstanceOf(
                SlotEffect.Rejected.class, on(new SlotEvent.Load("b")).getFirst());
        assertEquals("the slot is ready with a; drain it first", rejected.reason());
    }

    @Test
    void aDeadWorkerIsReplacedAfterABackOffThatDoubles() {
        ready();
        on(SlotEvent.Began.BEGAN);
        assertEquals(List.of(closed("exit 139", false)), gone("exit 139"));
        assertEquals(new SlotState.Failed("a", "exit 139", 250), slot.state());
        assertEquals(0, slot.active());
        assertEquals(List.of(new SlotEffect.Rejected("a", "exit 139", 250)), load());
        now = 250;
        ready();
        gone("exit 139");
        assertEquals(new SlotState.Failed("a", "exit 139", 750), slot.state());
        // Another model has nothing to do with that.
        assertEquals(List.of(new SlotEffect.StartWorker("b")), on(new SlotEvent.Load("b")));
    }

    @Test
    void anAnswerOrALongLifeMakesUpForDeaths() {
        for (int i = 0; i < 4; i++) {
            now += 100_000;
            ready();
            gone("x");
        }
        now += 100_000;
        ready();
        on(SlotEvent.Began.BEGAN);
        on(new SlotEvent.Ended(true));
        gone("x");
        assertEquals(new SlotState.Failed("a", "x", now + 250), slot.state());
        now += 250;
        ready();
        on(SlotEvent.Began.BEGAN);
        on(new SlotEvent.Ended(false));
        gone("x");
        assertEquals(new SlotState.Failed("a", "x", now + 500), slot.state());
        now += 500;
        ready();
        now += 60_000;
        on(SlotEvent.Heartbeat.HEARTBEAT);
        gone("x");
        assertEquals(new SlotState.Failed("a", "x", now + 250), slot.state());
    }

    @Test
    void manyFailuresInARowOpenTheBreakerUntilATrialWorks() {
        for (int i = 0; i < 5; i++) {
            now += 20_000;
            ready();
            gone("x");
        }
        assertEquals(CircuitBreaker.State.OPEN, slot.breaker());
        assertEquals(new SlotState.Failed("a", "x", now + 30_000), slot.state());
        now += 30_000;
        ready();
        assertEquals(CircuitBreaker.State.HALF_OPEN, slot.breaker());
        on(new SlotEvent.Drain("room"));
        gone("exit 0");
        ready();
        gone("x");
        assertEquals(new SlotState.Failed("a", "x", now + 60_000), slot.state());
        now += 60_000;
        ready();
        on(SlotEvent.Began.BEGAN);
        on(new SlotEvent.Ended(true));
        assertEquals(CircuitBreaker.State.CLOSED, slot.breaker());
    }

    @Test
    void whatCannotBeLoadedIsNotTriedAgainBeforeSomethingIsDoneAboutIt() {
        load();
        assertEquals(List.of(kill("corrupt")), on(new SlotEvent.LoadFailed("corrupt", true)));
        assertEquals(List.of(closed("corrupt", false)), gone("exit 137"));
        now = 1_000_000_000;
        assertEquals(List.of(new SlotEffect.Rejected("a", "corrupt", Long.MAX_VALUE)), load());
        on(SlotEvent.Reset.RESET);
        ready();
        gone("x");
        now += 1_000;
        load();
        on(new SlotEvent.LoadFailed("no room", false));
        gone("exit 1");
        assertEquals(new SlotState.Failed("a", "no room", now + 500), slot.state());
    }

    @Test
    void aLoadThatNobodyWantsIsStopped() {
        load();
        assertEquals(List.of(STOP), on(new SlotEvent.Drain("nobody waits")));
        assertEquals(List.of(), on(SlotEvent.Loaded.LOADED), "too late");
        assertEquals(2_000, slot.wakeAt().orElseThrow());
        now = 2_000;
        assertEquals(
                List.of(kill("it did not end within PT2S (postdevai.models.slot.stop-max)")), on(SlotEvent.Tick.TICK));
        assertEquals(List.of(), on(SlotEvent.Tick.TICK));
        assertEquals(List.of(closed("nobody waits", true)), gone("exit 137"));
    }

    @Test
    void aSilentWorkerIsKilled() {
        ready();
        now = 10_000;
        on(SlotEvent.Heartbeat.HEARTBEAT);
        assertEquals(40_000, slot.wakeAt().orElseThrow());
        now = 40_000;
        String why = "it was silent for PT30S (postdevai.models.slot.heartbeat-max)";
        assertEquals(List.of(kill(why)), on(SlotEvent.Tick.TICK));
        assertEquals(List.of(closed(why, false)), gone("exit 137"));
    }

    @Test
    void aLoadThatTakesTooLongIsGivenUp() {
        load();
        for (now = 10_000; now < 600_000; now += 10_000) {
            assertEquals(List.of(), on(SlotEvent.Heartbeat.HEARTBEAT));
        }
        assertTrue(slot.wakeAt().orElseThrow() <= 600_000);
        assertEquals(
                List.of(kill("the load took longer than PT10M (postdevai.models.slot.load-max)")),
                on(SlotEvent.Heartbeat.HEARTBEAT));
    }

    /** A thousand workers killed at random moments, others that hang or refuse: never two at once, and never stuck. */
    @Test
    void itIsNeverStuckWhateverHappensToWorkers() {
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println("slot: -Dpostdevai.seed=" + seed);
        Random random = new Random(seed);
        boolean worker = false;
        boolean open = false;
        boolean hung = false;
        int deaths = 0;
        int opened = 0;
        while (deaths < 1_000) {
            now += random.nextInt(400);
            SlotEvent event = switch (random.nextInt(12)) {
                case 0, 1, 2 -> new SlotEvent.Load("a");
                case 3, 4 -> worker && !hung ? SlotEvent.Loaded.LOADED : SlotEvent.Tick.TICK;
                case 5 -> worker ? new SlotEvent.LoadFailed("no", false) : SlotEvent.Tick.TICK;
                case 6 -> worker && !hung ? SlotEvent.Heartbeat.HEARTBEAT : SlotEvent.Tick.TICK;
                case 7 -> slot.state() instanceof SlotState.Ready ? SlotEvent.Began.BEGAN : SlotEvent.Tick.TICK;
                case 8 -> slot.active() > 0 ? new SlotEvent.Ended(random.nextInt(3) > 0) : SlotEvent.Tick.TICK;
                case 9 -> random.nextInt(3) == 0 ? new SlotEvent.Drain("room") : SlotEvent.Tick.TICK;
                case 10 -> worker ? new SlotEvent.WorkerGone("killed") : SlotEvent.Tick.TICK;
                default -> SlotEvent.Tick.TICK;
            };
            hung |= worker && random.nextInt(50) == 0;
            if (event instanceof SlotEvent.WorkerGone) {
                worker = false;
                deaths++;
            }
            for (SlotEffect effect : on(event)) {
                switch (effect) {
                    case SlotEffect.StartWorker _ -> {
                        assertTrue(!worker, "two workers at once");
                        worker = true;
                        hung = false;
                    }
                    case SlotEffect.StopWorker _ -> assertTrue(worker);
                    case SlotEffect.KillWorker _ -> assertTrue(worker);
                    case SlotEffect.Opened _ -> {
                        assertTrue(worker && !open);
                        open = true;
                        opened++;
                    }
                    case SlotEffect.Closed _ -> {
                        assertTrue(!worker, "closed with a worker");
                        open = false;
                    }
                    case SlotEffect.Rejected rejected -> assertTrue(rejected.retryAt() > now);
                }
            }
            assertEquals(
                    worker, !(slot.state() instanceof SlotState.Empty || slot.state() instanceof SlotState.Failed));
        }
        assertTrue(opened > 100, "opened " + opened);
        // Whatever it is in: if workers do what they are told from now on, a load works in the end.
        for (int i = 0; i < 10 && !(slot.state() instanceof SlotState.Ready); i++) {
            switch (slot.state()) {
                case SlotState.Empty _ -> load();
                case SlotState.Failed failed -> {
                    now = Math.max(now, failed.retryAt());
                    load();
                }
                case SlotState.Loading _ -> {
                    on(SlotEvent.Loaded.LOADED);
                    if (slot.state() instanceof SlotState.Loading) {
                        gone("it was killed before");
                    }
                }
                case SlotState.Draining _ -> {
                    while (slot.active() > 0) {
                        on(new SlotEvent.Ended(true));
                    }
                    gone("exit 0");
                }
                case SlotState.Ready _ -> {}
            }
        }
        assertEquals("ready", slot.state().id());
    }
}
