package ai.postdev.dragon.model.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A node around a {@link ModelQueue} in simulated time: so many models fit, each slot works in steps on several sequences, what is
 * asked of a slot happens at the end of its step. Checks what must hold at every moment.
 */
final class QueueSimulator {
    private record At(long time, long order, Runnable action) {}

    /** What became of a request. */
    static final class Job {
        final Request request;
        final long submitted;
        int stepsLeft;
        final int prefillSteps;
        int steps;
        long firstStep = -1;
        long ended = -1;
        int starts;
        Ending ending;

        Job(Request request, long submitted, int prefillSteps, int answerSteps) {
            this.request = request;
            this.submitted = submitted;
            this.prefillSteps = prefillSteps;
            this.stepsLeft = prefillSteps + answerSteps;
        }
    }

    private final class Slot {
        final String name;
        final String model;
        final Map<String, Job> running = new LinkedHashMap<>();
        final Map<String, Boolean> asked = new LinkedHashMap<>();
        boolean stepping;
        boolean gone;
        long usedAt;

        Slot(String name, String model) {
            this.name = name;
            this.model = model;
        }

        void step() {
            if (gone || stepping || running.isEmpty()) {
                return;
            }
            stepping = true;
            List<Job> batch = List.copyOf(running.values());
            for (Job job : batch) {
                job.firstStep = job.firstStep < 0 ? now : job.firstStep;
            }
            in(30 + 10L * batch.size(), () -> stepped(batch));
        }

        private void stepped(List<Job> batch) {
            usedAt = now;
            if (gone) {
                return;
            }
            for (Job job : batch) {
                String id = job.request.id();
                job.stepsLeft--;
                job.steps++;
                if (job.steps == job.prefillSteps + 1) {
                    event(new QueueEvent.FirstToken(id));
                }
                if (job.stepsLeft == 0 && running.remove(id) != null) {
                    asked.remove(id);
                    event(new QueueEvent.Ended(id, Optional.empty()));
                }
            }
            for (Map.Entry<String, Boolean> ask : new ArrayList<>(asked.entrySet())) {
                asked.remove(ask.getKey());
                running.remove(ask.getKey());
                event(
                        ask.getValue()
                                ? new QueueEvent.Ended(ask.getKey(), Optional.empty())
                                : new QueueEvent.Preempted(ask.getKey()));
            }
            stepping = false;
            step();
        }
    }

    final ModelQueue queue;
    final Map<String, Job> jobs = new TreeMap<>();
    final Map<String, Long> loadMillis = new HashMap<>();
    final List<String> loads = new ArrayList<>();
    final List<String> aborted = new ArrayList<>();
    final StringBuilder trace = new StringBuilder();
    int preempted;
    long now;

    private final int residentMax;
    private final int sequences;
    private final PriorityQueue<At> agenda =
            new PriorityQueue<>(Comparator.comparingLong(At::time).thenComparingLong(At::order));
    private final Map<String, Slot> slots = new TreeMap<>();
    private final Map<String, String> loading = new TreeMap<>();
    private final Deque<QueueEvent> events = new ArrayDeque<>();
    private boolean handling;
    private long orders;
    private long wake = Long.MAX_VALUE;
    private int slotNames;
    Consumer<QueueEffect.Announce> announced = _ -> {};

    QueueSimulator(QueueSettings settings, int residentMax, int sequences) {
        queue = new ModelQueue(settings);
        this.residentMax = residentMax;
        this.sequences = sequences;
    }

    void at(long time, Runnable action) {
        agenda.add(new At(time, orders++, action));
    }

    void in(long millis, Runnable action) {
        at(now + millis, action);
    }

    void submit(Request request, int prefillSteps, int answerSteps) {
        jobs.put(request.id(), new Job(request, now, prefillSteps, answerSteps));
        event(new QueueEvent.Submit(request));
    }

    void event(QueueEvent event) {
        events.add(event);
        handle();
    }

    private void handle() {
        if (handling) {
            return;
        }
        handling = true;
        while (!events.isEmpty()) {
            List<QueueEffect> effects = queue.on(events.remove(), now);
            effects.forEach(this::carryOut);
            wake(queue.wakeAt());
        }
        handling = false;
        new ArrayList<>(slots.values()).forEach(Slot::step);
    }

    private void wake(OptionalLong at) {
        if (at.isPresent() && (at.getAsLong() < wake || wake <= now)) {
            assertTrue(
                    at.getAsLong() > now, () -> "it wants to wake up in the past, at " + at.getAsLong() + " of " + now);
            wake = at.getAsLong();
            at(wake, () -> event(QueueEvent.Tick.TICK));
        }
    }

