package ai.postdev.dragon.lake;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.LakeProtocol.Append;
import ai.postdev.actors.protocol.LakeProtocol.Command;
import ai.postdev.actors.protocol.LakeProtocol.Forgotten;
import ai.postdev.actors.protocol.LakeProtocol.Read;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.AppendQueue.Batch;
import ai.postdev.dragon.lake.history.HistoryView;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The lake of one project, a sharded entity: gives operations their sequence and time, has them written to the journal,
 * then shown by the four stores, and only then answers the writer. Reads run on a bounded pool over the views that the
 * stores last handed out, so no read waits for a write.
 *
 * <p>Phases: opening (snapshots and journal tail are read), open, forgetting.
 */
public final class Lake {
    private final ProjectId project;
    private final LakeRoom room;
    private final LakeSettings settings;
    private final ActorContext<LakeMessage> context;
    private final TimerScheduler<LakeMessage> timers;
    private final StashBuffer<LakeMessage> stash;

    private final LakeMemory memory;
    private final LakeRetention retention;
    private final RetentionCycle cycle;
    private final LakeSaving saving;

    // Set when the lake is open.
    private LakeWrites writes;
    private Stores stores;
    private LakeReads reads;
    private Views views;
    private boolean ending;

    /** The behaviour of the entity of {@code project}. */
    public static Behavior<Command> create(ProjectId project, LakeRoom room) {
        Behavior<LakeMessage> lake = Behaviors.withStash(
                room.settings().openingPendingMax(),
                stash -> Behaviors.withTimers(timers ->
                        Behaviors.setup(context -> new Lake(project, room, context, timers, stash).opening())));
        return Behaviors.transformMessages(
                Command.class, lake, match -> match.match(Command.class, LakeMessage.Request::new));
    }

    private Lake(
            ProjectId project,
            LakeRoom room,
            ActorContext<LakeMessage> context,
            TimerScheduler<LakeMessage> timers,
            StashBuffer<LakeMessage> stash) {
        this.project = project;
        this.room = room;
        this.settings = room.settings();
        this.memory = new LakeMemory(project, room.memory());
        this.retention = new LakeRetention(project, room.files(), room.config());
        this.context = context;
        this.timers = timers;
        this.stash = stash;
        this.cycle = new RetentionCycle(retention, retaining());
        this.saving = new LakeSaving(settings, context, timers, () -> stores.save(context.getSystem(), views.asOf()));
    }

    // ---- opening

    private Behavior<LakeMessage> opening() {
        Executor executor = patient();
        context.pipeToSelf(
                room.files().take(project, executor),
                (lake, failure) -> failure == null
                        ? new LakeMessage.Opened(lake)
                        : new LakeMessage.OpenFailed(LakeMessage.reason(failure)));
        return Behaviors.receive(LakeMessage.class)
                .onMessage(LakeMessage.Opened.class, this::onOpened)
                .onMessage(LakeMessage.OpenFailed.class, this::onOpenFailed)
                .onAnyMessage(this::whileOpening)
                .onSignal(PostStop.class, _ -> Behaviors.same())
                .build();
    }

    /** Where work may wait for the disk. */
    private Executor patient() {
        return context.getSystem()
                .dispatchers()
                .lookup(DispatcherSelector.fromConfig("postdevai.lake.open-dispatcher"));
    }

    private Behavior<LakeMessage> whileOpening(LakeMessage message) {
        if (stash.isFull()) {
            if (message instanceof LakeMessage.Request request) {
                Refusals.refuse(
                        request.command(),
                        Reply.Reason.OVERLOADED,
                        "the lake of " + project + " is opening and " + settings.openingPendingMax()
                                + " requests already wait; try again shortly");
            }
            return Behaviors.same();
        }
        stash.stash(message);
        return Behaviors.same();
    }

