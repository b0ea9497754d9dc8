package ai.postdev.dragon.model.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What must hold of any queue, in simulated time, with the settings that ship. */
class QueuePropertyTest {
    private static final QueueSettings SHIPPED =
            QueueSettings.from(ConfigFactory.parseResources("reference.conf").resolve());
    private static final long HOUR = 3_600_000;

    /** A hundred batch jobs wait; people ask now and then; how long do they wait until a step works on their question? */
    @Test
    void whoAsksDoesNotWaitBehindBatch() {
        Random random = QueueSimulator.random("interactive beside batch");
        for (int sequences : List.of(4, 2, 1)) {
            QueueSimulator node = new QueueSimulator(SHIPPED, 1, sequences);
            for (int i = 0; i < 100; i++) {
                node.submit(ModelQueueTest.request("b" + i, "m", WorkClass.BATCH), 8, 300 + random.nextInt(200));
            }
            long time = 20_000;
            for (int i = 0; i < 300; i++) {
                String id = "i" + i;
                int steps = 10 + random.nextInt(20);
                node.at(time, () -> node.submit(ModelQueueTest.request(id, "m", WorkClass.INTERACTIVE), 2, steps));
                // So seldom that people hardly wait for each other: two thirds of the sequences are batch's.
                time += (long) (-Math.log(1 - random.nextDouble()) * 6_000 / sequences) + 1;
            }
            node.run(24 * HOUR);
            assertTrue(node.allOver());
            long[] waits = node.jobs.values().stream()
                    .filter(job -> job.request.workClass() == WorkClass.INTERACTIVE)
                    .filter(job -> others(node, job) < sequences)
                    .mapToLong(job -> job.firstStep - job.submitted)
                    .sorted()
                    .toArray();
            long p95 = waits[waits.length * 95 / 100];
            System.out.println(sequences + " sequences: interactive waits p50 " + waits[waits.length / 2] + ", p95 "
                    + p95 + ", max " + waits[waits.length - 1] + " ms of " + waits.length + ", " + node.preempted
                    + " times batch was put aside");
            assertTrue(p95 <= 300, sequences + " sequences: " + Arrays.toString(waits));
            assertTrue(node.preempted > 0 || sequences == 4);
        }
    }

    /** Other people's questions that were under way when it came. */
    private static long others(QueueSimulator node, QueueSimulator.Job job) {
        return node.jobs.values().stream()
                .filter(other -> other != job && other.request.workClass() == WorkClass.INTERACTIVE)
                .filter(other -> other.submitted <= job.submitted && other.ended > job.submitted)
                .count();
    }

    /** People never stop asking, more than the slot can do; batch and agents get on all the same. */
    @Test
    void nobodyStarvesUnderALoadThatNeverEnds() {
        QueueSimulator node = new QueueSimulator(SHIPPED, 1, 2);
        for (int i = 0; i < 5; i++) {
            node.submit(ModelQueueTest.request("b" + i, "m", WorkClass.BATCH), 2, 40);
            node.submit(ModelQueueTest.request("a" + i, "m", WorkClass.AGENT), 2, 40);
            node.submit(ModelQueueTest.request("c" + i, "other", WorkClass.BATCH), 2, 40);
        }
        for (int i = 0; i < 6_000; i++) {
            String id = String.format("i%04d", i);
            node.at(i * 600L, () -> node.submit(ModelQueueTest.request(id, "m", WorkClass.INTERACTIVE), 1, 30));
        }
        node.run(HOUR);
        for (QueueSimulator.Job job : node.jobs.values()) {
            if (job.request.workClass() != WorkClass.INTERACTIVE) {
                assertEquals(
                        Ending.Done.DONE,
                        job.ending,
                        () -> job.request.id() + " starved, " + job.stepsLeft + " steps left");
            }
        }
        assertTrue(node.jobs.values().stream().anyMatch(job -> job.ending instanceof Ending.Refused));
    }

