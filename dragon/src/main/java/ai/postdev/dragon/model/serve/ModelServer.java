package ai.postdev.dragon.model.serve;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.ServingProtocol;
import ai.postdev.dragon.model.catalogue.CatalogueRefused;
import ai.postdev.dragon.model.catalogue.InstalledModel;
import ai.postdev.dragon.model.catalogue.StoreAccess;
import ai.postdev.dragon.model.engine.EngineFault;
import ai.postdev.dragon.model.engine.Generation;
import ai.postdev.dragon.model.engine.GenerationRequest;
import ai.postdev.dragon.model.engine.LoadRequest;
import ai.postdev.dragon.model.queue.Ending;
import ai.postdev.dragon.model.queue.ModelQueue;
import ai.postdev.dragon.model.queue.QueueEffect;
import ai.postdev.dragon.model.queue.QueueEvent;
import ai.postdev.dragon.model.queue.QueueSettings;
import ai.postdev.dragon.model.queue.Request;
import ai.postdev.dragon.model.worker.Engines;
import ai.postdev.v1.GenerateRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a node's language models: takes requests, lets the {@link ModelQueue} decide what has to be done, and has slots do
 * it. Nothing here waits: models are looked up on another thread, and slots only tell.
 */
public final class ModelServer extends AbstractBehavior<ModelServer.Message> {
    /** What the keeper understands: the protocol, and what it tells itself. */
    public sealed interface Message {}

    private record Asked(ServingProtocol.Command command) implements Message {}

    private record Found(String model, Reply<Loadable> loadable) implements Message {}

    private record Heard(String slot, ModelSlot.Told told) implements Message {}

    private enum Tick implements Message {
        INSTANCE
    }

    private record Loadable(String engine, LoadRequest request) {}

    private static final Logger LOG = LoggerFactory.getLogger(ModelServer.class);

    private final TimerScheduler<Message> timers;
    private final ServeSettings settings;
    private final StoreAccess store;
    private final LoadedModels loaded;
    private final List<String> worker;
    private final ModelQueue queue;
    private final Deaths deaths;
    private final Map<String, Work> works = new HashMap<>();
    private final Map<Long, Work> running = new HashMap<>();
    private final Map<String, Held> slots = new LinkedHashMap<>();
    private final Set<String> aborted = new HashSet<>();
    private final Deque<QueueEvent> happened = new ArrayDeque<>();
    private Optional<Reply.Reason> absent = Optional.empty(); // why a model cannot be loaded, while its requests end
    private boolean busy;
    private long numbers;
    private long slotNumbers;

