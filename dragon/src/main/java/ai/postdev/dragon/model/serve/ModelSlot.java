package ai.postdev.dragon.model.serve;

import ai.postdev.dragon.model.engine.EngineFault;
import ai.postdev.dragon.model.engine.Generation;
import ai.postdev.dragon.model.engine.GenerationRequest;
import ai.postdev.dragon.model.engine.LoadRequest;
import ai.postdev.dragon.model.engine.ModelFacts;
import ai.postdev.dragon.model.worker.WorkerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.japi.function.Function;

/**
 * Owns one loaded model: {@code loading -> ready -> draining}, and ends with its worker process, which it watches by
 * signs of life and by its memory. Tells what happens to who spawned it, {@link Told.Gone} as the last.
 */
final class ModelSlot {
    /** What a slot understands. */
    sealed interface Command {}

    /** Has an answer made; only when ready, and for no more requests at once than it has sequences. */
    record Run(long id, GenerationRequest request) implements Command {}

    /** Has an answer end early; its end is told like any other. */
    record Stop(long id) implements Command {}

    /** Ends the worker, whatever it does. @param reason for people */
    record Unload(String reason) implements Command {}

    private record Worker(WorkerProcess.Event event) implements Command {}

    private enum Look implements Command {
        INSTANCE
    }

    private enum LoadOverdue implements Command {
        INSTANCE
    }

    /** What a slot tells. */
    sealed interface Told {
        /** Its worker runs. */
        record Started(long pid) implements Told {}

        /** It can work. */
        record Ready(ModelFacts facts) implements Told {}

        /** The model cannot be loaded; the slot is gone. */
        record LoadFailed(EngineFault fault) implements Told {}

        /** More of an answer. */
        record Piece(long id, String text) implements Told {}

        /** An answer ended. */
        record Ended(long id, Generation.End end) implements Told {}

        /** An answer ended with a fault. */
        record Failed(long id, EngineFault fault) implements Told {}

        /** What the worker takes of the machine's memory, in bytes; 0: not known. */
        record Resident(long bytes) implements Told {}

        /** The worker is gone, and with it all that it worked on. @param asked whether somebody wanted that */
        record Gone(String reason, boolean asked) implements Told {}
    }

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final ServeSettings settings;
    private final Consumer<Told> teller;
    private final WorkerProcess worker;
    private long pinged;
    private long heard = System.nanoTime();
    private String unloading = "";