    private Behavior<LakeMessage> onOpened(LakeMessage.Opened opened) {
        OpenLake lake = opened.lake();
        views = lake.views();
        AppendQueue queue = new AppendQueue(project, room.origin(), lake.lastSequence(), lake.clock(), settings);
        writes = new LakeWrites(project, room, context, queue, cycle.pins(), () -> views.code());
        stores = Stores.spawn(context, room, project, lake, LakeMessage.Shown::new);
        reads = new LakeReads(project, room, stores, retention.settings());
        memory.open(lake, stores);
        charge();
        describe();
        lake.findings().forEach(finding -> context.getLog().warn("lake {}: {}", project, finding));
        context.getLog()
                .info(
                        "lake {} is open: sequence {}, {} operations replayed",
                        project,
                        lake.lastSequence(),
                        lake.replayed());
        saving.opened(lake.replayed());
        cycle.begin();
        return stash.unstashAll(open());
    }

    /** A lake that cannot open says why to everyone, and tries again when it is asked after a stop. */
    private Behavior<LakeMessage> onOpenFailed(LakeMessage.OpenFailed failed) {
        context.getLog().error("lake {} does not open: {}", project, failed.reason());
        return stash.unstashAll(closed(failed.reason()));
    }

    private Behavior<LakeMessage> closed(String reason) {
        return Behaviors.receiveMessage(message -> {
            if (!(message instanceof LakeMessage.Request request)) {
                return Behaviors.same();
            }
            if (request.command() instanceof LakeProtocol.Passivate) {
                return Behaviors.stopped();
            }
            if (request.command() instanceof LakeProtocol.Forget forget) {
                return onForget(forget);
            }
            Refusals.refuse(request.command(), Reply.Reason.PRECONDITION, reason);
            return Behaviors.same();
        });
    }

    // ---- open

    private Behavior<LakeMessage> open() {
        return Behaviors.receive(LakeMessage.class)
                .onAnyMessage(this::onMessage)
                .onSignal(PostStop.class, _ -> onStopped())
                .onSignal(PreRestart.class, _ -> onStopped())
                .build();
    }

    private Behavior<LakeMessage> onMessage(LakeMessage message) {
        return switch (message) {
            case LakeMessage.Request request -> onRequest(request.command());
            case LakeMessage.Written written -> onWritten(written.batch());
            case LakeMessage.NotWritten notWritten -> onNotWritten(notWritten);
            case LakeMessage.Shown shown -> onShown(shown.shown());
            case LakeMessage.Saved saved -> onSaved(saved.outcome());
            case LakeMessage.SnapshotDue _ -> onSnapshotDue();
            case LakeMessage.RefineDue _ -> onRefineDue();
            case LakeMessage.Retain retain -> {
                cycle.on(retain.event());
                yield Behaviors.same();
            }
            case LakeMessage.ForgetDone _, LakeMessage.Opened _, LakeMessage.OpenFailed _ -> Behaviors.same();
        };
    }

    private Behavior<LakeMessage> onRequest(Command command) {
        Views now = stores.newest(views);
        memory.touch();
        switch (command) {
            case Append append -> writes.append(append, ending);
            case Read read -> reads.answer(read, now);
            case LakeProtocol.Forget forget -> {
                return onForget(forget);
            }
            case LakeProtocol.Open _ -> {}
            case LakeProtocol.Passivate _ -> {
                ending = true;
                return stopWhenDone();
            }
        }
        return Behaviors.same();
    }

    /** Tells the ledger what is held, and comes back if some of it can be kept in full again. */
    private void charge() {
        memory.charge(views);
        if (!timers.isTimerActive(LakeMessage.RefineDue.INSTANCE) && memory.mayRefine(views)) {
            timers.startSingleTimer(LakeMessage.RefineDue.INSTANCE, settings.refinePause());
        }
    }

    private Behavior<LakeMessage> onRefineDue() {
        Views now = views;
        if (!ending && memory.mayRefine(now)) {
            room.reads()
                    .answer(
                            context.getSystem().<Reply<Integer>>ignoreRef(),
                            () -> memory.refine(now, room.journal(), stores));
        }
        return Behaviors.same();
    }

    /** Tells the node what this lake is; the answers to requests come to this actor whatever type its reference has. */
    private void describe() {
        room.observer()
                .described(
                        project,
                        context.getSelf().unsafeUpcast(),
                        views.metadata().settings());
    }

    private Behavior<LakeMessage> onWritten(Batch batch) {
        writes.written(batch, stores, this::acknowledge);
        return Behaviors.same();
    }

