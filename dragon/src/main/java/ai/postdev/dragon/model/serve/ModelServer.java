package ai.postdev.dragon.model.serve;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.ServingProtocol;
import ai.postdev.dragon.memory.ModelRoom;
import ai.postdev.dragon.model.catalogue.CatalogueRefused;
import ai.postdev.dragon.model.catalogue.InstalledModel;
import ai.postdev.dragon.model.catalogue.StoreAccess;
import ai.postdev.dragon.model.engine.EngineFault;
import ai.postdev.dragon.model.fallback.Candidate;
import ai.postdev.dragon.model.ledger.ModelLedger;
import ai.postdev.dragon.model.queue.Ending;
import ai.postdev.dragon.model.queue.ModelQueue;
import ai.postdev.dragon.model.queue.QueueEffect;
import ai.postdev.dragon.model.queue.QueueEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.LongStream;
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
 * Keeps a node's language models: takes requests, lets the {@link ModelQueue} decide whose turn it is, the {@link ModelLedger}
 * what fits, a machine for each slot what its worker does and one for each request who answers instead, and has all that carried
 * out. Nothing here waits: files and figures of the system are read on another thread, and slots only tell.
 */
public final class ModelServer extends AbstractBehavior<ModelServer.Message> {
    /** What the keeper understands: the protocol, and what it tells itself. */
    public sealed interface Message {}

    private record Asked(ServingProtocol.Command command) implements Message {}

    private record Found(String model, Reply<Loadable> loadable) implements Message {}

    private record Heard(String model, long worker, ModelSlot.Told told) implements Message {}

    private record Here(List<InstalledModel> models, Consumer<List<Candidate>> then) implements Message {}

    private record Lacking(long bytes) implements Message {}

    private record Looked(Why.Found found, ServingProtocol.Why why) implements Message {}

    private enum Tick implements Message {
        INSTANCE
    }

    private enum LookAtSystem implements Message {
        INSTANCE
    }

    /** An event that the queue is to hear, with the reason if a model cannot be had. */
    private record Happening(QueueEvent event, Optional<Reply.Reason> absent) {}

    /**
     * What a keeper works with.
     *
     * @param node id of this one
     * @param store of the models
     * @param loaded is told which models are in use
     * @param room of the node's memory that models may take
     * @param worker command line of a worker
     * @param embedders by the name of their model; asked on the keeper's thread
     */
    public record Parts(
            String node,
            StoreAccess store,
            LoadedModels loaded,
            ModelRoom room,
            List<String> worker,
            Function<String, Optional<EmbedderPlace>> embedders) {
        public Parts {
            worker = List.copyOf(worker);
        }

        /** Of a node that embeds nothing. */
        public Parts(String node, StoreAccess store, LoadedModels loaded, ModelRoom room, List<String> worker) {
            this(node, store, loaded, room, worker, _ -> Optional.empty());
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(ModelServer.class);
    private static final String LOOK = "look";
    private static final String LOOK_AT_SYSTEM = "system";

    private final TimerScheduler<Message> timers;
    private final ServingSettings settings;
    private final Parts parts;
    private final ModelQueue queue;
    private final ModelLedger ledger;
    private final Tallies tallies = new Tallies();
    private final Finder finder;
    private final Slots slots;
    private final Loads loads;
    private final Answering answering;
    private final Deque<Happening> happened = new ArrayDeque<>();
    /** When each load was asked for that goes on. */
    private final Map<String, Long> loadAsked = new HashMap<>();

    private Optional<Reply.Reason> absent = Optional.empty(); // why a model cannot be loaded, while its requests end
    private long actors;

    /** A keeper of the models of a node. */
    public static Behavior<ServingProtocol.Command> create(ServingSettings settings, Parts parts) {
        Behavior<Message> server = Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new ModelServer(context, timers, settings, parts)));
        return Behaviors.transformMessages(
                ServingProtocol.Command.class, server, match -> match.match(ServingProtocol.Command.class, Asked::new));
    }