    /**
     * Starts a worker and has it load a model.
     *
     * @param command line of the worker
     * @param name of the worker's log
     * @param teller must not block
     */
    static Behavior<Command> create(
            List<String> command,
            String name,
            String engine,
            LoadRequest request,
            ServeSettings settings,
            Consumer<Told> teller) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            WorkerProcess worker;
            Path log = settings.logs().resolve("worker-" + name + ".log");
            try {
                worker = WorkerProcess.start(
                        command, log, event -> context.getSelf().tell(new Worker(event)));
            } catch (IOException e) {
                teller.accept(new Told.LoadFailed(new EngineFault(
                        EngineFault.Kind.FAILED, "no process can be started for the model: " + e.getMessage(), e)));
                return Behaviors.stopped();
            }
            ModelSlot slot = new ModelSlot(context, timers, settings, teller, worker);
            teller.accept(new Told.Started(worker.pid()));
            worker.load(engine, request);
            timers.startTimerWithFixedDelay(Look.INSTANCE, settings.pingEvery());
            timers.startSingleTimer(LoadOverdue.INSTANCE, settings.loadMax());
            return slot.loading();
        }));
    }

    private ModelSlot(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            ServeSettings settings,
            Consumer<Told> teller,
            WorkerProcess worker) {
        this.context = context;
        this.timers = timers;
        this.settings = settings;
        this.teller = teller;
        this.worker = worker;
    }

    /** Of the worker. */
    private Behavior<Command> loading() {
        return phase(command -> switch (command) {
            case Run(long id, GenerationRequest _) -> refuse(id);
            case Stop _ -> Behaviors.same();
            case Unload(String reason) -> end(reason);
            case Look _ -> look();
            case LoadOverdue _ ->
                end("the model was not loaded within " + settings.loadMax().toSeconds()
                        + " s (postdevai.model.serve.load-max)");
            case Worker(WorkerProcess.Event event) -> onLoading(event);
        });
    }

    private Behavior<Command> onLoading(WorkerProcess.Event event) {
        return switch (event) {
            case WorkerProcess.Event.Loaded(ModelFacts facts) -> {
                timers.cancel(LoadOverdue.INSTANCE);
                teller.accept(new Told.Ready(facts));
                yield ready();
            }
            case WorkerProcess.Event.LoadFailed(EngineFault fault) -> {
                teller.accept(new Told.LoadFailed(fault));
                worker.kill("the model cannot be loaded");
                yield Behaviors.stopped();
            }
            case WorkerProcess.Event.Piece _,
                    WorkerProcess.Event.Ended _,
                    WorkerProcess.Event.Failed _,
                    WorkerProcess.Event.Counted _,
                    WorkerProcess.Event.Alive _,
                    WorkerProcess.Event.Died _ -> onAny(event);
        };
    }

    private Behavior<Command> ready() {
        return phase(command -> switch (command) {
            case Run(long id, GenerationRequest request) -> {
                worker.generate(id, request);
                yield Behaviors.same();
            }
            case Stop(long id) -> {
                worker.cancel(id);
                yield Behaviors.same();
            }
            case Unload(String reason) -> end(reason);
            case Look _ -> look();
            case LoadOverdue _ -> Behaviors.same();
            case Worker(WorkerProcess.Event event) -> onAny(event);
        });
    }

    /** The worker was told to end; what it still says of its death is the last. */
    private Behavior<Command> draining() {
        return phase(command -> switch (command) {
            case Run(long id, GenerationRequest _) -> refuse(id);
            case Stop _, Unload _, Look _, LoadOverdue _ -> Behaviors.same();
            case Worker(WorkerProcess.Event event) -> onAny(event);
        });
    }

    private Behavior<Command> refuse(long id) {
        teller.accept(new Told.Failed(
                id, new EngineFault(EngineFault.Kind.FAILED, "the model is not loaded, or is being unloaded")));
        return Behaviors.same();
    }

    private Behavior<Command> onAny(WorkerProcess.Event event) {
        heard = System.nanoTime();
        switch (event) {
            case WorkerProcess.Event.Piece(long id, String text) -> teller.accept(new Told.Piece(id, text));
            case WorkerProcess.Event.Ended(long id, Generation.End end) -> teller.accept(new Told.Ended(id, end));
            case WorkerProcess.Event.Failed(long id, EngineFault fault) -> teller.accept(new Told.Failed(id, fault));
            case WorkerProcess.Event.Alive(long _, long resident) -> onAlive(resident);
            case WorkerProcess.Event.Died(String reason) -> {
                boolean asked = !unloading.isEmpty();
                teller.accept(new Told.Gone(asked ? unloading : reason, asked));
                return Behaviors.stopped();
            }
            case WorkerProcess.Event.Loaded _, WorkerProcess.Event.LoadFailed _, WorkerProcess.Event.Counted _ -> {
                // of a load that is over, or of nothing that was asked
            }
        }
        return Behaviors.same();
    }

    private void onAlive(long resident) {
        teller.accept(new Told.Resident(resident));
        if (settings.residentMax() > 0 && resident > settings.residentMax()) {
            worker.kill(
                    "the worker takes " + resident + " bytes of memory, more than postdevai.model.serve.resident-max"
                            + " (" + settings.residentMax() + ")");
        }
    }

    private Behavior<Command> look() {
        long silent = System.nanoTime() - heard;
        if (silent > settings.silenceMax().toNanos()) {
            worker.kill(
                    "the worker said nothing for " + silent / 1_000_000_000 + " s (postdevai.model.serve.silence-max)");
        } else {
            worker.ping(++pinged);
        }
        return Behaviors.same();
    }

    private Behavior<Command> end(String reason) {
        unloading = reason;
        worker.kill(reason);
        return draining();
    }

    private Behavior<Command> phase(Function<Command, Behavior<Command>> onCommand) {
        return Behaviors.receive(Command.class)
                .onAnyMessage(onCommand)
                .onSignal(PostStop.class, _ -> stopped())
                .onSignal(PreRestart.class, _ -> stopped())
                .build();
    }

    private Behavior<Command> stopped() {
        worker.kill("its slot ended");
        context.getLog().debug("slot of worker {} ended", worker.pid());
        return Behaviors.same();
    }
}
