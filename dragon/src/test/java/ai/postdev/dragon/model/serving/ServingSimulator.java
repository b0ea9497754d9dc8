package ai.postdev.dragon.model.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.memory.ModelRoom;
import ai.postdev.dragon.memory.SimulatedMemory;
import ai.postdev.dragon.model.ledger.Admission;
import ai.postdev.dragon.model.ledger.Footprint;
import ai.postdev.dragon.model.ledger.LedgerEffect;
import ai.postdev.dragon.model.ledger.LedgerSettings;
import ai.postdev.dragon.model.ledger.LoadPlan;
import ai.postdev.dragon.model.ledger.ModelLedger;
import ai.postdev.dragon.model.queue.Ending;
import ai.postdev.dragon.model.queue.ModelQueue;
import ai.postdev.dragon.model.queue.QueueEffect;
import ai.postdev.dragon.model.queue.QueueEvent;
import ai.postdev.dragon.model.queue.QueueSettings;
import ai.postdev.dragon.model.queue.Request;
import ai.postdev.dragon.model.queue.WorkClass;
import ai.postdev.dragon.model.slot.CircuitBreaker;
import ai.postdev.dragon.model.slot.SlotEffect;
import ai.postdev.dragon.model.slot.SlotEvent;
import ai.postdev.dragon.model.slot.SlotMachine;
import ai.postdev.dragon.model.slot.SlotSettings;
import ai.postdev.dragon.model.slot.SlotState;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * The queue, the ledger and the slots of one node together, in simulated time, driven as an actor would drive them: a slot for each
 * model, named like it.
 */
final class ServingSimulator {
    private static final Config SHIPPED =
            ConfigFactory.parseResources("reference.conf").resolve();

    /** A model that is installed. */
    record Model(String name, long bytes, long loadMillis, int sequences) {}

    private record At(long time, long order, Runnable action) {}

    private static final class Job {
        final Request request;
        long left;
        long began;
        Ending ending;

        Job(Request request, long left) {
            this.request = request;
            this.left = left;
        }
    }

    private final class Slot {
        final Model model;
        final SlotMachine machine = new SlotMachine(SlotSettings.from(SHIPPED));
        final Set<Job> running = new LinkedHashSet<>();
        /** Counts workers, so that what an earlier one had begun is not taken for the next one's. */
        int worker;

        boolean alive;

        Slot(Model model) {
            this.model = model;
        }
    }

    final SimulatedMemory memory;
    final Map<String, Job> jobs = new TreeMap<>();
    final Map<String, Integer> endings = new TreeMap<>();
    int loads;
    int deaths;
    int preempted;
    int evicted;
    long now;

    private final Random random;
    private final ModelQueue queue = new ModelQueue(QueueSettings.from(SHIPPED));
    private final ModelLedger ledger;
    private final Map<String, Slot> slots = new TreeMap<>();
    /** Loads that memory is made for. */
    private final Map<String, LoadPlan> pending = new TreeMap<>();

    private final PriorityQueue<At> agenda =
            new PriorityQueue<>(Comparator.comparingLong(At::time).thenComparingLong(At::order));
    private final Deque<Runnable> todo = new ArrayDeque<>();
    private final Map<String, Long> wakes = new HashMap<>();
    private long orders;
    private long still;
    private boolean busy;

    ServingSimulator(Random random, SimulatedMemory memory, List<Model> models) {
        this.random = random;
        this.memory = memory;
        ledger = new ModelLedger(LedgerSettings.from(SHIPPED), memory.room());
        models.forEach(model -> slots.put(model.name(), new Slot(model)));
    }

    void at(long time, Runnable action) {
        agenda.add(new At(time, orders++, action));
    }

    private void in(long millis, Runnable action) {
        at(now + millis, action);
    }

    void run(long until) {
        while (!agenda.isEmpty() && agenda.peek().time() <= until) {
            At next = agenda.remove();
            still = next.time() == now ? still + 1 : 0;
            assertTrue(still < 10_000, () -> "time stands still: " + queue.figures() + ledger.held(now));
            now = next.time();
            act(next.action());
            ModelRoom.Figures figures = memory.room().figures();
            assertTrue(
                    figures.base() + figures.stores() + figures.models() <= figures.budget(),
                    () -> "over-committed: " + figures);
        }
    }

    /** Actions run one after the other, as an actor's messages do. */
    private void act(Runnable action) {
        todo.add(action);
        if (busy) {
            return;
        }
        busy = true;
        int steps = 0;
        while (!todo.isEmpty()) {
            todo.remove().run();
            assertTrue(++steps < 1_000, () -> "it goes round and round: " + queue.figures() + ledger.held(now));
        }
        wake("queue", queue.wakeAt(), () -> event(QueueEvent.Tick.TICK));
        wake("ledger", ledger.wakeAt(), () -> ledger.tick(now).forEach(this::carryOut));
        slots.forEach((name, slot) -> wake(name, slot.machine.wakeAt(), () -> slotEvent(slot, SlotEvent.Tick.TICK)));
        busy = false;
    }

