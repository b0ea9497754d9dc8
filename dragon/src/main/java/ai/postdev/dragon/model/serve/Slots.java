package ai.postdev.dragon.model.serve;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.model.engine.EngineFault;
import ai.postdev.dragon.model.ledger.LedgerEffect;
import ai.postdev.dragon.model.ledger.ModelLedger;
import ai.postdev.dragon.model.queue.QueueEvent;
import ai.postdev.dragon.model.queue.WorkClass;
import ai.postdev.dragon.model.slot.CircuitBreaker;
import ai.postdev.dragon.model.slot.SlotEffect;
import ai.postdev.dragon.model.slot.SlotEvent;
import ai.postdev.dragon.model.slot.SlotState;
import ai.postdev.dragon.model.worker.WorkerProcess;
import ai.postdev.v1.PinModelAnswer;
import ai.postdev.v1.ServedModel;
import ai.postdev.v1.UnloadModelAnswer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A slot for each model that was ever loaded here: drives its {@link ai.postdev.dragon.model.slot.SlotMachine} with what its
 * worker tells, and keeps the {@link ModelLedger} in step with it. Lives on its keeper's thread.
 */
final class Slots {
    private static final Logger LOG = LoggerFactory.getLogger(Slots.class);

    private final ServingSettings settings;
    private final Keeper keeper;
    private final ModelLedger ledger;
    private final LoadedModels loaded;
    private final Tallies tallies;
    private final Map<String, Held> slots = new TreeMap<>();
    private final Set<String> pins = new TreeSet<>();

    Slots(ServingSettings settings, Keeper keeper, ModelLedger ledger, LoadedModels loaded, Tallies tallies) {
        this.settings = settings;
        this.keeper = keeper;
        this.ledger = ledger;
        this.loaded = loaded;
        this.tallies = tallies;
    }

    /** The slot of a model that is or was loaded here. */
    Optional<Held> of(String model) {
        return Optional.ofNullable(slots.get(model));
    }

    Held slot(String model) {
        return slots.computeIfAbsent(model, _ -> new Held(model, settings.slot()));
    }

    /** All of them, by name. */
    List<Held> all() {
        return List.copyOf(slots.values());
    }

    /** Whether some model holds memory or is about to that may have to give it back. */
    boolean anyHeld() {
        return slots.values().stream()
                .anyMatch(slot -> ledger.holds(slot.model) && !(slot.embeds() && pins.contains(slot.model)));
    }

    /** Whether time alone can bring something up. */
    boolean anyDue() {
        return anyHeld()
                || ledger.shortOf() > 0
                || slots.values().stream().anyMatch(slot -> slot.wakeAt().isPresent());
    }

    /** Its memory was granted: a worker loads it. */
    void begin(Wanted wanted, Loadable loadable) {
        Held slot = slot(wanted.model);
        slot.loadable = Optional.of(loadable);
        slot.loaders.addAll(wanted.callers);
        ledger.pin(slot.model, pins.contains(slot.model));
        drive(slot, new SlotEvent.Load(slot.model));
    }

    /** The model may be loaded again whatever happened before: somebody insists, or it is another file. */
    void reset(Held slot) {
        drive(slot, SlotEvent.Reset.RESET);
    }

    // ---- what is wanted of a slot

    /** The load is not wanted any more, or the slot makes room. */
    void unload(String model, String reason) {
        of(model).ifPresent(slot -> drive(slot, new SlotEvent.Drain(slot.leaving.isEmpty() ? reason : slot.leaving)));
    }

    /** It has nothing to do any more and goes, for the reason that was found before or because others need its room. */
    void makeRoom(String model) {
        if (of(model).filter(slot -> slot.leaving.isEmpty()).isPresent()) {
            tallies.evicted(model);
        }
        unload(model, "it made room for others");
    }

