package ai.postdev.dragon.model.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.memory.SimulatedMemory;
import ai.postdev.dragon.model.queue.Request;
import ai.postdev.dragon.model.queue.WorkClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Queue, ledger and slots of a node together: requests, cancels, deaths of workers, stores that take and give memory. */
class ServingSimulationTest {
    private static final int SCHEDULES = Integer.getInteger("postdevai.serving.schedules", 40);
    private static final long HOUR = 3_600_000;

    @Test
    void everyRequestEndsOnceAndMemoryIsNeverPromisedTwice() {
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println("serving: -Dpostdevai.seed=" + seed);
        Random seeds = new Random(seed);
        TreeMap<String, Integer> endings = new TreeMap<>();
        int loads = 0;
        int deaths = 0;
        int evicted = 0;
        int preempted = 0;
        for (int i = 0; i < SCHEDULES; i++) {
            long one = seeds.nextLong();
            ServingSimulator node = run(new Random(one), true);
            assertTrue(node.allOver(), () -> "still open in " + one + ": " + node.open());
            node.endings.forEach((ending, count) -> endings.merge(ending, count, Integer::sum));
            loads += node.loads;
            deaths += node.deaths;
            evicted += node.evicted;
            preempted += node.preempted;
        }
        System.out.println(SCHEDULES + " schedules: " + endings + ", " + loads + " loads, " + deaths
                + " workers killed, " + evicted + " idle models evicted, " + preempted + " requests put aside");
        assertTrue(endings.get("Done") > 50 * SCHEDULES && loads > SCHEDULES && deaths > 0 && evicted > 0);
    }

    /** Without accidents every request is answered, unless its model can never fit. */
    @Test
    void withoutAccidentsEverythingThatFitsIsAnswered() {
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println("serving without accidents: -Dpostdevai.seed=" + seed);
        Random seeds = new Random(seed);
        for (int i = 0; i < SCHEDULES / 2; i++) {
            long one = seeds.nextLong();
            ServingSimulator node = run(new Random(one), false);
            assertTrue(node.allOver(), () -> "still open in " + one + ": " + node.open());
            assertEquals(List.of("Done"), List.copyOf(node.endings.keySet()), () -> node.endings + " in " + one);
        }
    }

    private static ServingSimulator run(Random random, boolean accidents) {
        SimulatedMemory memory = new SimulatedMemory(1_000, 100, accidents ? 50 : 60);
        List<ServingSimulator.Model> models = new ArrayList<>();
        for (String name : List.of("a", "b", "c", "d").subList(0, 1 + random.nextInt(4))) {
            models.add(new ServingSimulator.Model(
                    name,
                    accidents ? 50 + random.nextInt(random.nextInt(8) == 0 ? 1_200 : 500) : 50 + random.nextInt(480),
                    100 + random.nextInt(4_000),
                    1 + random.nextInt(4)));
        }
        ServingSimulator node = new ServingSimulator(random, memory, models);
        long time = 0;
        for (int i = 0; i < 120; i++) {
            time += random.nextInt(4) == 0 ? random.nextInt(4_000) : random.nextInt(200);
            long at = time;
            String id = "r" + i;
            String model = models.get(random.nextInt(models.size())).name();
            Request request = new Request(
                    id,
                    "caller" + random.nextInt(3),
                    model,
                    WorkClass.values()[random.nextInt(3)],
                    accidents && random.nextInt(8) == 0 ? Optional.of("key") : Optional.empty(),
                    accidents && random.nextInt(6) == 0
                            ? OptionalLong.of(at + random.nextInt(30_000))
                            : OptionalLong.empty(),
                    1 + random.nextInt(1_000),
                    random.nextInt(1_000));
            long service = 20 + random.nextInt(3_000);
            node.at(at, () -> node.submit(request, service));
            int kind = random.nextInt(12);
            long after = at + random.nextInt(3_000);
            if (kind == 0) {
                node.at(after, () -> memory.store(random.nextInt(300)));
            } else if (kind == 1) {
                node.at(after, memory::relieve);
            } else if (accidents && kind == 2) {
                node.at(after, () -> node.kill(model));
            } else if (accidents && kind == 3) {
                node.at(after, () -> node.cancel(id));
            }
        }
        for (long beat = 0; beat < time + 600_000; beat += 1_000) {
            node.at(beat, memory::relieve);
        }
        node.run(30 * HOUR);
        return node;
    }
}