    private void wake(String who, OptionalLong at, Runnable action) {
        if (at.isPresent() && wakes.getOrDefault(who, Long.MIN_VALUE) != at.getAsLong()) {
            wakes.put(who, at.getAsLong());
            at(Math.max(now, at.getAsLong()), action);
        }
    }

    void submit(Request request, long serviceMillis) {
        act(() -> {
            jobs.put(request.id(), new Job(request, serviceMillis));
            event(new QueueEvent.Submit(request));
        });
    }

    void cancel(String id) {
        act(() -> event(new QueueEvent.Cancel(id)));
    }

    /** A worker dies, if one is there. */
    void kill(String model) {
        act(() -> {
            Slot slot = slots.get(model);
            if (slot.alive) {
                deaths++;
                gone(slot, "killed");
            }
        });
    }

    boolean allOver() {
        return jobs.values().stream().allMatch(job -> job.ending != null);
    }

    List<String> open() {
        return jobs.values().stream()
                .filter(job -> job.ending == null)
                .map(job -> job.request + " " + job.left)
                .toList();
    }

    private void event(QueueEvent event) {
        queue.on(event, now).forEach(this::carryOut);
    }

    private void later(QueueEvent event) {
        todo.add(() -> event(event));
    }

    private void carryOut(QueueEffect effect) {
        switch (effect) {
            case QueueEffect.Start start -> start(slots.get(start.slot()), jobs.get(start.id()));
            case QueueEffect.Preempt preempt -> {
                preempted++;
                atStepEnd(slots.get(preempt.slot()), jobs.get(preempt.id()), new QueueEvent.Preempted(preempt.id()));
            }
            case QueueEffect.Stop stop ->
                atStepEnd(
                        slots.get(stop.slot()), jobs.get(stop.id()), new QueueEvent.Ended(stop.id(), Optional.empty()));
            case QueueEffect.Load load -> load(load.model(), load.workClass());
            case QueueEffect.AbortLoad abort -> {
                if (pending.remove(abort.model()) != null) {
                    ledger.withdraw(abort.model());
                    later(new QueueEvent.LoadFailed(abort.model(), "aborted"));
                } else {
                    slotEvent(slots.get(abort.model()), new SlotEvent.Drain("nobody waits for it any more"));
                }
            }
            case QueueEffect.Unload unload ->
                slotEvent(slots.get(unload.slot()), new SlotEvent.Drain("it has to make room"));
            case QueueEffect.Finish finish -> {
                Job job = jobs.get(finish.id());
                assertNull(job.ending, () -> finish.id() + " ends twice");
                job.ending = finish.ending();
                endings.merge(finish.ending().getClass().getSimpleName(), 1, Integer::sum);
                if (finish.ending() == Ending.Done.DONE) {
                    assertEquals(0, job.left, () -> finish.id() + " is done too early");
                }
            }
            case QueueEffect.Announce _ -> {}
        }
    }

    private void start(Slot slot, Job job) {
        assertTrue(slot.running.add(job) && slot.running.size() <= slot.model.sequences());
        ledger.began(slot.model.name(), job.request.workClass(), now);
        slotEvent(slot, SlotEvent.Began.BEGAN);
        job.began = now;
        int worker = slot.worker;
        in(Math.min(job.left, 100), () -> {
            if (slot.worker == worker && slot.running.contains(job)) {
                event(new QueueEvent.FirstToken(job.request.id()));
            }
        });
        finishes(slot, worker, job, job.began);
    }

    private void finishes(Slot slot, int worker, Job job, long began) {
        in(job.left, () -> {
            if (slot.worker == worker && slot.running.contains(job) && job.began == began) {
                job.left = 0;
                leave(slot, job);
                event(new QueueEvent.Ended(job.request.id(), Optional.empty()));
            }
        });
    }

    private void atStepEnd(Slot slot, Job job, QueueEvent event) {
        int worker = slot.worker;
        in(1 + random.nextInt(50), () -> {
            if (slot.worker == worker && slot.running.contains(job)) {
                job.left = Math.max(1, job.left - (now - job.began));
                leave(slot, job);
                event(event);
            }
        });
    }

    private void leave(Slot slot, Job job) {
        slot.running.remove(job);
        ledger.ended(slot.model.name(), job.request.workClass(), now);
        slotEvent(slot, new SlotEvent.Ended(true));
    }

    private void load(String model, WorkClass workClass) {
        Slot slot = slots.get(model);
        switch (slot.machine.state()) {
            case SlotState.Failed failed when now < failed.retryAt() -> failed(slot, failed);
            case SlotState.Draining _ -> later(new QueueEvent.LoadBlocked(model, Set.of(), OptionalLong.of(now + 100)));
            case SlotState.Empty _, SlotState.Failed _, SlotState.Loading _, SlotState.Ready _ -> {
                pending.put(
                        model,
                        new LoadPlan(
                                model,
                                model,
                                new Footprint(slot.model.bytes(), 0, 0, 0),
                                workClass,
                                slot.model.loadMillis(),
                                Optional.empty(),
                                true));
                admit(model);
            }
        }
    }

