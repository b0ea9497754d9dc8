package ai.postdev.dragon.lake;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.LakeProtocol.Append;
import ai.postdev.actors.protocol.LakeProtocol.Appended;
import ai.postdev.actors.protocol.LakeProtocol.Command;
import ai.postdev.actors.protocol.LakeProtocol.Forgotten;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.AppendQueue.Batch;
import ai.postdev.dragon.lake.journal.JournalRefused;
import ai.postdev.dragon.lake.journal.JournalWriter;
import ai.postdev.dragon.lake.past.PastTrees;
import ai.postdev.dragon.lake.vector.ColdRerank;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lake of one project, a sharded entity: gives operations their sequence and time, has them written to the journal,
 * then shown by the four stores, and only then answers the writer. Reads run on a bounded pool over the views that the
 * stores last handed out, so no read waits for a write.
 *
 * <p>Phases: opening (snapshots and journal tail are read), open, forgetting.
 */
public final class Lake {
    /** Everything a lake receives: requests from outside, and its own events. */
    private sealed interface Message {}

    private static final Logger LOG = LoggerFactory.getLogger(Lake.class);

    private record Request(Command command) implements Message {}

    private record Opened(OpenLake lake) implements Message {}

    private record OpenFailed(String reason) implements Message {}

    private record Written(Batch batch) implements Message {}

    private record NotWritten(Batch batch, Reply.Refused<?> refusal) implements Message {}

    private record Shown(Stores.Shown shown) implements Message {}

    private record Saved(Reply<Long> outcome) implements Message {}

    private enum SnapshotDue implements Message {
        INSTANCE
    }

    private enum RefineDue implements Message {
        INSTANCE
    }

    private record ForgetDone(Reply<Forgotten> outcome, ActorRef<Reply<Forgotten>> replyTo) implements Message {}

    @SuppressWarnings("unchecked") // a class literal has no type arguments
    private static final Class<Reply<JournalWriter.Written>> REPLY =
            (Class<Reply<JournalWriter.Written>>) (Class<?>) Reply.class;

    private final ProjectId project;
    private final LakeRoom room;
    private final LakeSettings settings;
    private final ActorContext<Message> context;
    private final TimerScheduler<Message> timers;
    private final StashBuffer<Message> stash;

    private final PastTrees trees;
    private final LakeMemory memory;

    // Set when the lake is open.
    private AppendQueue queue;
    private Stores stores;
    private Views views;
    private final ArrayDeque<Batch> showing = new ArrayDeque<>();
    private long unsaved;
    private boolean saving;
    private boolean ending;
    private int gateHeld;

    /** The behaviour of the entity of {@code project}. */
    public static Behavior<Command> create(ProjectId project, LakeRoom room) {
        Behavior<Message> lake = Behaviors.withStash(
                room.settings().openingPendingMax(),
                stash -> Behaviors.withTimers(timers ->
                        Behaviors.setup(context -> new Lake(project, room, context, timers, stash).opening())));
        return Behaviors.transformMessages(Command.class, lake, match -> match.match(Command.class, Request::new));
    }

    private Lake(
            ProjectId project,
            LakeRoom room,
            ActorContext<Message> context,
            TimerScheduler<Message> timers,
            StashBuffer<Message> stash) {
        this.project = project;
        this.room = room;
        this.settings = room.settings();
        this.trees = room.pastTrees();
        this.memory = new LakeMemory(project, room.memory());
        this.context = context;
        this.timers = timers;
        this.stash = stash;
    }

    // ---- opening

    private Behavior<Message> opening() {
        Executor executor = context.getSystem()
                .dispatchers()
                .lookup(DispatcherSelector.fromConfig("postdevai.lake.open-dispatcher"));
        context.pipeToSelf(
                room.files().take(project, executor),
                (lake, failure) -> failure == null ? new Opened(lake) : new OpenFailed(reason(failure)));
        return Behaviors.receive(Message.class)
                .onMessage(Opened.class, this::onOpened)
                .onMessage(OpenFailed.class, this::onOpenFailed)
                .onAnyMessage(this::whileOpening)
                .onSignal(PostStop.class, _ -> Behaviors.same())
                .build();
    }

