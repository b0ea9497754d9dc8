package ai.postdev.dragon.model.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.memory.ModelRoom;
import ai.postdev.dragon.memory.SimulatedMemory;
import ai.postdev.dragon.model.queue.WorkClass;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random schedules of loads, work, pins, caches, stores, budgets and deaths in simulated time: memory is never promised twice,
 * nothing that works or is pinned is unloaded, and every load that can be had is had.
 */
class LedgerSimulationTest {
    private static final int SCHEDULES = Integer.getInteger("postdevai.ledger.schedules", 1_000);

    @Test
    void memoryIsNeverPromisedTwiceAndNoLoadWaitsForever() {
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println("ledger of models: -Dpostdevai.seed=" + seed);
        Random seeds = new Random(seed);
        long granted = 0;
        long refused = 0;
        long evicted = 0;
        long longest = 0;
        for (int i = 0; i < SCHEDULES; i++) {
            Schedule schedule = new Schedule(seeds.nextLong());
            schedule.run();
            granted += schedule.granted;
            refused += schedule.refused;
            evicted += schedule.evicted;
            longest = Math.max(longest, schedule.longest);
        }
        System.out.println(SCHEDULES + " schedules: " + granted + " loads granted, " + refused + " refused, " + evicted
                + " models unloaded, the longest load waited " + longest + " ms");
        assertTrue(granted > SCHEDULES && evicted > SCHEDULES && refused > 0);
    }

    private record At(long time, long order, Runnable action) {}

    private record Wanted(LoadPlan plan, long since) {}

    private static final class Schedule {
        private final long seed;
        private final Random random;
        private final long base;
        private final SimulatedMemory memory;
        private final ModelLedger ledger;
        private final PriorityQueue<At> agenda =
                new PriorityQueue<>(Comparator.comparingLong(At::time).thenComparingLong(At::order));
        private final Deque<Wanted> wanted = new ArrayDeque<>();
        /** Loaded slots, and how many requests each works on. */
        private final Map<String, Integer> ready = new TreeMap<>();

        private final Set<String> pinned = new HashSet<>();
        private final Set<String> yielding = new HashSet<>();
        private final Set<String> evicting = new HashSet<>();
        private long budget;
        private long now;
        private long orders;
        private int slots;
        private boolean arriving = true;
        private long granted;
        private long refused;
        private long evicted;
        private long longest;

        Schedule(long seed) {
            this.seed = seed;
            random = new Random(seed);
            base = random.nextInt(200);
            budget = 600 + random.nextInt(600);
            memory = new SimulatedMemory(budget, base, random.nextInt(11) * 10);
            ledger = new ModelLedger(ModelLedgerTest.SHIPPED, memory.room());
        }

        private void in(long millis, Runnable action) {
            agenda.add(new At(now + millis, orders++, action));
        }

        void run() {
            for (int i = 0; i < 40; i++) {
                in(random.nextInt(120_000), this::something);
            }
            in(1_000, this::beat);
            in(130_000, () -> arriving = false);
            while (!agenda.isEmpty()) {
                At next = agenda.remove();
                now = next.time();
                next.action().run();
                check();
                assertTrue(now < 600_000, () -> "still waiting: " + wanted + " in " + seed);
            }
        }

        /** Time passes: the stores give back, what is due is done, who waits asks again. */
        private void beat() {
            memory.relieve();
            ledger.tick(now).forEach(this::carryOut);
            ask();
            if (arriving || !wanted.isEmpty() || ready.values().stream().anyMatch(active -> active > 0)) {
                in(500, this::beat);
            }
        }

        private void something() {
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> want();
                case 4, 5 -> anySlot().ifPresent(this::work);
                case 6 ->
                    anySlot().ifPresent(slot -> {
                        boolean pin = pinned.size() < 1 && random.nextBoolean();
                        ledger.pin(slot, pin);
                        if (pin) {
                            pinned.add(slot);
                            in(30_000, () -> unpin(slot));
                        } else {
                            pinned.remove(slot);
                        }
                    });
                case 7 -> {
                    memory.store(random.nextInt(400));
                    memory.remember(random.nextInt(20));
                }
                case 8 -> {
                    ledger.pressure(random.nextInt(200), now).forEach(this::carryOut);
                    in(5_000, () -> ledger.pressure(0, now).forEach(this::carryOut));
                }
                case 9 ->
                    anySlot().ifPresent(slot -> {
                        if (random.nextInt(4) == 0) {
                            gone(slot);
                        } else {
                            grow(slot);
                        }
                    });
            }
        }

        private void unpin(String slot) {
            if (pinned.remove(slot)) {
                ledger.pin(slot, false);
            }
        }

        private Optional<String> anySlot() {
            List<String> all = new ArrayList<>(ready.keySet());
            return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
        }

        private void want() {
            Footprint peak = new Footprint(
                    20 + random.nextInt(random.nextInt(5) == 0 ? 900 : 250),
                    random.nextInt(100),
                    0,
                    random.nextInt(20));
            LoadPlan plan = new LoadPlan(
                    "s" + slots++,
                    "m" + random.nextInt(5),
                    peak,
                    WorkClass.values()[random.nextInt(3)],
                    100 + random.nextInt(5_000),
                    random.nextBoolean() ? Optional.empty() : Optional.of(10_000L),
                    random.nextBoolean());
            wanted.add(new Wanted(plan, now));
            ask();
        }