    /** Loads again after the back-off; once the circuit breaker is open, those who wait have to look elsewhere. */
    private void failed(Slot slot, SlotState.Failed failed) {
        later(
                failed.retryAt() == Long.MAX_VALUE || slot.machine.breaker() == CircuitBreaker.State.OPEN
                        ? new QueueEvent.LoadFailed(failed.model(), failed.reason())
                        : new QueueEvent.LoadBlocked(failed.model(), Set.of(), OptionalLong.of(failed.retryAt())));
    }

    private void admit(String model) {
        LoadPlan plan = pending.get(model);
        if (plan == null) {
            return;
        }
        switch (ledger.admit(plan, List.of(), now)) {
            case Admission.Granted _ -> {
                pending.remove(model);
                slotEvent(slots.get(model), new SlotEvent.Load(model));
            }
            case Admission.Making making -> {
                making.effects().forEach(this::carryOut);
                in(making.retryAt() - now, () -> admit(model));
            }
            case Admission.Blocked blocked -> {
                pending.remove(model);
                later(new QueueEvent.LoadBlocked(model, blocked.by(), blocked.retryAt()));
            }
            case Admission.Refused refused -> {
                pending.remove(model);
                later(new QueueEvent.LoadFailed(model, refused.refusal().message()));
            }
        }
    }

    private void carryOut(LedgerEffect effect) {
        switch (effect) {
            case LedgerEffect.Evict evict -> {
                evicted++;
                assertTrue(slots.get(evict.slot()).running.isEmpty(), "an active slot is evicted");
                // Before anything else, so that the queue gives it nothing more.
                todo.addFirst(() -> event(new QueueEvent.Drain(evict.slot())));
            }
            case LedgerEffect.Trim trim -> throw new AssertionError("there are no caches here: " + trim);
        }
    }

    private void slotEvent(Slot slot, SlotEvent event) {
        for (SlotEffect effect : slot.machine.on(event, now)) {
            switch (effect) {
                case SlotEffect.StartWorker _ -> startWorker(slot);
                case SlotEffect.StopWorker _ -> dies(slot, 50, "exit 0");
                case SlotEffect.KillWorker kill -> dies(slot, 1, kill.reason());
                case SlotEffect.Opened opened -> {
                    assertTrue(ledger.ready(
                            slot.model.name(),
                            new Footprint(slot.model.bytes() * 9 / 10, 0, 0, 0),
                            opened.loadMillis(),
                            now));
                    later(new QueueEvent.SlotReady(slot.model.name(), slot.model.name(), slot.model.sequences()));
                    beat(slot, slot.worker);
                }
                case SlotEffect.Closed closed -> closed(slot, closed);
                case SlotEffect.Rejected rejected ->
                    throw new AssertionError("asked for although it cannot be: " + rejected);
            }
        }
    }

    private void startWorker(Slot slot) {
        loads++;
        slot.worker++;
        slot.alive = true;
        later(new QueueEvent.LoadStarted(slot.model.name(), slot.model.name()));
        int worker = slot.worker;
        in(slot.model.loadMillis(), () -> {
            if (slot.worker == worker && slot.alive) {
                slotEvent(slot, SlotEvent.Loaded.LOADED);
            }
        });
    }

    private void beat(Slot slot, int worker) {
        in(5_000, () -> {
            if (slot.worker == worker && slot.alive) {
                slotEvent(slot, SlotEvent.Heartbeat.HEARTBEAT);
                beat(slot, worker);
            }
        });
    }

    private void dies(Slot slot, long millis, String reason) {
        int worker = slot.worker;
        in(millis, () -> {
            if (slot.worker == worker && slot.alive) {
                gone(slot, reason);
            }
        });
    }

    private void gone(Slot slot, String reason) {
        slot.alive = false;
        slot.worker++;
        slotEvent(slot, new SlotEvent.WorkerGone(reason));
    }

    private void closed(Slot slot, SlotEffect.Closed closed) {
        String name = slot.model.name();
        boolean wasOpen =
                queue.figures().slots().stream().anyMatch(place -> place.slot().equals(name));
        slot.running.clear();
        ledger.gone(name);
        if (wasOpen) {
            later(new QueueEvent.SlotGone(name, closed.reason()));
        } else if (closed.intended()) {
            later(new QueueEvent.LoadFailed(name, closed.reason()));
        } else {
            todo.add(() -> {
                if (slot.machine.state() instanceof SlotState.Failed failed) {
                    failed(slot, failed);
                }
            });
        }
        todo.add(() -> event(QueueEvent.RoomChanged.ROOM_CHANGED));
        new ArrayList<>(pending.keySet()).forEach(model -> todo.add(() -> admit(model)));
    }
}