    private Behavior<LakeMessage> onNotWritten(LakeMessage.NotWritten notWritten) {
        writes.notWritten(notWritten.batch(), notWritten.refusal());
        return stopWhenDone();
    }

    private Behavior<LakeMessage> onShown(Stores.Shown shown) {
        views = stores.take(shown, views);
        charge();
        writes.shown(stores, this::acknowledge);
        return stopWhenDone();
    }

    private void acknowledge(Batch batch) {
        views = views.reached(room.origin(), batch.lastSequence());
        writes.acknowledge(batch, views.asOf());
        if (batch.operations().stream().anyMatch(Lake::describesWorkspace)) {
            describe();
        }
        saving.acknowledged(batch.operations().size(), writes.allShown());
    }

    private static boolean describesWorkspace(Operation operation) {
        return operation.body() instanceof Body.SetSetting setting
                && setting.key().startsWith("workspace/");
    }

    private LakeRetainingHost retaining() {
        LakeRetainingHost.Shown shown = new LakeRetainingHost.Shown() {
            @Override
            public HistoryView history() {
                return views.history();
            }

            @Override
            public boolean isEnding() {
                return ending;
            }
        };
        return new LakeRetainingHost(
                context,
                timers,
                patient(),
                shown,
                append -> writes.append(append, ending),
                () -> stores.renewHistory(
                        retention::fold, patient(), retention.settings().foldBehindMax()));
    }

    private Behavior<LakeMessage> onSnapshotDue() {
        saving.due(writes.allShown());
        return Behaviors.same();
    }

    private Behavior<LakeMessage> onSaved(Reply<Long> outcome) {
        saving.saved();
        if (outcome instanceof Reply.Refused<Long> refused) {
            context.getLog()
                    .warn(
                            "lake {}: no snapshot: {}; a restart replays more of the journal",
                            project,
                            refused.message());
        }
        return stopWhenDone();
    }

    // ---- the end

    private Behavior<LakeMessage> onForget(LakeProtocol.Forget forget) {
        room.observer().closed(project);
        if (writes != null) {
            writes.end(Reply.Reason.NOT_FOUND, "project " + project + " is being forgotten");
        }
        if (stores != null) {
            stores.stop(context);
        }
        context.pipeToSelf(
                Forgetting.of(project, room, context.getSystem()),
                (outcome, failure) -> new LakeMessage.ForgetDone(
                        failure == null
                                ? outcome
                                : new Reply.Refused<>(Reply.Reason.FAILED, LakeMessage.reason(failure)),
                        forget.replyTo()));
        return Behaviors.receive(LakeMessage.class)
                .onAnyMessage(this::whileForgetting)
                .onSignal(PostStop.class, _ -> {
                    memory.close(); // the stores have ended by now and given back what they held
                    return Behaviors.same();
                })
                .build();
    }

    private Behavior<LakeMessage> whileForgetting(LakeMessage message) {
        return switch (message) {
            case LakeMessage.ForgetDone done -> {
                if (done.outcome() instanceof Reply.Answered<Forgotten>) {
                    room.observer().forgotten(project);
                }
                done.replyTo().tell(done.outcome());
                yield Behaviors.stopped();
            }
            case LakeMessage.Request request -> {
                Refusals.refuse(
                        request.command(), Reply.Reason.NOT_FOUND, "project " + project + " is being forgotten");
                yield Behaviors.same();
            }
            case LakeMessage.Written _,
                    LakeMessage.NotWritten _,
                    LakeMessage.Shown _,
                    LakeMessage.Saved _,
                    LakeMessage.SnapshotDue _,
                    LakeMessage.RefineDue _,
                    LakeMessage.Retain _,
                    LakeMessage.Opened _,
                    LakeMessage.OpenFailed _ -> Behaviors.same();
        };
    }

    /** Ends once nothing is under way. */
    private Behavior<LakeMessage> stopWhenDone() {
        return ending && writes.isIdle() && saving.mayEnd() ? Behaviors.stopped() : Behaviors.same();
    }

    private Behavior<LakeMessage> onStopped() {
        room.observer().closed(project);
        memory.close();
        writes.end(Reply.Reason.UNAVAILABLE, "the lake is closing; try again");
        return Behaviors.same();
    }
}