    /** Somebody wants it out of memory: it ends what it works on, and the caller is told when it is gone. */
    void unload(String model, ActorRef<Reply<UnloadModelAnswer>> caller) {
        Optional<Held> held = of(model).filter(slot -> ledger.holds(slot.model));
        if (held.isEmpty()) {
            caller.tell(new Reply.Refused<>(
                    Reply.Reason.NOT_FOUND, "model " + model + " is not in memory; what is: postdevai models ps"));
            return;
        }
        Held slot = held.get();
        slot.unloaders.add(caller);
        slot.leaving = "somebody unloaded it";
        if (slot.open && !slot.embeds()) {
            keeper.happen(new QueueEvent.Drain(slot.model));
        } else {
            drive(slot, new SlotEvent.Drain(slot.leaving));
        }
    }

    /** Has the model stay in memory, or no longer; also one that is not there yet. */
    Reply<PinModelAnswer> pin(String model, boolean pinned) {
        int most = settings.ledger().modelsMax();
        if (!pinned) {
            pins.remove(model);
        } else if (pins.size() >= most && !pins.contains(model)) {
            return new Reply.Refused<>(
                    Reply.Reason.OVERLOADED,
                    pins.size() + " models are pinned, the most that postdevai.models.ledger.models-max allows");
        } else {
            pins.add(model);
        }
        boolean held = ledger.holds(model);
        if (held) {
            ledger.pin(model, pinned);
        }
        return new Reply.Answered<>(PinModelAnswer.newBuilder()
                .setName(model)
                .setLoaded(held)
                .setPinned(pinned)
                .build());
    }

    /** A request is given to the worker. */
    void began(Held slot, WorkClass workClass) {
        ledger.began(slot.model, workClass, keeper.now());
        drive(slot, SlotEvent.Began.BEGAN);
    }

    /** The worker has one request less. @param well it does its work */
    void ended(Held slot, WorkClass workClass, boolean well) {
        ledger.ended(slot.model, workClass, keeper.now());
        drive(slot, new SlotEvent.Ended(well));
    }

    /** Idle models that are due, workers that are silent. */
    void tick() {
        carryOut(ledger.tick(keeper.now()));
        for (Held slot : all()) {
            if (slot.wakeAt().orElse(Long.MAX_VALUE) <= keeper.now()) {
                drive(slot, SlotEvent.Tick.TICK);
            }
        }
    }

    /** The system is short of so many bytes. */
    void pressure(long bytes) {
        boolean less = bytes < ledger.shortOf();
        carryOut(ledger.pressure(bytes, keeper.now()));
        if (less) {
            keeper.roomChanged();
        }
    }

    void carryOut(List<LedgerEffect> effects) {
        for (LedgerEffect effect : effects) {
            switch (effect) {
                case LedgerEffect.Evict(String model, String reason) -> {
                    slot(model).leaving = reason;
                    tallies.evicted(model);
                    if (slot(model).embeds()) {
                        drive(slot(model), new SlotEvent.Drain(reason));
                    } else {
                        keeper.happenNext(new QueueEvent.Drain(model));
                    }
                }
                case LedgerEffect.Trim(String model, long bytes) -> {
                    LOG.info("model {} is asked for {} bytes of what it keeps", model, bytes);
                    slot(model).tell(new ModelSlot.Trim(bytes));
                }
            }
        }
    }

    // ---- what a worker tells

    /** @param worker that tells it; an earlier one is not heard any more, for it is gone */
    void told(String model, long worker, ModelSlot.Told told) {
        Held slot = slots.get(model);
        if (slot == null || slot.worker != worker) {
            return;
        }
        drive(slot, SlotEvent.Heartbeat.HEARTBEAT);
        switch (told) {
            case ModelSlot.Told.Started(long pid) -> slot.pid = pid;
            case ModelSlot.Told.Ready(var facts) -> {
                slot.context = facts.context();
                slot.sequences = facts.sequences();
                drive(slot, SlotEvent.Loaded.LOADED);
            }
            case ModelSlot.Told.LoadFailed(EngineFault fault) -> {
                slot.fault = Optional.of(fault);
                drive(slot, new SlotEvent.LoadFailed(fault.getMessage(), lasting(fault)));
            }
            case ModelSlot.Told.Alive(var memory) -> alive(slot, memory);
            case ModelSlot.Told.Trimmed(long bytes, var memory) -> trimmed(slot, bytes, memory);
            case ModelSlot.Told.Gone(String reason) -> drive(slot, new SlotEvent.WorkerGone(reason));
            case ModelSlot.Told.Piece _, ModelSlot.Told.Ended _, ModelSlot.Told.Failed _ ->
                keeper.answering(slot, Optional.of(told));
        }
    }