        /** Loads are asked for in their order, as the queue does when one has waited for long. */
        private void ask() {
            while (!wanted.isEmpty()) {
                LoadPlan plan = wanted.peek().plan();
                long oracle = oracle();
                switch (ledger.admit(plan, List.of(), now)) {
                    case Admission.Granted _ -> {
                        granted++;
                        longest = Math.max(longest, now - wanted.remove().since());
                        yielding.clear();
                        ModelRoom.Figures figures = memory.room().figures();
                        assertTrue(
                                figures.base() + figures.stores() + figures.models() <= figures.budget(),
                                () -> "over-committed: " + figures + " in " + seed);
                        in(plan.loadMillis(), () -> loaded(plan));
                    }
                    case Admission.Making making -> {
                        making.effects().forEach(this::carryOut);
                        return;
                    }
                    case Admission.Blocked blocked -> {
                        yielding.addAll(blocked.by());
                        return;
                    }
                    case Admission.Refused no -> {
                        refused++;
                        wanted.remove();
                        assertEquals(oracle, no.refusal().possible(), () -> no.refusal() + " in " + seed);
                        assertTrue(plan.peak().total() > oracle);
                    }
                }
            }
        }

        /** What could be made free for models, by another way of counting. */
        private long oracle() {
            ModelRoom.Figures figures = memory.room().figures();
            long all = Math.max(0, budget - figures.base());
            long storesKeep = Math.min(figures.stores(), all - figures.promised());
            long stay = Math.max(storesKeep, memory.events());
            long pins = ledger.held(now).stream()
                    .filter(Held::pinned)
                    .mapToLong(held -> held.footprint().weights()
                            + held.footprint().scratch()
                            + (held.ready() && !held.evicting()
                                    ? held.kvUsed()
                                    : held.footprint().kv() + held.footprint().promptCache()))
                    .sum();
            return Math.max(0, all - stay) - pins;
        }

        private void loaded(LoadPlan plan) {
            boolean larger = random.nextInt(10) == 0;
            Footprint actual = new Footprint(
                    plan.peak().weights() + (larger ? random.nextInt(50) : 0),
                    plan.peak().kv() / 2,
                    0,
                    0);
            if (ledger.ready(plan.slot(), actual, plan.loadMillis(), now)) {
                ready.put(plan.slot(), 0);
            } else {
                ledger.gone(plan.slot());
            }
            work(plan.slot());
        }

        private void work(String slot) {
            if (!ready.containsKey(slot) || evicting.contains(slot) || yielding.contains(slot)) {
                return;
            }
            WorkClass workClass = WorkClass.values()[random.nextInt(3)];
            ledger.began(slot, workClass, now);
            ready.merge(slot, 1, Integer::sum);
            in(random.nextInt(20_000), () -> {
                if (ready.containsKey(slot)) {
                    ready.merge(slot, -1, Integer::sum);
                    ledger.ended(slot, workClass, now);
                    grow(slot);
                    if (arriving && random.nextInt(3) > 0) {
                        work(slot);
                    }
                    ask();
                }
            });
        }

        /** Caches grow and shrink. */
        private void grow(String slot) {
            Footprint old = ledger.held(now).stream()
                    .filter(held -> held.slot().equals(slot))
                    .findFirst()
                    .orElseThrow()
                    .footprint();
            long kv = random.nextInt(150);
            ledger.resize(
                    slot,
                    new Footprint(old.weights(), kv, random.nextInt(100), old.scratch()),
                    kv == 0 ? 0 : random.nextInt((int) kv));
        }

        private void carryOut(LedgerEffect effect) {
            switch (effect) {
                case LedgerEffect.Evict evict -> {
                    String slot = evict.slot();
                    assertEquals(0, ready.get(slot), () -> slot + " works and is unloaded in " + seed);
                    assertTrue(!pinned.contains(slot), () -> slot + " is pinned and unloaded in " + seed);
                    assertTrue(evicting.add(slot), () -> slot + " is unloaded twice in " + seed);
                    evicted++;
                    in(random.nextInt(300), () -> gone(slot));
                }
                case LedgerEffect.Trim trim ->
                    in(random.nextInt(300), () -> {
                        if (ready.containsKey(trim.slot())) {
                            trim(trim);
                            ask();
                        }
                    });
            }
        }

        private void trim(LedgerEffect.Trim trim) {
            Held held = ledger.held(now).stream()
                    .filter(some -> some.slot().equals(trim.slot()))
                    .findFirst()
                    .orElseThrow();
            Footprint old = held.footprint();
            long cache = Math.min(old.promptCache(), trim.bytes());
            long kv = Math.min(old.kv() - held.kvUsed(), trim.bytes() - cache);
            assertTrue(ledger.resize(
                    trim.slot(),
                    new Footprint(old.weights(), old.kv() - kv, old.promptCache() - cache, old.scratch()),
                    held.kvUsed()));
        }

        private void gone(String slot) {
            if (ready.remove(slot) != null) {
                pinned.remove(slot);
                evicting.remove(slot);
                ledger.gone(slot);
                ask();
            }
        }

        private void check() {
            ModelRoom.Figures figures = memory.room().figures();
            assertEquals(
                    ledger.held(now).stream()
                            .mapToLong(held -> held.footprint().total())
                            .sum(),
                    figures.models(),
                    () -> "bytes were lost in " + seed);
            assertTrue(
                    figures.base() + figures.stores() + figures.models() <= figures.budget(),
                    () -> "over-committed: " + figures + " in " + seed);
        }
    }
}
