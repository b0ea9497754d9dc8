package ai.postdev.dragon.model.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModelQueueTest {
    static final QueueSettings SETTINGS = QueueSettings.from(ConfigFactory.parseString("""
            postdevai.models.queue {
              interactive { waiting-max = 4, patience = 0s, collation-wait = 10s, wait-max = 5m }
              agent { waiting-max = 8, patience = 2s, collation-wait = 20s, wait-max = 30m }
              batch { waiting-max = 200, patience = 5s, collation-wait = 60s, wait-max = 24h }
              waiting-per-caller-max = 150, waiting-bytes-max = 10000, callers-max = 64, loads-max = 1
              reserved-sequences = 1, quantum = 150ms, turn = 5s, retries-max = 1, announce-every = 500ms
              service-guess = 2s, load-guess = 4s, retry-after-max = 60s
            }"""));

    private final ModelQueue queue = new ModelQueue(SETTINGS);
    private final List<QueueEffect> effects = new ArrayList<>();
    private long now;

    static Request request(String id, String model, WorkClass workClass) {
        return request(id, "ann", model, workClass);
    }

    static Request request(String id, String caller, String model, WorkClass workClass) {
        return new Request(id, caller, model, workClass, Optional.empty(), OptionalLong.empty(), 100, 10);
    }

    private List<QueueEffect> on(QueueEvent event) {
        List<QueueEffect> all = queue.on(event, now).stream()
                .filter(effect -> !(effect instanceof QueueEffect.Announce))
                .toList();
        effects.addAll(all);
        return all;
    }

    private List<QueueEffect> submit(String id, String model, WorkClass workClass) {
        return on(new QueueEvent.Submit(request(id, model, workClass)));
    }

    private void ready(String slot, String model, int sequences) {
        on(new QueueEvent.LoadStarted(model, slot));
        on(new QueueEvent.SlotReady(slot, model, sequences));
    }

    private static QueueEffect start(String id, String slot, long waited) {
        return new QueueEffect.Start(id, slot, false, waited);
    }

    private static QueueEffect finish(String id, Ending ending) {
        return new QueueEffect.Finish(id, ending);
    }

    private List<QueueEffect> ended(String id) {
        return on(new QueueEvent.Ended(id, Optional.empty()));
    }

    @Test
    void aRequestIsLoadedForBegunAndDone() {
        assertEquals(List.of(new QueueEffect.Load("a", WorkClass.AGENT)), submit("1", "a", WorkClass.AGENT));
        on(new QueueEvent.LoadStarted("a", "s"));
        now = 70;
        assertEquals(List.of(start("1", "s", 70)), on(new QueueEvent.SlotReady("s", "a", 1)));
        assertEquals(List.of(), submit("2", "a", WorkClass.AGENT));
        assertEquals(
                List.of(finish("1", Ending.Done.DONE), start("2", "s", 0)),
                on(new QueueEvent.Ended("1", Optional.empty())));
        assertEquals(
                List.of(finish("2", new Ending.Failed("NaN logits"))),
                on(new QueueEvent.Ended("2", Optional.of("NaN logits"))));
        assertEquals(List.of(), ended("2"), "a request that is over is not known any more");
        assertEquals(0, queue.figures().waiting().get(WorkClass.AGENT));
    }

    @Test
    void requestsForOneModelGoTogetherAndThreeLoadsDoForThreeModels() {
        for (long apart : List.of(0L, 700L)) {
            QueueSimulator node = new QueueSimulator(SETTINGS, 1, 1);
            String arrivals = "ABAACABC";
            for (int i = 0; i < arrivals.length(); i++) {
                String id = "r" + i;
                String model = arrivals.substring(i, i + 1);
                node.at(i * apart, () -> node.submit(request(id, model, WorkClass.BATCH), 1, 20));
            }
            node.run(600_000);
            assertTrue(node.allOver());
            assertEquals(List.of("A", "B", "C"), node.loads, "apart by " + apart);
        }
    }

    @Test
    void whoHasALoadedModelMakesRoomAfterTheMaximumWait() {
        QueueSimulator node = new QueueSimulator(SETTINGS, 1, 1);
        for (int i = 0; i < 40; i++) {
            String id = String.format("a%02d", i);
            node.at(i * 700L, () -> node.submit(request(id, "A", WorkClass.AGENT), 1, 20));
        }
        node.at(100, () -> node.submit(request("b", "B", WorkClass.AGENT), 1, 5));
        node.run(3_600_000);
        assertTrue(node.allOver());
        assertEquals(List.of("A", "B", "A"), node.loads);
        long waited = node.jobs.get("b").firstStep - 100;
        // The maximum wait of agents, the answer that runs, unloading and loading.
        assertTrue(waited >= 20_000 && waited <= 20_000 + 21 * 40 + 50 + 1_000 + 100, "it waited " + waited);
    }

    @Test
    void whatIsUrgentPutsBatchAsideAfterItsQuantum() {
        submit("b", "a", WorkClass.BATCH);
        ready("s", "a", 1);
        now = 100;
        assertEquals(List.of(), submit("i", "a", WorkClass.INTERACTIVE));
        assertEquals(150, queue.wakeAt().orElseThrow());
        now = 150;
        assertEquals(List.of(new QueueEffect.Preempt("b", "s")), on(QueueEvent.Tick.TICK));
        assertEquals(List.of(start("i", "s", 50)), on(new QueueEvent.Preempted("b")));
        now = 400;
        assertEquals(List.of(finish("i", Ending.Done.DONE), new QueueEffect.Start("b", "s", true, 250)), ended("i"));
    }

    @Test
    void batchLeavesASequenceFree() {
        for (int i = 0; i < 5; i++) {
            submit("b" + i, "a", WorkClass.BATCH);
        }
        ready("s", "a", 4);
        assertEquals(3, queue.figures().slots().getFirst().running());
        assertEquals(List.of(start("i", "s", 0)), submit("i", "a", WorkClass.INTERACTIVE));
    }

    @Test
    void batchGetsATurnBeforeUrgentOnesWhenItsPatienceIsOver() {
        submit("i1", "a", WorkClass.INTERACTIVE);
        ready("s", "a", 1);
        submit("b", "a", WorkClass.BATCH);
        submit("i2", "a", WorkClass.INTERACTIVE);
        now = 4_999;
        submit("i3", "a", WorkClass.INTERACTIVE);
        assertEquals(start("i2", "s", 4_999), ended("i1").getLast());
        now = 5_000;
        assertEquals(start("b", "s", 5_000), ended("i2").getLast());
        now = 5_150;
        assertEquals(List.of(new QueueEffect.Preempt("b", "s")), on(QueueEvent.Tick.TICK));
    }

    @Test
    void callersTakeTurns() {
        on(new QueueEvent.LoadStarted("a", "s"));
        on(new QueueEvent.SlotReady("s", "a", 1));
        for (int i = 0; i < 3; i++) {
            on(new QueueEvent.Submit(request("x" + i, "xenia", "a", WorkClass.AGENT)));
        }
        on(new QueueEvent.Submit(request("y0", "yuri", "a", WorkClass.AGENT)));
        on(new QueueEvent.Submit(request("y1", "yuri", "a", WorkClass.AGENT)));
        List<String> order = new ArrayList<>();
        String running = "x0";
        while (running != null) {
            order.add(running);
            running = ended(running).stream()
                    .filter(QueueEffect.Start.class::isInstance)
                    .map(effect -> ((QueueEffect.Start) effect).id())
                    .findFirst()
                    .orElse(null);
        }
        assertEquals(List.of("x0", "y0", "x1", "y1", "x2"), order);
    }

    @Test
    void aLoadThatNobodyWaitsForIsAborted() {
        submit("1", "a", WorkClass.AGENT);
        on(new QueueEvent.LoadStarted("a", "s"));
        assertEquals(
                List.of(finish("1", Ending.Cancelled.CANCELLED), new QueueEffect.AbortLoad("a")),
                on(new QueueEvent.Cancel("1")));
        // It is wanted again before it ended: it is loaded again.
        assertEquals(List.of(), submit("2", "a", WorkClass.AGENT));
        assertEquals(
                List.of(new QueueEffect.Load("a", WorkClass.AGENT)), on(new QueueEvent.LoadFailed("a", "aborted")));
        // What somebody else loads is left alone.
        on(new QueueEvent.Cancel("2"));
        on(new QueueEvent.LoadFailed("a", "aborted"));
        assertEquals(List.of(), on(new QueueEvent.LoadStarted("b", "t")));
    }

    @Test
    void whatRunsIsStoppedAndItsSequenceIsFreeWhenTheSlotSaysSo() {
        submit("1", "a", WorkClass.AGENT);
        ready("s", "a", 1);
        submit("2", "a", WorkClass.AGENT);
        assertEquals(
                List.of(new QueueEffect.Stop("1", "s"), finish("1", Ending.Cancelled.CANCELLED)),
                on(new QueueEvent.Cancel("1")));
        assertEquals(List.of(), on(new QueueEvent.Cancel("1")));
        assertThrows(IllegalArgumentException.class, () -> submit("1", "a", WorkClass.AGENT));
        assertEquals(List.of(start("2", "s", 0)), ended("1"));
    }

    @Test
    void aLaterRequestTakesThePlaceOfAnEarlierOne() {
        Request first =
                new Request("1", "ann", "a", WorkClass.INTERACTIVE, Optional.of("line"), OptionalLong.empty(), 1, 1);
        Request second =
                new Request("2", "ann", "a", WorkClass.INTERACTIVE, Optional.of("line"), OptionalLong.empty(), 1, 1);
        Request other =
                new Request("3", "bob", "a", WorkClass.INTERACTIVE, Optional.of("line"), OptionalLong.empty(), 1, 1);
        on(new QueueEvent.Submit(first));
        assertEquals(List.of(), on(new QueueEvent.Submit(other)));
        assertEquals(List.of(finish("1", new Ending.Superseded("2"))), on(new QueueEvent.Submit(second)));
        ready("s", "a", 1);
        ended("3");
        ended("2");
        assertEquals(
                List.of(),
                on(new QueueEvent.Submit(new Request(
                                "4",
                                "ann",
                                "a",
                                WorkClass.INTERACTIVE,
                                Optional.of("line"),
                                OptionalLong.empty(),
                                1,
                                1)))
                        .stream()
                        .filter(QueueEffect.Finish.class::isInstance)
                        .toList());
    }

    @Test
    void deadlinesEndWhatWaitsAndWhatRuns() {
        Request late = new Request("1", "ann", "a", WorkClass.AGENT, Optional.empty(), OptionalLong.of(0), 1, 1);
        assertInstanceOf(
                Ending.Expired.class,
                ((QueueEffect.Finish) on(new QueueEvent.Submit(late)).getFirst()).ending());
        for (String id : List.of("2", "3")) {
            on(new QueueEvent.Submit(
                    new Request(id, "ann", "a", WorkClass.AGENT, Optional.empty(), OptionalLong.of(100), 1, 1)));
        }
        ready("s", "a", 1);
        now = 99;
        assertEquals(List.of(), on(QueueEvent.Tick.TICK));
        assertEquals(100, queue.wakeAt().orElseThrow());
        now = 100;
        Ending expired = new Ending.Expired("its deadline passed");
        assertEquals(
                List.of(new QueueEffect.Stop("2", "s"), finish("2", expired), finish("3", expired)),
                on(QueueEvent.Tick.TICK));
    }

    @Test
    void nothingWaitsLongerThanItsClassMay() {
        submit("1", "a", WorkClass.INTERACTIVE);
        now = 300_000;
        List<QueueEffect> all = on(QueueEvent.Tick.TICK);
        Ending.Expired expired = assertInstanceOf(Ending.Expired.class, ((QueueEffect.Finish) all.getFirst()).ending());
        assertTrue(expired.reason().contains("postdevai.models.queue.interactive.wait-max"), expired.reason());
        assertEquals(new QueueEffect.AbortLoad("a"), all.get(1));
    }

    @Test
    void atItsBoundsItRefusesAndSaysWhenToTryAgain() {
        for (int i = 0; i < 4; i++) {
            submit("i" + i, "a", WorkClass.INTERACTIVE);
        }
        Ending.Refused refused = refused(request("i4", "a", WorkClass.INTERACTIVE));
        assertTrue(refused.reason().contains("postdevai.models.queue.interactive.waiting-max"), refused.reason());
        assertEquals(6, refused.retryAfterSeconds(), "four seconds for the load and two for one answer");
        Request large = new Request("l", "ann", "a", WorkClass.BATCH, Optional.empty(), OptionalLong.empty(), 1, 9_961);
        assertTrue(refused(large).reason().contains("waiting-bytes-max"));
        for (int i = 0; i < 146; i++) {
            submit("b" + i, "a", WorkClass.BATCH);
        }
        assertTrue(refused(request("b", "a", WorkClass.BATCH)).reason().contains("waiting-per-caller-max"));
        assertEquals(List.of(), on(new QueueEvent.Submit(request("b", "bob", "a", WorkClass.BATCH))));
    }

    private Ending.Refused refused(Request request) {
        return assertInstanceOf(
                Ending.Refused.class,
                ((QueueEffect.Finish) on(new QueueEvent.Submit(request)).getFirst()).ending());
    }

    @Test
    void whoseSlotDiedIsBegunAgainOnceUnlessItHadSpoken() {
        submit("1", "a", WorkClass.AGENT);
        submit("2", "a", WorkClass.AGENT);
        ready("s", "a", 2);
        on(new QueueEvent.FirstToken("2"));
        assertEquals(
                List.of(finish("2", new Ending.Failed("killed")), new QueueEffect.Load("a", WorkClass.AGENT)),
                on(new QueueEvent.SlotGone("s", "killed")));
        on(new QueueEvent.LoadStarted("a", "t"));
        assertEquals(List.of(new QueueEffect.Start("1", "t", true, 0)), on(new QueueEvent.SlotReady("t", "a", 2)));
        assertEquals(
                List.of(finish("1", new Ending.Failed("killed again"))),
                on(new QueueEvent.SlotGone("t", "killed again")));
    }

    @Test
    void aFailedLoadEndsWhatWaitsForIt() {
        submit("1", "a", WorkClass.AGENT);
        submit("2", "b", WorkClass.AGENT);
        on(new QueueEvent.LoadStarted("a", "s"));
        assertEquals(
                List.of(finish("1", new Ending.Failed("corrupt")), new QueueEffect.Load("b", WorkClass.AGENT)),
                on(new QueueEvent.LoadFailed("a", "corrupt")));
    }

    @Test
    void aDrainedSlotFinishesWhatItHasAndGoes() {
        submit("1", "a", WorkClass.AGENT);
        ready("s", "a", 2);
        assertEquals(List.of(), on(new QueueEvent.Drain("s")));
        assertEquals(List.of(), submit("2", "a", WorkClass.AGENT));
        assertEquals(List.of(finish("1", Ending.Done.DONE), new QueueEffect.Unload("s")), ended("1"));
        assertEquals(List.of(new QueueEffect.Load("a", WorkClass.AGENT)), on(new QueueEvent.SlotGone("s", "unloaded")));
    }

    @Test
    void anUrgentModelTakesThePlaceOfOneThatOnlyBatchUses() {
        submit("b1", "a", WorkClass.BATCH);
        submit("b2", "a", WorkClass.BATCH);
        ready("s", "a", 1);
        now = 1_000;
        submit("i", "b", WorkClass.INTERACTIVE);
        assertEquals(
                List.of(new QueueEffect.Preempt("b1", "s")),
                on(new QueueEvent.LoadBlocked("b", Set.of("s"), OptionalLong.empty())));
        assertEquals(List.of(new QueueEffect.Unload("s")), on(new QueueEvent.Preempted("b1")));
        assertEquals(
                List.of(new QueueEffect.Load("b", WorkClass.INTERACTIVE)),
                on(new QueueEvent.SlotGone("s", "unloaded")));
    }

    @Test
    void twoModelsWithLongQueuesTakeTurnsAndDoNotChangePlacesAfterEveryAnswer() {
        QueueSimulator node = new QueueSimulator(SETTINGS, 1, 1);
        for (int i = 0; i < 60; i++) {
            node.submit(request("a" + i, "A", WorkClass.BATCH), 1, 99);
            node.submit(request("b" + i, "B", WorkClass.BATCH), 1, 99);
        }
        node.run(3_600_000);
        assertTrue(node.allOver());
        // 480 seconds of work in turns of at least a minute.
        assertTrue(node.loads.size() >= 7 && node.loads.size() <= 8, () -> node.loads.toString());
    }

    @Test
    void anUrgentLoadAbortsALesserOneButNotAgainAndAgainWhenItHasNoRoom() {
        submit("x", "b", WorkClass.INTERACTIVE);
        on(new QueueEvent.LoadBlocked("b", Set.of(), OptionalLong.of(500)));
        assertEquals(List.of(new QueueEffect.Load("a", WorkClass.BATCH)), submit("y", "a", WorkClass.BATCH));
        on(new QueueEvent.LoadStarted("a", "s"));
        now = 500;
        assertEquals(List.of(), on(QueueEvent.Tick.TICK), "it has been told that it has no room");
        assertEquals(List.of(new QueueEffect.AbortLoad("a")), submit("z", "c", WorkClass.INTERACTIVE));
        assertEquals(
                List.of(new QueueEffect.Load("b", WorkClass.INTERACTIVE)),
                on(new QueueEvent.LoadFailed("a", "aborted")));
    }

    @Test
    void aSlotStaysWhenNobodyWaitsForItsRoomAnyMore() {
        submit("b1", "a", WorkClass.BATCH);
        submit("b2", "a", WorkClass.BATCH);
        ready("s", "a", 1);
        now = 1_000;
        submit("i", "b", WorkClass.INTERACTIVE);
        on(new QueueEvent.LoadBlocked("b", Set.of("s"), OptionalLong.empty()));
        on(new QueueEvent.Cancel("i"));
        assertEquals(List.of(new QueueEffect.Start("b1", "s", true, 0)), on(new QueueEvent.Preempted("b1")));
    }

    @Test
    void whoWaitsIsToldHowItStands() {
        submit("1", "a", WorkClass.AGENT);
        ready("s", "a", 1);
        assertEquals(
                List.of(new QueueEffect.Announce("2", 0, 2_000, false)),
                queue.on(new QueueEvent.Submit(request("2", "a", WorkClass.AGENT)), now));
        assertEquals(
                List.of(new QueueEffect.Announce("3", 1, 4_000, false)),
                queue.on(new QueueEvent.Submit(request("3", "a", WorkClass.AGENT)), now));
        assertEquals(500, queue.wakeAt().orElseThrow());
        now = 1_000;
        // One answer took one second, so a little less than two are expected of the next.
        assertEquals(
                List.of(
                        finish("1", Ending.Done.DONE),
                        start("2", "s", 1_000),
                        new QueueEffect.Announce("3", 0, 1_000, false)),
                queue.on(new QueueEvent.Ended("1", Optional.empty()), now));
    }
}