    private ModelServer(
            ActorContext<Message> context, TimerScheduler<Message> timers, ServingSettings settings, Parts parts) {
        super(context);
        this.timers = timers;
        this.settings = settings;
        this.parts = parts;
        queue = new ModelQueue(settings.queue());
        ledger = new ModelLedger(settings.ledger(), parts.room());
        finder = new Finder(parts.store(), settings.serve());
        Keeper keeper = new Own();
        slots = new Slots(settings, keeper, ledger, parts.loaded(), tallies);
        loads = new Loads(keeper, settings, ledger, slots, tallies);
        answering = new Answering(settings, keeper, slots, tallies, this::candidates, parts.node());
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::onMessage).build();
    }

    private Behavior<Message> onMessage(Message message) {
        switch (message) {
            case Asked(ServingProtocol.Command command) -> onCommand(command);
            case Found(String model, Reply<Loadable> loadable) -> loads.found(model, loadable);
            case Heard(String model, long worker, ModelSlot.Told told) -> slots.told(model, worker, told);
            case Here(List<InstalledModel> models, Consumer<List<Candidate>> then) ->
                then.accept(models.stream().map(this::candidate).toList());
            case Lacking(long bytes) -> slots.pressure(bytes);
            case Looked(Why.Found found, ServingProtocol.Why why) ->
                why.replyTo().tell(Why.answer(found, slots, ledger, settings.serve()));
            case LookAtSystem _ -> lookAtSystem();
            case Tick _ -> {
                slots.tick();
                happened.add(new Happening(QueueEvent.Tick.TICK, Optional.empty()));
            }
        }
        settle();
        return this;
    }

    private void onCommand(ServingProtocol.Command command) {
        switch (command) {
            case ServingProtocol.Generate generate -> answering.submit(generate, queue::waitMillis);
            case ServingProtocol.Cancel(String id) -> answering.cancel(id);
            case ServingProtocol.Load load -> loads.load(load.model(), load.ttl(), load.replyTo());
            case ServingProtocol.Unload unload -> slots.unload(unload.model(), unload.replyTo());
            case ServingProtocol.Pin pin -> pin.replyTo().tell(slots.pin(pin.model(), pin.pinned()));
            case ServingProtocol.Why why -> {
                String model = why.model().isBlank() ? settings.serve().defaultModel() : why.model();
                elsewhere(
                        () -> Why.look(finder, model),
                        (found, failure) -> new Looked(failure == null ? found : Why.failed(model, failure), why));
            }
            case ServingProtocol.Look look ->
                look.replyTo().tell(ServingView.answer(slots, queue.figures(), ledger, tallies, answering.running()));
        }
    }

    // ---- the queue

    /** One event at a time: what carrying out its effects brings up comes after them. Then loads that wait for memory. */
    private void settle() {
        do {
            for (Happening next = happened.poll(); next != null; next = happened.poll()) {
                absent = next.absent();
                queue.on(next.event(), now()).forEach(this::carryOut);
                absent = Optional.empty();
            }
        } while (loads.ask() || !happened.isEmpty());
        LongStream.concat(queue.wakeAt().stream(), loads.wakeAt().stream())
                .min()
                .ifPresent(at ->
                        timers.startSingleTimer("wake", Tick.INSTANCE, Duration.ofMillis(Math.max(1, at - now()))));
        lookOrRest();
    }

    /** Models that are idle for long enough, workers that are silent, memory that the system lacks; without models, nothing. */
    private void lookOrRest() {
        if (!slots.anyDue()) {
            timers.cancel(LOOK);
            timers.cancel(LOOK_AT_SYSTEM);
        } else if (!timers.isTimerActive(LOOK)) {
            timers.startTimerWithFixedDelay(LOOK, Tick.INSTANCE, Duration.ofSeconds(1));
            timers.startTimerWithFixedDelay(
                    LOOK_AT_SYSTEM, LookAtSystem.INSTANCE, settings.serve().systemLook());
        }
    }

    private void carryOut(QueueEffect effect) {
        switch (effect) {
            case QueueEffect.Start start -> answering.start(start);
            case QueueEffect.Preempt(String id, String _) -> answering.putAside(id);
            case QueueEffect.Stop(String id, String _) -> answering.stop(id);
            case QueueEffect.Load(String model, var workClass) -> {
                loadAsked.putIfAbsent(model, now());
                loads.load(model, workClass);
            }
            case QueueEffect.AbortLoad(String model) -> loads.abort(model);
            case QueueEffect.Unload(String slot) -> slots.makeRoom(slot);
            case QueueEffect.Finish(String id, Ending ending) -> answering.finish(id, ending, absent);
            case QueueEffect.Announce announce -> answering.announce(announce);
        }
    }

    private static long now() {
        return System.nanoTime() / 1_000_000;
    }

    private final class Own implements Keeper {
        @Override
        public long now() {
            return ModelServer.now();
        }

        @Override
        public void happen(QueueEvent event) {
            if (event instanceof QueueEvent.SlotReady(String _, String model, int _)) {
                Long asked = loadAsked.remove(model);
                if (asked != null) {
                    answering.loaded(model, asked);
                }
            }
            happened.add(new Happening(event, Optional.empty()));
        }

        @Override
        public void happenNext(QueueEvent event) {
            happened.addFirst(new Happening(event, Optional.empty()));
        }

        @Override
        public void cannotLoad(String model, Reply.Reason reason, String message) {
            loadAsked.remove(model);
            slots.of(model).ifPresent(slot -> Slots.refuse(slot, reason, message));
            happened.add(new Happening(new QueueEvent.LoadFailed(model, message), Optional.of(reason)));
        }

        @Override
        public void find(String model) {
            elsewhere(
                    () -> finder.find(model),
                    (loadable, failure) ->
                            new Found(model, failure == null ? new Reply.Answered<>(loadable) : refused(failure)));
        }

        @Override
        public ActorRef<ModelSlot.Command> spawn(String model, long worker, Loadable loadable) {
            ActorRef<Message> self = getContext().getSelf();
            Consumer<ModelSlot.Told> teller = told -> self.tell(new Heard(model, worker, told));
            Behavior<ModelSlot.Command> hands = loadable.request()
                    .map(request -> ModelSlot.create(
                            parts.worker(), model, loadable.engine(), request, settings.serve(), teller))
                    .orElseGet(
                            () -> EmbedderHands.create(model, parts.embedders().apply(model), teller));
            return getContext().spawn(hands, "slot-" + ++actors, DispatcherSelector.blocking());
        }

        @Override
        public void answering(Held slot, Optional<ModelSlot.Told> told) {
            told.ifPresentOrElse(one -> answering.told(slot, one), () -> answering.gone(slot));
        }

        @Override
        public void roomChanged() {
            loads.askSoon();
        }
    }

    // ---- other threads

    /** Something that reads files. */
    private interface Reading<T> {
        T read() throws IOException, EngineFault;
    }

    private <T> void elsewhere(Reading<T> reading, BiFunction<T, Throwable, Message> then) {
        Supplier<T> supplier = () -> {
            try {
                return reading.read();
            } catch (IOException | EngineFault e) {
                throw new CompletionException(e.getMessage(), e);
            }
        };
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(
                                supplier, getContext().getSystem().dispatchers().lookup(DispatcherSelector.blocking())),
                        then::apply);
    }

    private static Reply.Refused<Loadable> refused(Throwable failure) {
        Throwable cause = Why.cause(failure);
        return new Reply.Refused<>(
                cause instanceof CatalogueRefused refused ? refused.reason() : Reply.Reason.PRECONDITION,
                cause.getMessage() == null ? cause.toString() : cause.getMessage());
    }

    private void lookAtSystem() {
        elsewhere(
                () -> SystemMemory.lacking(settings.serve().systemFreeMin()),
                (lacking, failure) -> new Lacking(failure == null ? lacking : 0));
    }

    private void candidates(Consumer<List<Candidate>> then) {
        elsewhere(finder::texts, (models, failure) -> {
            if (failure != null) {
                LOG.warn(
                        "no other models can be looked for: {}",
                        Why.cause(failure).getMessage());
            }
            return new Here(failure == null ? models : List.of(), then);
        });
    }

    private Candidate candidate(InstalledModel model) {
        String name = model.name().value();
        long peak = finder.peak(model.manifest()).total();
        Optional<String> unfit = slots.of(name).flatMap(slots::hopeless);
        boolean loaded = slots.of(name).filter(slot -> slot.open).isPresent();
        if (unfit.isEmpty() && !loaded && peak > ledger.possible()) {
            unfit = Optional.of("takes up to " + peak + " bytes, and models can have " + ledger.possible());
        }
        return new Candidate(
                name,
                parts.node(),
                true,
                finder.context(model.manifest()),
                model.manifest().facts().chatTemplate(),
                true,
                loaded,
                unfit,
                queue.waitMillis(name),
                model.manifest().facts().parameters());
    }
}
