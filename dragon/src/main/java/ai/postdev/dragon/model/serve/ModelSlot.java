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

/**
 * The hands of one slot: owns its worker process, carries out what the slot's machine wants, and tells what happens to who
 * spawned it, {@link Told.Gone} as the last. It decides nothing: states, patience and restarts are the machine's.
 */
final class ModelSlot {
    /** What a slot understands. */
    sealed interface Command {}

    /** Has an answer made; only when ready, and for no more requests at once than it has sequences. */
    record Run(long id, GenerationRequest request) implements Command {}

    /** Has an answer end early; its end is told like any other. */
    record Stop(long id) implements Command {}

    /** Has the worker give back what it keeps for requests that may come; {@link Told.Trimmed} says what came of it. */
    record Trim(long bytes) implements Command {}

    /** Ends the worker, whatever it does. @param reason for people */
    record Kill(String reason) implements Command {}

    private record Worker(WorkerProcess.Event event) implements Command {}

    private enum Look implements Command {
        INSTANCE
    }

    /** What a slot tells. */
    sealed interface Told {
        /** Its worker runs. */
        record Started(long pid) implements Told {}

        /** It can work. */
        record Ready(ModelFacts facts) implements Told {}

        /** The model cannot be loaded; the worker has nothing to do any more. */
        record LoadFailed(EngineFault fault) implements Told {}

        /** More of an answer. */
        record Piece(long id, String text) implements Told {}

        /** An answer ended. */
        record Ended(long id, Generation.End end) implements Told {}

        /** An answer ended with a fault. */
        record Failed(long id, EngineFault fault) implements Told {}

        /** The worker lives. */
        record Alive(WorkerProcess.Memory memory) implements Told {}

        /** The worker gave memory back. @param bytes that came back */
        record Trimmed(long bytes, WorkerProcess.Memory memory) implements Told {}

        /** The worker is gone, and with it all that it worked on. */
        record Gone(String reason) implements Told {}
    }

    private final ActorContext<Command> context;
    private final Consumer<Told> teller;
    private final WorkerProcess worker;
    private long pinged;

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
                teller.accept(new Told.Gone("no process can be started for the model: " + e.getMessage()));
                return Behaviors.stopped();
            }
            teller.accept(new Told.Started(worker.pid()));
            worker.load(engine, request);
            return new ModelSlot(context, teller, worker).watching(timers, settings);
        }));
    }

    private ModelSlot(ActorContext<Command> context, Consumer<Told> teller, WorkerProcess worker) {
        this.context = context;
        this.teller = teller;
        this.worker = worker;
    }

    private Behavior<Command> watching(TimerScheduler<Command> timers, ServeSettings settings) {
        timers.startTimerWithFixedDelay(Look.INSTANCE, settings.pingEvery());
        return Behaviors.receive(Command.class)
                .onAnyMessage(this::onCommand)
                .onSignal(PostStop.class, _ -> stopped())
                .onSignal(PreRestart.class, _ -> stopped())
                .build();
    }

    private Behavior<Command> onCommand(Command command) {
        switch (command) {
            case Run(long id, GenerationRequest request) -> worker.generate(id, request);
            case Stop(long id) -> worker.cancel(id);
            case Trim(long bytes) -> worker.trim(bytes);
            case Kill(String reason) -> worker.kill(reason);
            case Look _ -> worker.ping(++pinged);
            case Worker(WorkerProcess.Event event) -> {
                return onEvent(event);
            }
        }
        return Behaviors.same();
    }

    private Behavior<Command> onEvent(WorkerProcess.Event event) {
        switch (event) {
            case WorkerProcess.Event.Loaded(ModelFacts facts) -> {
                teller.accept(new Told.Ready(facts));
                worker.ping(++pinged); // what it takes is known at once
            }
            case WorkerProcess.Event.LoadFailed(EngineFault fault) -> teller.accept(new Told.LoadFailed(fault));
            case WorkerProcess.Event.Piece(long id, String text) -> teller.accept(new Told.Piece(id, text));
            case WorkerProcess.Event.Ended(long id, Generation.End end) -> {
                teller.accept(new Told.Ended(id, end));
                worker.ping(++pinged);
            }
            case WorkerProcess.Event.Failed(long id, EngineFault fault) -> teller.accept(new Told.Failed(id, fault));
            case WorkerProcess.Event.Alive(long _, var memory) -> teller.accept(new Told.Alive(memory));
            case WorkerProcess.Event.Trimmed(long bytes, var memory) -> teller.accept(new Told.Trimmed(bytes, memory));
            case WorkerProcess.Event.Counted _ -> {
                // nobody asks for it here
            }
            case WorkerProcess.Event.Died(String reason) -> {
                teller.accept(new Told.Gone(reason));
                return Behaviors.stopped();
            }
        }
        return Behaviors.same();
    }

    private Behavior<Command> stopped() {
        worker.kill("its slot ended");
        context.getLog().debug("slot of worker {} ended", worker.pid());
        return Behaviors.same();
    }
}