    /**
     * A keeper of the models in {@code store}.
     *
     * @param loaded is told which models are in use
     * @param worker command line of a worker
     */
    public static Behavior<ServingProtocol.Command> create(
            ServeSettings settings, QueueSettings queue, StoreAccess store, LoadedModels loaded, List<String> worker) {
        Behavior<Message> server = Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new ModelServer(context, timers, settings, queue, store, loaded, worker)));
        return Behaviors.transformMessages(
                ServingProtocol.Command.class, server, match -> match.match(ServingProtocol.Command.class, Asked::new));
    }

    private ModelServer(
            ActorContext<Message> context,
            TimerScheduler<Message> timers,
            ServeSettings settings,
            QueueSettings queue,
            StoreAccess store,
            LoadedModels loaded,
            List<String> worker) {
        super(context);
        this.timers = timers;
        this.settings = settings;
        this.store = store;
        this.loaded = loaded;
        this.worker = List.copyOf(worker);
        this.queue = new ModelQueue(queue);
        this.deaths = new Deaths(settings);
        // Also looks for models that have been idle for long enough.
        timers.startTimerWithFixedDelay("idle", Tick.INSTANCE, Duration.ofSeconds(1));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::onMessage).build();
    }

    private Behavior<Message> onMessage(Message message) {
        switch (message) {
            case Asked(ServingProtocol.Command command) -> onCommand(command);
            case Found found -> onFound(found);
            case Heard(String slot, ModelSlot.Told told) -> onTold(slot, told);
            case Tick _ -> onTick();
        }
        return this;
    }

    private static long now() {
        return System.nanoTime() / 1_000_000;
    }

    // ---- requests

    private void onCommand(ServingProtocol.Command command) {
        switch (command) {
            case ServingProtocol.Generate generate -> onGenerate(generate);
            case ServingProtocol.Cancel(String id) -> happen(new QueueEvent.Cancel(id));
            case ServingProtocol.Unload(String model) ->
                slots.values().stream()
                        .filter(slot -> slot.ready && slot.model.equals(model))
                        .toList()
                        .forEach(slot -> happen(new QueueEvent.Drain(slot.id)));
            case ServingProtocol.Look look -> look.replyTo().tell(figures());
        }
    }

    private void onGenerate(ServingProtocol.Generate generate) {
        GenerateRequest asked = generate.request();
        String model = asked.getModel().isBlank() ? settings.defaultModel() : asked.getModel();
        try {
            GenerationRequest request = Requests.of(asked, settings.promptBytesMax());
            if (works.containsKey(generate.id())) {
                throw new IllegalArgumentException("a request with the id " + generate.id() + " is not over yet");
            }
            Request queued = new Request(
                    generate.id(),
                    generate.caller(),
                    model,
                    Requests.workClass(asked),
                    asked.getSupersede().isEmpty() ? Optional.empty() : Optional.of(asked.getSupersede()),
                    OptionalLong.empty(),
                    1L + asked.getSerializedSize() / 4 + (asked.getMaxTokens() == 0 ? 256 : asked.getMaxTokens()),
                    asked.getSerializedSize());
            works.put(generate.id(), new Work(generate.id(), model, request, generate.replyTo()));
            happen(new QueueEvent.Submit(queued));
        } catch (IllegalArgumentException e) {
            generate.replyTo().tell(new ServingProtocol.Failed(Reply.Reason.INVALID, e.getMessage(), 0));
        }
    }

    // ---- the queue

    /** One event at a time: what carrying out its effects brings up comes after them. */
    private void happen(QueueEvent event) {
        happened.add(event);
        if (busy) {
            return;
        }
        busy = true;
        try {
            for (QueueEvent next = happened.poll(); next != null; next = happened.poll()) {
                queue.on(next, now()).forEach(this::carryOut);
            }
        } finally {
            busy = false;
        }
        queue.wakeAt()
                .ifPresent(at ->
                        timers.startSingleTimer("wake", Tick.INSTANCE, Duration.ofMillis(Math.max(1, at - now()))));
    }

    private void carryOut(QueueEffect effect) {
        switch (effect) {
            case QueueEffect.Start start -> start(start);
            case QueueEffect.Preempt(String id, String slot) -> putAside(works.get(id), slot);
            case QueueEffect.Stop(String id, String slot) -> stop(id, slot);
            case QueueEffect.Load load -> load(load.model());
            case QueueEffect.AbortLoad(String model) -> abort(model);
            case QueueEffect.Unload(String slot) -> unload(slot, "it made room for others");
            case QueueEffect.Finish(String id, Ending ending) -> finish(works.remove(id), ending);
            case QueueEffect.Announce announce -> {
                Work work = works.get(announce.id());
                if (work != null) {
                    work.replyTo.tell(
                            new ServingProtocol.Waiting(announce.ahead(), announce.waitMillis(), announce.loading()));
                }
            }
        }
    }

    private void start(QueueEffect.Start start) {
        Work work = works.get(start.id());
        Held slot = slots.get(start.slot());
        work.number = ++numbers;
        work.slot = start.slot();
        work.aside = false;
        work.waitedMillis += start.waitedMillis();
        running.put(work.number, work);
        if (!work.told) {
            work.told = true;
            work.replyTo.tell(new ServingProtocol.Begun(work.model, slot.engine, work.waitedMillis));
        }
        slot.ref.tell(new ModelSlot.Run(work.number, work.next()));
    }

    /** What must obey a schema cannot be gone on with half-way: its grammar would begin anew. It runs to its end. */
    private void putAside(Work work, String slot) {
        if (work.request.jsonSchema().isEmpty()) {
            work.aside = true;
            slots.get(slot).ref.tell(new ModelSlot.Stop(work.number));
        }
    }

    private void stop(String id, String slot) {
        running.values().stream()
                .filter(work -> work.id.equals(id) && work.slot.equals(slot))
                .findFirst()
                .ifPresent(work -> {
                    work.over = true;
                    slots.get(slot).ref.tell(new ModelSlot.Stop(work.number));
                });
    }

    private void finish(Work work, Ending ending) {
        if (work != null) {
            work.over = true;
            Held slot = slots.get(work.slot);
            work.replyTo.tell(Endings.event(work, ending, slot == null ? "" : slot.engine, absent));
        }
    }

    // ---- slots

    private void load(String model) {
        Optional<String> hopeless = deaths.hopeless(model, now());
        if (hopeless.isPresent()) {
            happen(new QueueEvent.LoadFailed(model, hopeless.get()));
        } else if (deaths.notBefore(model) > now()) {
            happen(new QueueEvent.LoadBlocked(model, Set.of(), OptionalLong.of(deaths.notBefore(model))));
        } else {
            aborted.remove(model);
            Executor patient = getContext().getSystem().dispatchers().lookup(DispatcherSelector.blocking());
            getContext()
                    .pipeToSelf(
                            CompletableFuture.supplyAsync(() -> find(model), patient),
                            (loadable, failure) -> new Found(
                                    model, failure == null ? new Reply.Answered<>(loadable) : refused(failure)));
        }
    }

    private Loadable find(String name) {
        try {
            InstalledModel model = store.store().ready(name);
            long trained = model.manifest().facts().contextTokens();
            int context = trained > 0 ? (int) Math.min(trained, settings.context()) : settings.context();
            return new Loadable(
                    Engines.of(model.file()).name(),
                    new LoadRequest(model.file(), context, settings.sequences(), settings.threads()));
        } catch (IOException | EngineFault e) {
            throw new CompletionException(e.getMessage(), e);
        }
    }

    private static Reply.Refused<Loadable> refused(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return new Reply.Refused<>(
                cause instanceof CatalogueRefused refused ? refused.reason() : Reply.Reason.PRECONDITION, message);
    }

    private void onFound(Found found) {
        if (aborted.remove(found.model())) {
            happen(new QueueEvent.LoadFailed(found.model(), "nobody waited for it any more"));
            return;
        }
        switch (found.loadable()) {
            case Reply.Answered<Loadable>(Loadable loadable) -> spawn(found.model(), loadable);
            case Reply.Refused<Loadable>(Reply.Reason reason, String message) -> {
                absent = Optional.of(reason);
                happen(new QueueEvent.LoadFailed(found.model(), message));
                absent = Optional.empty();
            }
        }
    }

    private void spawn(String model, Loadable loadable) {
        String id = model + "-" + ++slotNumbers;
        ActorRef<Message> self = getContext().getSelf();
        ActorRef<ModelSlot.Command> ref = getContext()
                .spawn(
                        ModelSlot.create(
                                worker,
                                model,
                                loadable.engine(),
                                loadable.request(),
                                settings,
                                told -> self.tell(new Heard(id, told))),
                        "slot-" + slotNumbers,
                        DispatcherSelector.blocking());
        slots.put(id, new Held(id, model, loadable.engine(), ref, now()));
        loaded.taken(model, id);
        happen(new QueueEvent.LoadStarted(model, id));
    }

    private void abort(String model) {
        Optional<Held> loading = slots.values().stream()
                .filter(slot -> !slot.ready && slot.model.equals(model))
                .findFirst();
        if (loading.isPresent()) {
            unload(loading.get().id, "nobody waited for it any more");
        } else {
            aborted.add(model);
        }
    }

    private void unload(String slot, String reason) {
        Held held = slots.get(slot);
        if (held != null) {
            held.ending = true;
            held.ref.tell(new ModelSlot.Unload(reason));
        }
    }

    private void onTold(String id, ModelSlot.Told told) {
        Held slot = slots.get(id);
        if (slot == null) {
            return;
        }
        switch (told) {
            case ModelSlot.Told.Started(long pid) -> slot.pid = pid;
            case ModelSlot.Told.Ready(var facts) -> {
                slot.ready = true;
                slot.context = facts.context();
                slot.sequences = facts.sequences();
                slot.idleSince = now();
                LOG.info("model {} is ready on {} after {} ms", slot.model, slot.engine, now() - slot.since);
                happen(new QueueEvent.SlotReady(id, slot.model, facts.sequences()));
            }
            case ModelSlot.Told.LoadFailed(EngineFault fault) -> {
                slots.remove(id);
                loaded.left(slot.model, id);
                LOG.warn("model {} is not loaded: {}", slot.model, fault.getMessage());
                happen(new QueueEvent.LoadFailed(slot.model, fault.getMessage()));
            }
            case ModelSlot.Told.Piece(long number, String text) -> onPiece(running.get(number), text);
            case ModelSlot.Told.Ended(long number, Generation.End end) -> onEnded(slot, running.remove(number), end);
            case ModelSlot.Told.Failed(long number, EngineFault fault) -> {
                Work work = running.remove(number);
                if (work != null) {
                    work.fault = Optional.of(fault);
                    slot.idleSince = now();
                    happen(new QueueEvent.Ended(work.id, Optional.of(fault.getMessage())));
                }
            }
            case ModelSlot.Told.Resident(long bytes) -> slot.resident = bytes;
            case ModelSlot.Told.Gone(String reason, boolean asked) -> onGone(slot, reason, asked);
        }
    }

    private void onPiece(Work work, String text) {
        if (work == null || work.over) {
            return;
        }
        if (work.answered.isEmpty()) {
            happen(new QueueEvent.FirstToken(work.id));
        }
        work.answered.append(text);
        work.replyTo.tell(new ServingProtocol.Text(text));
    }

    private void onEnded(Held slot, Work work, Generation.End end) {
        if (work == null) {
            return;
        }
        slot.idleSince = now();
        work.add(end);
        if (end.finish() == Generation.Finish.CANCELLED && work.aside && !work.over) {
            happen(new QueueEvent.Preempted(work.id));
        } else {
            slot.answered++;
            deaths.answered(slot.model);
            happen(new QueueEvent.Ended(work.id, Optional.empty()));
        }
    }

    private void onGone(Held slot, String reason, boolean asked) {
        slots.remove(slot.id);
        loaded.left(slot.model, slot.id);
        running.values().removeIf(work -> work.slot.equals(slot.id));
        if (!asked) {
            deaths.died(slot.model, reason, slot.ready ? now() - slot.since : 0, now());
            LOG.warn("the worker of model {} died: {}", slot.model, reason);
        } else {
            LOG.info("model {} was unloaded: {}", slot.model, reason);
        }
        happen(
                slot.ready
                        ? new QueueEvent.SlotGone(slot.id, "the worker of " + slot.model + " is gone: " + reason)
                        : new QueueEvent.LoadFailed(slot.model, reason));
    }

    private void onTick() {
        long idle = now() - settings.idleUnload().toMillis();
        for (Held slot : List.copyOf(slots.values())) {
            if (slot.ready && !slot.ending && slot.idleSince < idle && worksOf(slot) == 0) {
                happen(new QueueEvent.Drain(slot.id));
            }
        }
        happen(QueueEvent.Tick.TICK);
    }

    private int worksOf(Held slot) {
        return (int) running.values().stream()
                .filter(work -> work.slot.equals(slot.id))
                .count();
    }

    private ServingProtocol.Figures figures() {
        List<ServingProtocol.Slot> all = slots.values().stream()
                .map(slot -> slot.figures(worksOf(slot), now()))
                .toList();
        return new ServingProtocol.Figures(all, works.size() - running.size(), running.size());
    }
}