    /** Goes on until nothing is left to do or the time is over. */
    void run(long until) {
        while (!agenda.isEmpty() && agenda.peek().time() <= until) {
            At next = agenda.remove();
            assertTrue(next.time() >= now);
            now = next.time();
            next.action().run();
        }
    }

    boolean allOver() {
        return jobs.values().stream().allMatch(job -> job.ending != null);
    }

    Set<String> slots() {
        return slots.keySet();
    }

    Set<String> loading() {
        return loading.keySet();
    }

    private void carryOut(QueueEffect effect) {
        if (!(effect instanceof QueueEffect.Announce)) {
            trace.append(now).append(' ').append(effect).append('\n');
        }
        switch (effect) {
            case QueueEffect.Start start -> {
                Slot slot = slots.get(start.slot());
                Job job = jobs.get(start.id());
                assertNull(job.ending, () -> start.id() + " is over and was begun");
                assertEquals(slot.model, job.request.model());
                assertNull(slot.running.put(start.id(), job), () -> start.id() + " runs twice");
                assertTrue(slot.running.size() <= sequences, () -> start.slot() + " has too many");
                assertEquals(job.starts > 0, start.resumed());
                job.starts++;
            }
            case QueueEffect.Preempt preempt -> {
                preempted++;
                assertTrue(slots.get(preempt.slot()).running.containsKey(preempt.id()));
                assertNull(slots.get(preempt.slot()).asked.put(preempt.id(), false));
            }
            case QueueEffect.Stop stop -> {
                assertTrue(slots.get(stop.slot()).running.containsKey(stop.id()));
                slots.get(stop.slot()).asked.put(stop.id(), true);
            }
            case QueueEffect.Load load -> load(load.model());
            case QueueEffect.AbortLoad abort -> {
                aborted.add(abort.model());
                in(100, () -> {
                    if (loading.remove(abort.model()) != null) {
                        event(new QueueEvent.LoadFailed(abort.model(), "aborted"));
                    }
                });
            }
            case QueueEffect.Unload unload -> {
                Slot slot = slots.get(unload.slot());
                assertTrue(slot == null || slot.running.isEmpty(), "an active slot is unloaded");
                in(50, () -> gone(unload.slot(), "unloaded"));
            }
            case QueueEffect.Finish finish -> {
                Job job = jobs.get(finish.id());
                assertNull(job.ending, () -> finish.id() + " ends twice: " + job.ending + ", " + finish.ending());
                job.ending = finish.ending();
                job.ended = now;
            }
            case QueueEffect.Announce announce -> {
                assertNull(jobs.get(announce.id()).ending);
                announced.accept(announce);
            }
        }
    }

    private void load(String model) {
        assertFalse(loading.containsKey(model), () -> model + " is loaded twice");
        assertTrue(slots.values().stream().noneMatch(slot -> slot.model.equals(model)), () -> model + " is loaded");
        if (slots.size() + loading.size() >= residentMax) {
            Optional<Slot> idle = slots.values().stream()
                    .filter(slot -> slot.running.isEmpty())
                    .min(Comparator.comparingLong(slot -> slot.usedAt));
            if (idle.isPresent()) {
                gone(idle.get().name, "evicted");
            } else {
                Set<String> by = slots.values().stream()
                        .min(Comparator.comparingLong((Slot slot) -> slot.usedAt)
                                .thenComparing(slot -> slot.name))
                        .map(slot -> Set.of(slot.name))
                        .orElseGet(() -> Set.of(loading.values().iterator().next()));
                event(new QueueEvent.LoadBlocked(model, by, OptionalLong.empty()));
                return;
            }
        }
        String name = "slot" + slotNames++;
        loading.put(model, name);
        loads.add(model);
        event(new QueueEvent.LoadStarted(model, name));
        in(loadMillis.getOrDefault(model, 1_000L), () -> {
            if (name.equals(loading.get(model))) {
                loading.remove(model);
                slots.put(name, new Slot(name, model));
                event(new QueueEvent.SlotReady(name, model, sequences));
            }
        });
    }

    /** The slot is gone, with everything on it. */
    void gone(String name, String reason) {
        Slot slot = slots.remove(name);
        if (slot != null) {
            slot.gone = true;
            // Before what happened already and waits: the queue must give it nothing more.
            events.addFirst(new QueueEvent.SlotGone(name, reason));
            handle();
        }
    }

    void loadFails(String model) {
        if (loading.remove(model) != null) {
            event(new QueueEvent.LoadFailed(model, "broken file"));
        }
    }

    /** The random source of a test; its seed is printed, and set by {@code -Dpostdevai.seed}. */
    static Random random(String test) {
        long seed = Long.getLong("postdevai.seed", System.nanoTime());
        System.out.println(test + ": -Dpostdevai.seed=" + seed);
        return new Random(seed);
    }
}