    /** Cancelled, superseded, late, dead slots, failed loads: every request ends once, and the same events do the same. */
    @Test
    void everyRequestEndsOnceWhateverHappens() {
        Random seeds = QueueSimulator.random("random queues");
        int done = 0;
        for (int round = 0; round < 80; round++) {
            long seed = seeds.nextLong();
            QueueSimulator node = random(seed);
            assertEquals(node.trace.toString(), random(seed).trace.toString(), "the same events, another order");
            for (QueueSimulator.Job job : node.jobs.values()) {
                assertNotNull(job.ending, () -> job.request + " never ended in " + seed);
                done += job.ending == Ending.Done.DONE ? 1 : 0;
                assertTrue(
                        job.ending != Ending.Done.DONE || job.stepsLeft == 0,
                        () -> job.request.id() + " is done too early");
            }
            QueueFigures figures = node.queue.figures();
            assertEquals(0, figures.waitingBytes());
            assertTrue(figures.waiting().values().stream().allMatch(waiting -> waiting == 0));
            assertEquals(List.of(), figures.loading());
            assertEquals(List.of(), figures.blocked());
            assertTrue(figures.slots().stream().allMatch(slot -> slot.running() == 0));
            assertTrue(node.queue.wakeAt().isEmpty(), "an empty queue sleeps");
        }
        System.out.println(done + " requests were answered");
        assertTrue(done > 3_000);
    }

    private static QueueSimulator random(long seed) {
        Random random = new Random(seed);
        QueueSimulator node = new QueueSimulator(SHIPPED, 1 + random.nextInt(3), 1 + random.nextInt(4));
        List<String> models = List.of("a", "b", "c", "d").subList(0, 1 + random.nextInt(4));
        long time = 0;
        for (int i = 0; i < 120; i++) {
            time += random.nextInt(4) == 0 ? random.nextInt(5_000) : random.nextInt(300);
            String id = "r" + i;
            long at = time;
            Request request = new Request(
                    id,
                    "caller" + random.nextInt(3),
                    models.get(random.nextInt(models.size())),
                    WorkClass.values()[random.nextInt(3)],
                    random.nextInt(6) == 0 ? Optional.of("key" + random.nextInt(2)) : Optional.empty(),
                    random.nextInt(5) == 0 ? OptionalLong.of(at + random.nextInt(20_000)) : OptionalLong.empty(),
                    1 + random.nextInt(4_000),
                    random.nextInt(100));
            int prefill = random.nextInt(5);
            int answer = 1 + random.nextInt(60);
            node.at(at, () -> node.submit(request, prefill, answer));
            if (random.nextInt(6) == 0) {
                node.at(at + random.nextInt(10_000), () -> node.event(new QueueEvent.Cancel(id)));
            }
            int mishap = random.nextInt(30);
            int which = random.nextInt(4);
            node.at(at + random.nextInt(1_000), () -> {
                List<String> slots = new ArrayList<>(node.slots());
                List<String> loading = new ArrayList<>(node.loading());
                if (mishap == 0 && !slots.isEmpty()) {
                    node.gone(slots.get(which % slots.size()), "killed");
                } else if (mishap == 1 && !loading.isEmpty()) {
                    node.loadFails(loading.getFirst());
                } else if (mishap == 2 && !slots.isEmpty()) {
                    node.event(new QueueEvent.Drain(slots.get(which % slots.size())));
                } else if (mishap == 3) {
                    node.event(QueueEvent.RoomChanged.ROOM_CHANGED);
                }
            });
        }
        node.run(100 * HOUR);
        return node;
    }

    /** However one caller floods, another's requests of the same class are begun as if it had sent a few. */
    @Test
    void aFloodOfOneCallerDoesNotDelayAnother() {
        QueueSimulator node = new QueueSimulator(SHIPPED, 1, 2);
        for (int i = 0; i < 200; i++) {
            node.submit(ModelQueueTest.request("f" + i, "flood", "m", WorkClass.AGENT), 1, 30);
        }
        node.at(5_000, () -> node.submit(ModelQueueTest.request("one", "quiet", "m", WorkClass.AGENT), 1, 30));
        node.run(10 * HOUR);
        QueueSimulator.Job one = node.jobs.get("one");
        // One answer of the flood takes 31 steps of 50 ms; one of two sequences is free within that.
        assertTrue(one.firstStep - one.submitted <= 31 * 50 + 50, "it waited " + (one.firstStep - one.submitted));
        assertTrue(node.allOver());
    }

    @Test
    void theCallersThatAreRememberedAreBounded() {
        Fairness fairness = new Fairness(10);
        for (int i = 0; i < 1_000; i++) {
            fairness.spend("caller" + i, 1_000);
        }
        assertTrue(fairness.remembered() <= 20, "remembered " + fairness.remembered());
    }
}
