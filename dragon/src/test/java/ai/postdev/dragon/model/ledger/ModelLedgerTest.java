package ai.postdev.dragon.model.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.memory.SimulatedMemory;
import ai.postdev.dragon.model.queue.WorkClass;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModelLedgerTest {
    static final LedgerSettings SHIPPED =
            LedgerSettings.from(ConfigFactory.parseResources("reference.conf").resolve());
    private static final List<Installed> INSTALLED =
            List.of(new Installed("tiny", 50), new Installed("small", 300), new Installed("large", 900));

    private final SimulatedMemory memory = new SimulatedMemory(1_000, 100, 50);
    private final ModelLedger ledger = new ModelLedger(SHIPPED, memory.room());
    private long now;

    static LoadPlan plan(String slot, long weights, WorkClass workClass, long loadMillis) {
        return new LoadPlan(
                slot, "m-" + slot, new Footprint(weights, 0, 0, 0), workClass, loadMillis, Optional.empty(), true);
    }

    private Admission admit(LoadPlan plan) {
        return ledger.admit(plan, INSTALLED, now);
    }

    /** Loaded, and idle. */
    private void load(String slot, long weights, long loadMillis) {
        LoadPlan plan = plan(slot, weights, WorkClass.AGENT, loadMillis);
        assertEquals(Admission.Granted.GRANTED, admit(plan));
        assertTrue(ledger.ready(slot, plan.peak(), loadMillis, now));
    }

    private static LedgerEffect evict(String slot) {
        return new LedgerEffect.Evict(slot, "m-new needs its memory");
    }

    private List<LedgerEffect> making(Admission admission) {
        return assertInstanceOf(Admission.Making.class, admission).effects();
    }

    @Test
    void whatIsGrantedIsTakenUntilTheSlotIsGone() {
        load("a", 400, 1_000);
        assertEquals(400, memory.room().figures().models());
        assertThrows(IllegalArgumentException.class, () -> load("a", 1, 1));
        assertEquals(Admission.Granted.GRANTED, admit(plan("b", 500, WorkClass.AGENT, 1_000)));
        assertEquals(0, memory.room().free());
        ledger.gone("b");
        ledger.gone("b");
        assertEquals(500, memory.room().free());
    }

    @Test
    void whoseReloadCostsLeastForEachByteMakesRoom() {
        load("slow", 200, 40_000);
        load("quick", 200, 1_000);
        load("large", 400, 20_000);
        LoadPlan plan = plan("new", 250, WorkClass.AGENT, 1_000);
        assertEquals(List.of(evict("quick")), making(admit(plan)));
        assertEquals(List.of(), making(admit(plan)), "what was asked for is on its way");
        assertThrows(IllegalStateException.class, () -> ledger.began("quick", WorkClass.AGENT, now));
        ledger.gone("quick");
        assertEquals(Admission.Granted.GRANTED, admit(plan));
    }

    @Test
    void whatOthersUnloadIsOnItsWayAndNoOtherGoesForIt() {
        load("a", 400, 1_000);
        load("b", 400, 40_000);
        ledger.leaving("a");
        LoadPlan plan = plan("new", 500, WorkClass.AGENT, 1_000);
        assertEquals(List.of(), making(admit(plan)), "neither is it told twice, nor is another asked");
        ledger.gone("a");
        assertEquals(Admission.Granted.GRANTED, admit(plan));
    }

    @Test
    void whatIsUsedOftenStaysLongerThanWhatIsNot() {
        load("often", 300, 5_000);
        load("once", 300, 6_000);
        for (int i = 0; i < 20; i++) {
            ledger.began("often", WorkClass.AGENT, now);
            ledger.ended("often", WorkClass.AGENT, now);
        }
        assertEquals(List.of(evict("once")), making(admit(plan("new", 500, WorkClass.AGENT, 1))));
        List<Held> held = ledger.held(now);
        assertTrue(held.get(0).reuse() > held.get(1).reuse(), held::toString);
        now += 10 * 600_000;
        assertTrue(ledger.held(now).get(0).reuse() < 0.1, "uses are forgotten");
    }

    @Test
    void noMoreIsUnloadedThanIsNeeded() {
        load("a", 100, 1_000);
        load("b", 700, 100_000);
        // For each byte a is cheaper, but b alone has to go and is enough.
        assertEquals(List.of(evict("b")), making(admit(plan("new", 750, WorkClass.AGENT, 1))));
    }

    @Test
    void whatWorksOrIsPinnedStays() {
        load("a", 300, 1_000);
        load("b", 300, 1_000);
        ledger.began("a", WorkClass.BATCH, now);
        ledger.pin("b", true);
        LoadPlan plan = plan("new", 550, WorkClass.INTERACTIVE, 1);
        assertEquals(new Admission.Blocked(Set.of("a"), OptionalLong.of(500)), admit(plan));
        ledger.ended("a", WorkClass.BATCH, now);
        assertEquals(List.of(evict("a")), making(admit(plan)));
    }

    @Test
    void aRefusalTellsTheNumbersAndWhatWouldFit() {
        load("a", 300, 1_000);
        ledger.pin("a", true);
        Refusal refusal = assertInstanceOf(Admission.Refused.class, admit(plan("new", 700, WorkClass.AGENT, 1)))
                .refusal();
        assertEquals(700, refusal.needed());
        assertEquals(600, refusal.possible());
        assertEquals(Optional.of(new Installed("small", 300)), refusal.alternative());
        String message = new Refusal(
                        "big",
                        9L << 30,
                        2L << 30,
                        1L << 30,
                        new ai.postdev.dragon.memory.ModelRoom.Figures(4L << 30, 1 << 30, 5 << 20, 1 << 30, 1 << 30),
                        Optional.of(new Installed("small", 3 << 20)))
                .message();
        assertEquals(
                "big takes up to 9664 MB, and at most 2148 MB can be made free: of the budget of 4295 MB the program"
                        + " takes 1074 MB, the projects hold 6 MB, models hold 1074 MB, of them 1074 MB pinned; small"
                        + " would fit with 4 MB, or raise postdevai.memory.budget or postdevai.memory.models",
                message);
    }

    @Test
    void storesMakeWayUpToWhatModelsArePromised() {
        memory.store(900);
        LoadPlan plan = plan("new", 400, WorkClass.AGENT, 1);
        assertEquals(List.of(), making(admit(plan)));
        memory.relieve();
        assertEquals(Admission.Granted.GRANTED, admit(plan));
        assertTrue(memory.room().figures().stores() >= 450, "no more than promised");
        assertInstanceOf(Admission.Refused.class, admit(plan("more", 460, WorkClass.AGENT, 1)));
        assertEquals(
                new Admission.Blocked(Set.of("new"), OptionalLong.of(500)),
                admit(plan("more", 440, WorkClass.AGENT, 1)));
    }

    @Test
    void storesThatDoNotMakeWayAreNotWaitedForForever() {
        load("a", 300, 1_000);
        memory.store(600);
        LoadPlan plan = plan("new", 150, WorkClass.AGENT, 1);
        assertEquals(List.of(), making(admit(plan)));
        now = 5_001;
        assertEquals(List.of(evict("a")), making(admit(plan)));
    }

    @Test
    void cachesAreTrimmedBeforeAModelGoes() {
        load("a", 200, 1_000);
        assertTrue(ledger.resize("a", new Footprint(200, 300, 200, 0), 100));
        ledger.began("a", WorkClass.INTERACTIVE, now);
        LoadPlan plan = plan("new", 500, WorkClass.AGENT, 1);
        assertEquals(List.of(new LedgerEffect.Trim("a", 300)), making(admit(plan)));
        assertEquals(List.of(), making(admit(plan)));
        assertTrue(ledger.resize("a", new Footprint(200, 200, 0, 0), 100));
        assertEquals(Admission.Granted.GRANTED, admit(plan));
        assertFalse(ledger.resize("a", new Footprint(200, 201, 0, 0), 100), "nothing is free");
        assertThrows(IllegalArgumentException.class, () -> ledger.resize("a", new Footprint(200, 100, 0, 0), 101));
    }

    /** Loaded, and has answered: it takes what it is seen to take, of which so much is kept for prompts that may come. */
    private void answered(String slot, long resident, long trimmable) {
        ledger.measured(slot, resident, trimmable, true, now);
        assertEquals(trimmable, cache(slot));
    }

    private long cache(String slot) {
        return ledger.held(now).stream()
                .filter(held -> held.slot().equals(slot))
                .findFirst()
                .orElseThrow()
                .footprint()
                .promptCache();
    }

    @Test
    void whatAProcessSaysToKeepIsAskedForOnceAndComesBackWhole() {
        load("a", 400, 1_000);
        answered("a", 600, 150);
        LoadPlan plan = plan("new", 400, WorkClass.AGENT, 1);
        assertEquals(List.of(new LedgerEffect.Trim("a", 100)), making(admit(plan)));
        ledger.measured("a", 600, 150, true, now);
        assertEquals(List.of(), making(admit(plan)), "a look in between is no answer");
        ledger.trimmed("a", 120);
        ledger.measured("a", 480, 30, true, now);
        assertEquals(480, memory.room().figures().models(), "at once, not slowly as what the system drops");
        assertEquals(Admission.Granted.GRANTED, admit(plan));
        assertEquals(List.of(), ledger.pressure(0, now));
        assertEquals(
                List.of(new LedgerEffect.Trim("a", 20)), ledger.pressure(20, now), "it can be asked for more of it");
    }

    @Test
    void whoDoesNotGiveBackWhatItKeepsIsUnloadedInstead() {
        load("a", 400, 1_000);
        answered("a", 600, 150);
        LoadPlan plan = plan("new", 400, WorkClass.AGENT, 1);
        assertEquals(List.of(new LedgerEffect.Trim("a", 100)), making(admit(plan)));
        now += 5_000;
        assertEquals(List.of(), making(admit(plan)));
        now += 1;
        assertEquals(List.of(evict("a")), making(admit(plan)));
    }

    @Test
    void aTrimThatBringsLessThanWasAskedForIsNoRoom() {
        load("a", 400, 1_000);
        answered("a", 600, 150);
        LoadPlan plan = plan("new", 400, WorkClass.AGENT, 1);
        making(admit(plan));
        ledger.trimmed("a", 150);
        ledger.measured("a", 590, 0, true, now);
        assertEquals(590, memory.room().figures().models(), "the process has it still");
        assertEquals(List.of(evict("a")), making(admit(plan)));
    }

    @Test
    void whereAProcessIsNotSeenItHoldsItsEstimateAndWhatItKeeps() {
        LoadPlan plan =
                new LoadPlan("a", "m", new Footprint(200, 100, 300, 50), WorkClass.AGENT, 1, Optional.empty(), true);
        assertEquals(Admission.Granted.GRANTED, admit(plan));
        ledger.ready("a", plan.peak().unfilled(), 1, now);
        assertEquals(List.of(), ledger.measured("a", 0, 0, false, now));
        assertEquals(List.of(), ledger.pressure(0, now));
        assertEquals(0, cache("a"), "before an answer nothing is kept");
        assertEquals(650, memory.room().figures().models());
        answered("a", 0, 80);
        assertEquals(430, memory.room().figures().models());
        assertEquals(List.of(new LedgerEffect.Trim("a", 60)), ledger.pressure(60, now));
        ledger.trimmed("a", 60);
        answered("a", 0, 20);
        assertEquals(370, memory.room().figures().models());
    }

    @Test
    void nobodyTakesTheRoomThatIsMadeForAnother() {
        load("a", 600, 1_000);
        LoadPlan plan = plan("new", 900, WorkClass.AGENT, 1);
        assertEquals(List.of(evict("a")), making(admit(plan)));
        assertEquals(
                new Admission.Blocked(Set.of(), OptionalLong.of(500)), admit(plan("other", 100, WorkClass.AGENT, 1)));
        ledger.gone("a");
        assertInstanceOf(Admission.Blocked.class, admit(plan("other", 100, WorkClass.AGENT, 1)));
        assertEquals(Admission.Granted.GRANTED, admit(plan));
        ledger.gone("new");
        assertEquals(Admission.Granted.GRANTED, admit(plan("other", 100, WorkClass.AGENT, 1)));
    }

    @Test
    void aLoadThatIsNotWantedAnyMoreLetsOthersHaveTheRoom() {
        load("a", 600, 1_000);
        making(admit(plan("new", 900, WorkClass.AGENT, 1)));
        ledger.withdraw("new");
        assertEquals(Admission.Granted.GRANTED, admit(plan("other", 100, WorkClass.AGENT, 1)));
    }

    @Test
    void whatIsIdleForTooLongGoesAlsoIfItWasLoadedByHand() {
        load("a", 100, 1_000);
        LoadPlan own =
                new LoadPlan("b", "b", new Footprint(1, 0, 0, 0), WorkClass.AGENT, 1, Optional.of(5_000L), false);
        assertEquals(Admission.Granted.GRANTED, admit(own));
        ledger.ready("b", own.peak(), 1, now);
        load("c", 100, 1_000);
        ledger.pin("c", true);
        assertEquals(List.of(), ledger.tick(now));
        assertEquals(5_000, ledger.wakeAt().orElseThrow());
        now = 5_000;
        assertEquals(List.of(new LedgerEffect.Evict("b", "idle for 5 s")), ledger.tick(now));
        assertEquals(Set.of("b"), ledger.evicting());
        ledger.began("a", WorkClass.AGENT, now);
        now = 1_800_000;
        assertEquals(List.of(), ledger.tick(now), "it works");
        ledger.ended("a", WorkClass.AGENT, now);
        now = 3_600_000;
        assertEquals(List.of(new LedgerEffect.Evict("a", "idle for 1800 s")), ledger.tick(now));
    }

    @Test
    void aPersonsModelIsSparedForAWhile() {
        load("a", 600, 1_000);
        ledger.began("a", WorkClass.INTERACTIVE, now);
        ledger.ended("a", WorkClass.INTERACTIVE, now);
        LoadPlan plan = plan("new", 600, WorkClass.BATCH, 1);
        assertEquals(new Admission.Blocked(Set.of(), OptionalLong.of(500)), admit(plan));
        now = 15_000;
        assertEquals(List.of(evict("a")), making(admit(plan)));
    }

    @Test
    void whenTheSystemIsShortOfMemoryIdleModelsGoAndNothingNewComes() {
        load("a", 300, 1_000);
        load("b", 100, 10_000);
        ledger.began("b", WorkClass.AGENT, now);
        assertEquals(List.of(new LedgerEffect.Evict("a", "the system is short of memory")), ledger.pressure(200, now));
        assertEquals(List.of(), ledger.pressure(200, now));
        ledger.gone("a");
        assertInstanceOf(Admission.Blocked.class, admit(plan("c", 700, WorkClass.AGENT, 1)));
        assertEquals(List.of(), ledger.pressure(0, now));
        assertEquals(Admission.Granted.GRANTED, admit(plan("c", 700, WorkClass.AGENT, 1)));
    }

    @Test
    void aSmallerBudgetMakesIdleModelsGo() {
        load("a", 300, 1_000);
        memory.budget(350);
        memory.relieve();
        assertEquals(List.of(new LedgerEffect.Evict("a", "the budget of memory became smaller")), ledger.tick(now));
    }

    @Test
    void aModelThatTakesMoreThanItWasGrantedHasToFit() {
        assertEquals(Admission.Granted.GRANTED, admit(plan("a", 800, WorkClass.AGENT, 1)));
        assertFalse(ledger.ready("a", new Footprint(901, 0, 0, 0), 1, now));
        assertEquals(800, memory.room().figures().models());
        ledger.gone("a");
        assertEquals(0, memory.room().figures().models());
    }

    @Test
    void whatAProcessTakesCountsOnceItHasAnswered() {
        load("a", 300, 1_000);
        assertEquals(List.of(), ledger.measured("a", 200, 0, false, now));
        assertEquals(300, memory.room().figures().models(), "the first answer may need all of it");
        ledger.measured("a", 320, 0, false, now);
        assertEquals(320, memory.room().figures().models());
        ledger.measured("a", 320, 0, true, now);
        ledger.measured("a", 100, 0, true, now);
        assertEquals(310, memory.room().figures().models(), "down slowly");
        for (int i = 0; i < 200; i++) {
            ledger.measured("a", 100, 0, true, now);
        }
        assertEquals(100, memory.room().figures().models(), 32);
        Footprint footprint = ledger.held(now).getFirst().footprint();
        assertEquals(memory.room().figures().models(), footprint.total());
        ledger.measured("a", 350, 0, true, now);
        assertEquals(new Footprint(300, 0, 0, 50), ledger.held(now).getFirst().footprint());
    }

    @Test
    void whatTakesMoreThanThereIsHasOthersMakeRoom() {
        load("a", 300, 1_000);
        load("b", 550, 1_000);
        ledger.began("a", WorkClass.AGENT, now);
        assertEquals(
                List.of(new LedgerEffect.Evict("b", "a takes more memory than it was thought to")),
                ledger.measured("a", 400, 0, true, now));
        assertEquals(850, memory.room().figures().models());
        ledger.gone("b");
        assertEquals(List.of(), ledger.measured("a", 400, 0, true, now));
        assertEquals(400, memory.room().figures().models());
    }

    @Test
    void whatWasLoadedByHandGoesAfterItsOwnTime() {
        load("a", 300, 1_000);
        ledger.ttl("a", Optional.of(50L));
        now += 49;
        assertEquals(List.of(), ledger.tick(now));
        assertEquals(OptionalLong.of(50), ledger.wakeAt());
        ledger.ttl("a", Optional.empty());
        now += 1;
        assertEquals(List.of(), ledger.tick(now));
        ledger.ttl("a", Optional.of(50L));
        assertEquals(List.of(new LedgerEffect.Evict("a", "idle for 0 s")), ledger.tick(now));
    }
}