    private static boolean lasting(EngineFault fault) {
        return switch (fault.kind()) {
            case BAD_MODEL, BAD_REQUEST, TOO_LONG -> true;
            case NO_MEMORY, FAILED -> false;
        };
    }

    private void alive(Held slot, WorkerProcess.Memory memory) {
        long resident = memory.resident();
        slot.resident = resident;
        long most = settings.serve().residentMax();
        if (most > 0 && resident > most) {
            slot.tell(new ModelSlot.Kill("the worker takes " + resident
                    + " bytes of memory, more than postdevai.models.serve.resident-max (" + most + ")"));
        }
        if (slot.open) {
            carryOut(ledger.measured(slot.model, resident, memory.trimmable(), slot.answered > 0, keeper.now()));
        }
    }

    private void trimmed(Held slot, long bytes, WorkerProcess.Memory memory) {
        tallies.trimmed(slot.model, bytes);
        LOG.info("model {} gave back {} bytes, and takes {} now", slot.model, bytes, memory.resident());
        if (slot.open) {
            ledger.trimmed(slot.model, bytes);
        }
        alive(slot, memory);
        keeper.happen(QueueEvent.RoomChanged.ROOM_CHANGED);
        keeper.roomChanged();
    }

    // ---- what its machine wants

    private void drive(Held slot, SlotEvent event) {
        if (slot.embeds()) {
            carryOut(slot, slot.machine.on(SlotEvent.Heartbeat.HEARTBEAT, keeper.now()));
        }
        List<SlotEffect> effects = slot.machine.on(event, keeper.now());
        if (slot.machine.state() instanceof SlotState.Draining && ledger.holds(slot.model)) {
            // The queue may have had it unloaded. A ledger that does not know would have another go for the same room.
            ledger.leaving(slot.model);
        }
        carryOut(slot, effects);
    }

    private void carryOut(Held slot, List<SlotEffect> effects) {
        for (SlotEffect effect : effects) {
            switch (effect) {
                case SlotEffect.StartWorker _ -> {
                    slot.begin(keeper.spawn(slot.model, ++slot.worker, slot.loadable.orElseThrow()));
                    loaded.taken(slot.model, slot.model);
                    if (!slot.embeds()) {
                        keeper.happen(new QueueEvent.LoadStarted(slot.model, slot.model));
                    }
                }
                case SlotEffect.StopWorker _ -> slot.tell(new ModelSlot.Kill("it was told to end"));
                case SlotEffect.KillWorker(String reason) -> slot.tell(new ModelSlot.Kill(reason));
                case SlotEffect.Opened(String _, long loadMillis) -> opened(slot, loadMillis);
                case SlotEffect.Closed closed -> closed(slot, closed);
                case SlotEffect.Rejected(String _, String reason, long _) -> {
                    ledger.gone(slot.model);
                    keeper.cannotLoad(slot.model, Reply.Reason.UNAVAILABLE, slot.model + ": " + reason);
                }
            }
        }
    }

    private void opened(Held slot, long loadMillis) {
        tallies.loaded(slot.model, loadMillis);
        LOG.info("model {} is ready on {} after {} ms", slot.model, slot.engine(), loadMillis);
        if (ledger.ready(slot.model, slot.loadable.orElseThrow().peak().unfilled(), loadMillis, keeper.now())) {
            slot.open = true;
            slot.loaders.forEach(caller -> caller.tell(new Reply.Answered<>(served(slot))));
            slot.loaders.clear();
            if (!slot.embeds()) {
                keeper.happen(new QueueEvent.SlotReady(slot.model, slot.model, slot.sequences));
            }
            keeper.roomChanged();
        } else {
            unload(slot.model, "it takes more memory than there is");
        }
    }