    private Behavior<Message> whileOpening(Message message) {
        if (stash.isFull()) {
            if (message instanceof Request request) {
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

    private Behavior<Message> onOpened(Opened opened) {
        OpenLake lake = opened.lake();
        views = lake.views();
        queue = new AppendQueue(project, room.origin(), lake.lastSequence(), lake.clock(), settings);
        unsaved = lake.replayed();
        stores = Stores.spawn(context, room, project, lake, Shown::new);
        memory.open(lake, stores);
        charge();
        describe();
        lake.findings().forEach(finding -> context.getLog().warn("lake {}: {}", project, finding));
        context.getLog()
                .info("lake {} is open: sequence {}, {} operations replayed", project, lake.lastSequence(), unsaved);
        snapshotWhenQuiet();
        return stash.unstashAll(open());
    }

    /** A lake that cannot open says why to everyone, and tries again when it is asked after a stop. */
    private Behavior<Message> onOpenFailed(OpenFailed failed) {
        context.getLog().error("lake {} does not open: {}", project, failed.reason());
        return stash.unstashAll(closed(failed.reason()));
    }

    private Behavior<Message> closed(String reason) {
        return Behaviors.receiveMessage(message -> {
            if (!(message instanceof Request request)) {
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

    private Behavior<Message> open() {
        return Behaviors.receive(Message.class)
                .onAnyMessage(this::onMessage)
                .onSignal(PostStop.class, _ -> onStopped())
                .onSignal(PreRestart.class, _ -> onStopped())
                .build();
    }

    private Behavior<Message> onMessage(Message message) {
        return switch (message) {
            case Request request -> onRequest(request.command());
            case Written written -> onWritten(written.batch());
            case NotWritten notWritten -> onNotWritten(notWritten);
            case Shown shown -> onShown(shown.shown());
            case Saved saved -> onSaved(saved.outcome());
            case SnapshotDue _ -> onSnapshotDue();
            case RefineDue _ -> onRefineDue();
            case ForgetDone _, Opened _, OpenFailed _ -> Behaviors.same();
        };
    }

    private Behavior<Message> onRequest(Command command) {
        Views now = stores.newest(views);
        memory.touch();
        switch (command) {
            case Append append -> onAppend(append);
            case LakeProtocol.Manifest ask ->
                room.reads().answer(ask.replyTo(), () -> room.reader().manifest(now, ask));
            case LakeProtocol.Setting ask ->
                room.reads().answer(ask.replyTo(), () -> room.reader().setting(now, ask));
            case LakeProtocol.MissingCommits ask ->
                room.reads().answer(ask.replyTo(), () -> room.reader().missingCommits(now, ask));
            case LakeProtocol.Search ask ->
                room.reads().answer(ask.replyTo(), () -> room.reader().search(project, exactly(now), ask));
            case LakeProtocol.SearchTree ask ->
                room.reads()
                        .answer(
                                ask.replyTo(),
                                () -> room.reader().searchTree(project, exactly(now), trees.held(ask.tree()), ask));
            case LakeProtocol.PutTree ask ->
                room.reads().answer(ask.replyTo(), () -> trees.put(project, now.code(), ask));
            case LakeProtocol.Recall ask ->
                room.reads().answer(ask.replyTo(), () -> room.reader().recall(project, now, ask));
            case LakeProtocol.Related ask ->
                room.reads().answer(ask.replyTo(), () -> room.reader().related(project, exactly(now), ask));
            case LakeProtocol.Show ask ->
                room.reads().answer(ask.replyTo(), () -> room.reader().show(project, now, ask));
            case LakeProtocol.Context ask ->
                room.reads().answer(ask.replyTo(), () -> room.reader().context(project, exactly(now), ask));
            case LakeProtocol.Versions ask ->
                room.reads().answer(ask.replyTo(), () -> room.reader().versions(project, now, ask));
            case LakeProtocol.Timeline ask ->
                room.reads().answer(ask.replyTo(), () -> room.reader().timeline(project, now, ask));
            case LakeProtocol.Status ask ->
                room.reads()
                        .answer(
                                ask.replyTo(),
                                () -> room.reader()
                                        .status(project, now, room.journal().operations(project)));
            case LakeProtocol.Unembedded ask ->
                room.reads()
                        .answer(
                                ask.replyTo(),
                                () -> new AbsentVectors(
                                                project, room.journal(), settings.restoredMax(), stores::restore)
                                        .unembedded(now, ask, settings.unembeddedMax()));
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

    /** For one request whose best hits by meaning are to be in their true order, however memory keeps embeddings. */
    private Views exactly(Views now) {
        return now.withVector(
                now.vector().with(new ColdRerank(new JournalVectors(project, room.journal()), settings.rerank())));
    }

    /** Tells the ledger what is held, and comes back if some of it can be kept in full again. */
    private void charge() {
        memory.charge(views);
        if (!timers.isTimerActive(RefineDue.INSTANCE) && memory.mayRefine(views)) {
            timers.startSingleTimer(RefineDue.INSTANCE, settings.refinePause());
        }
    }

    private Behavior<Message> onRefineDue() {
        Views now = views;
        if (!ending && memory.mayRefine(now)) {
            room.reads().answer(context.getSystem().<Reply<Integer>>ignoreRef(), () -> refine(now));
        }
        return Behaviors.same();
    }

    private Reply<Integer> refine(Views now) {
        try {
            List<Operation> operations = memory.lowered(now, room.journal());
            if (!operations.isEmpty()) {
                stores.refine(operations);
            }
            return new Reply.Answered<>(operations.size());
        } catch (JournalRefused e) {
            LOG.warn("lake {}: embeddings stay as they are, the journal refuses: {}", project, e.getMessage());
            return new Reply.Refused<>(e.reason(), e.getMessage());
        }
    }

    /** Tells the node what this lake is; the answers to requests come to this actor whatever type its reference has. */
    private void describe() {
        room.observer()
                .described(
                        project,
                        context.getSelf().unsafeUpcast(),
                        views.metadata().settings());
    }

    private void onAppend(Append append) {
        if (append.bodies().isEmpty()) {
            append.replyTo().tell(new Reply.Refused<>(Reply.Reason.INVALID, "an append needs at least one operation"));
        } else if (ending) {
            append.replyTo().tell(new Reply.Refused<>(Reply.Reason.UNAVAILABLE, "the lake is closing; try again"));
        } else if (!queue.offer(append)) {
            append.replyTo()
                    .tell(new Reply.Refused<>(
                            Reply.Reason.OVERLOADED,
                            settings.appendsPendingMax() + " writers already wait for lake " + project
                                    + " (postdevai.lake.appends-pending-max); try again shortly"));
        } else {
            writeNext();
        }
    }

    private void writeNext() {
        queue.next().ifPresent(this::write);
    }

    /** From here until the batch is answered the embedder steps aside: text first. */
    private void write(Batch batch) {
        gateHeld++;
        room.gate().started();
        context.ask(
                REPLY,
                room.journalWriter(),
                room.journalTimeout(),
                replyTo -> new JournalWriter.Write(batch.operations(), batch.blobs(), room.durability(), replyTo),
                (reply, failure) -> written(batch, reply, failure));
    }

    private void answered() {
        gateHeld--;
        room.gate().ended();
    }

    private static Message written(Batch batch, Reply<JournalWriter.Written> reply, Throwable failure) {
        if (failure != null) {
            return new NotWritten(
                    batch,
                    new Reply.Refused<>(Reply.Reason.FAILED, "the journal did not answer: " + failure.getMessage()));
        }
        return switch (reply) {
            case Reply.Answered<JournalWriter.Written> _ -> new Written(batch);
            case Reply.Refused<JournalWriter.Written> refused -> new NotWritten(batch, refused);
        };
    }

    private Behavior<Message> onWritten(Batch batch) {
        queue.written();
        if (stores.show(batch)) {
            showing.add(batch);
        } else {
            acknowledge(batch);
        }
        writeNext();
        return Behaviors.same();
    }

    private Behavior<Message> onNotWritten(NotWritten notWritten) {
        Batch batch = notWritten.batch();
        context.getLog()
                .error(
                        "lake {} was not written: {}",
                        project,
                        notWritten.refusal().message());
        queue.refused(batch);
        answered();
        batch.appends()
                .forEach(append -> append.replyTo()
                        .tell(new Reply.Refused<>(
                                notWritten.refusal().reason(),
                                notWritten.refusal().message())));
        writeNext();
        return stopWhenDone();
    }

    private Behavior<Message> onShown(Stores.Shown shown) {
        views = stores.take(shown, views);
        charge();
        while (!showing.isEmpty() && stores.isShown(showing.peek())) {
            acknowledge(showing.remove());
        }
        return stopWhenDone();
    }

    private void acknowledge(Batch batch) {
        answered();
        views = views.reached(room.origin(), batch.lastSequence());
        for (int i = 0; i < batch.appends().size(); i++) {
            long last = batch.lastSequences().get(i);
            Append append = batch.appends().get(i);
            int at = (int) (last - batch.operations().getFirst().sequence());
            Operation operation = batch.operations().get(at);
            append.replyTo()
                    .tell(new Reply.Answered<>(new Appended(
                            room.origin(),
                            last,
                            operation.time(),
                            new VersionVector(views.asOf().sequences()))));
        }
        unsaved += batch.operations().size();
        if (batch.operations().stream().anyMatch(Lake::describesWorkspace)) {
            describe();
        }
        if (unsaved >= settings.snapshotOperations()) {
            onSnapshotDue();
        } else {
            snapshotWhenQuiet();
        }
    }

    private static boolean describesWorkspace(Operation operation) {
        return operation.body() instanceof Body.SetSetting setting
                && setting.key().startsWith("workspace/");
    }

    // ---- snapshots

    private void snapshotWhenQuiet() {
        if (unsaved > 0) {
            timers.startSingleTimer(SnapshotDue.INSTANCE, settings.snapshotIdle());
        }
    }

    private Behavior<Message> onSnapshotDue() {
        if (!saving && unsaved > 0 && showing.isEmpty()) {
            save();
        } else if (unsaved > 0) {
            snapshotWhenQuiet();
        }
        return Behaviors.same();
    }

    private void save() {
        saving = true;
        unsaved = 0;
        context.pipeToSelf(
                stores.save(context.getSystem(), views.asOf()),
                (outcome, failure) -> new Saved(
                        failure == null ? outcome : new Reply.Refused<>(Reply.Reason.FAILED, reason(failure))));
    }

    private Behavior<Message> onSaved(Reply<Long> outcome) {
        saving = false;
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

    private Behavior<Message> onForget(LakeProtocol.Forget forget) {
        while (gateHeld > 0) {
            answered();
        }
        room.observer().closed(project);
        List<Append> waiting = queue == null ? List.of() : queue.drain();
        waiting.forEach(append ->
                Refusals.refuse(append, Reply.Reason.NOT_FOUND, "project " + project + " is being forgotten"));
        if (stores != null) {
            stores.stop(context);
        }
        context.pipeToSelf(
                Forgetting.of(project, room, context.getSystem()),
                (outcome, failure) -> new ForgetDone(
                        failure == null ? outcome : new Reply.Refused<>(Reply.Reason.FAILED, reason(failure)),
                        forget.replyTo()));
        return Behaviors.receive(Message.class)
                .onAnyMessage(this::whileForgetting)
                .onSignal(PostStop.class, _ -> {
                    memory.close(); // the stores have ended by now and given back what they held
                    return Behaviors.same();
                })
                .build();
    }

    private Behavior<Message> whileForgetting(Message message) {
        return switch (message) {
            case ForgetDone done -> {
                if (done.outcome() instanceof Reply.Answered<Forgotten>) {
                    room.observer().forgotten(project);
                }
                done.replyTo().tell(done.outcome());
                yield Behaviors.stopped();
            }
            case Request request -> {
                Refusals.refuse(
                        request.command(), Reply.Reason.NOT_FOUND, "project " + project + " is being forgotten");
                yield Behaviors.same();
            }
            case Written _, NotWritten _, Shown _, Saved _, SnapshotDue _, RefineDue _, Opened _, OpenFailed _ ->
                Behaviors.same();
        };
    }

    /**
     * Ends once nothing is under way. What would take long to replay is saved first: the quiet that calls for a snapshot
     * never comes while a project is still being embedded, and a person may stop the node in the middle of that.
     */
    private Behavior<Message> stopWhenDone() {
        if (!ending || !showing.isEmpty() || !queue.isIdle() || saving) {
            return Behaviors.same();
        }
        if (unsaved >= settings.snapshotAtEndOperations()) {
            save();
            return Behaviors.same();
        }
        return Behaviors.stopped();
    }

    private Behavior<Message> onStopped() {
        while (gateHeld > 0) {
            answered();
        }
        room.observer().closed(project);
        memory.close();
        queue.drain()
                .forEach(append -> Refusals.refuse(append, Reply.Reason.UNAVAILABLE, "the lake is closing; try again"));
        return Behaviors.same();
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