    private void closed(Held slot, SlotEffect.Closed closed) {
        boolean wasOpen = slot.open;
        slot.open = false;
        slot.ref = Optional.empty();
        slot.worker++;
        loaded.left(slot.model, slot.model);
        keeper.answering(slot, Optional.empty());
        long held = held(slot);
        ledger.gone(slot.model);
        if (closed.intended()) {
            LOG.info("model {} was unloaded: {}", slot.model, closed.reason());
        } else {
            tallies.died(slot.model);
            LOG.warn("the worker of model {} is gone: {}", slot.model, closed.reason());
        }
        if (wasOpen && !slot.embeds()) {
            keeper.happen(new QueueEvent.SlotGone(
                    slot.model,
                    closed.intended()
                            ? closed.reason()
                            : "the worker of " + slot.model + " is gone: " + closed.reason()));
        } else if (closed.intended()) {
            keeper.cannotLoad(slot.model, Reply.Reason.UNAVAILABLE, closed.reason());
        } else {
            notLoaded(slot);
        }
        slot.unloaders.forEach(caller -> caller.tell(new Reply.Answered<>(UnloadModelAnswer.newBuilder()
                .setName(slot.model)
                .setBytes(held)
                .build())));
        slot.unloaders.clear();
        keeper.happen(QueueEvent.RoomChanged.ROOM_CHANGED);
        keeper.roomChanged();
    }

    /** Those who asked for the load by hand are told that it will not be. */
    static void refuse(Held slot, Reply.Reason reason, String message) {
        slot.loaders.forEach(caller -> caller.tell(new Reply.Refused<>(reason, message)));
        slot.loaders.clear();
    }

    /** How the slot stands. */
    ServedModel served(Held slot) {
        return ServingView.served(slot, ledger.held(keeper.now()), keeper.now());
    }

    private long held(Held slot) {
        return ledger.held(keeper.now()).stream()
                .filter(tenant -> tenant.slot().equals(slot.model))
                .mapToLong(tenant -> tenant.footprint().total())
                .findFirst()
                .orElse(0);
    }

    /** A load did not succeed: it is tried again after a while, unless that has no sense or happened too often. */
    void notLoaded(Held slot) {
        if (!(slot.machine.state() instanceof SlotState.Failed failed)) {
            throw new IllegalStateException(
                    slot.model + " is " + slot.machine.state().id() + ", expected failed");
        }
        Optional<String> hopeless = hopeless(slot);
        if (hopeless.isPresent()) {
            keeper.cannotLoad(slot.model, reason(slot), hopeless.get());
        } else {
            refuse(slot, Reply.Reason.FAILED, "model " + slot.model + " is not loaded: " + failed.reason());
            keeper.happen(new QueueEvent.LoadBlocked(slot.model, Set.of(), OptionalLong.of(failed.retryAt())));
        }
    }

    private static Reply.Reason reason(Held slot) {
        return slot.fault.isPresent() ? Reply.Reason.PRECONDITION : Reply.Reason.FAILED;
    }

    /** Why the model is not loaded again for those who ask now; empty: it is, at once or after a short while. */
    Optional<String> hopeless(Held slot) {
        if (!(slot.machine.state() instanceof SlotState.Failed failed) || keeper.now() >= failed.retryAt()) {
            return Optional.empty();
        }
        if (failed.retryAt() == Long.MAX_VALUE) {
            return Optional.of(failed.reason());
        }
        if (slot.machine.breaker() != CircuitBreaker.State.OPEN) {
            return Optional.empty();
        }
        return Optional.of("model " + slot.model + " failed again and again, last: " + failed.reason()
                + "; it is tried again in " + Math.max(1, (failed.retryAt() - keeper.now() + 999) / 1_000) + " s");
    }
}
