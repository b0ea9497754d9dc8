package ai.postdev.dragon.model;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.v1.ModelStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Embeds what the lakes hold, one for each node. It pulls: it asks a lake for a few chunks without an embedding, embeds
 * them on threads of low priority, stores the embeddings, and asks again. So nothing is ever queued here, a restart
 * goes on where the lakes say, and projects take turns. Sleeps when nothing is left until {@link ChunksAdded}, and
 * while work is under way that goes before, such as a first reading.
 */
public final class EmbedQueue extends AbstractBehavior<EmbedQueue.Command> {
    /** What the queue understands. */
    public sealed interface Command {}

    /** Works for a project from now on; the lake may be an actor or a sharded entity. */
    public record Watch(ProjectId project, RecipientRef<LakeProtocol.Command> lake) implements Command {}

    /** Works no more for a project. */
    public record Unwatch(ProjectId project) implements Command {}

    /** There may be new chunks in a project. */
    public record ChunksAdded(ProjectId project) implements Command {}

    /** A query begins; work steps aside. {@link QueryGate} does the same without a message. */
    public enum QueryStarted implements Command {
        INSTANCE
    }

    /** A query ended. */
    public enum QueryEnded implements Command {
        INSTANCE
    }

    /** How far the work is. */
    public record Status(ActorRef<ModelStatus> replyTo) implements Command {}

    private record ChunksArrived(Project project, Reply<LakeProtocol.Chunks> reply) implements Command {}

    private record SlotAnswered(EmbedderSlot.Outcome outcome) implements Command {}

    private record Embedded(Project project, EmbedWorkers.Batch batch) implements Command {}

    private record Stored(Project project, EmbedWorkers.Batch batch, Reply<LakeProtocol.Appended> reply)
            implements Command {}

    private record Retry(Project project) implements Command {}

    private enum Next implements Command {
        INSTANCE
    }

    private enum LoadDue implements Command {
        INSTANCE
    }

    private enum LookAgain implements Command {
        INSTANCE
    }

    /** What is known of a project. */
    private static final class Project {
        final ProjectId id;
        RecipientRef<LakeProtocol.Command> lake;
        long waiting;
        int refusals;
        boolean nudged;
        /** Chunks of the last batch: a lake that asks for them again does not take their embeddings. */
        Set<ContentHash> done = Set.of();
        /** Chunks that the model cannot embed: not tried again before a restart. */
        final Set<ContentHash> failed = new HashSet<>();

        Project(ProjectId id, RecipientRef<LakeProtocol.Command> lake) {
            this.id = id;
            this.lake = lake;
        }
    }

    private static final double RATE_KEEP = 0.8;
    /** How long new work is gathered, and how often it looks whether the work that goes before is done. */
    private static final Duration AHEAD_LOOK = Duration.ofMillis(250);

    private static final int FAILED_MAX = 10_000;

    private final EmbedderSettings settings;
    private final ActorRef<EmbedderSlot.Command> slot;
    private final EmbedderCell cell;
    private final QueryGate gate;
    private final EmbedWorkers workers;
    private final TimerScheduler<Command> timers;
    private final Map<ProjectId, Project> projects = new LinkedHashMap<>();
    private final Queue<Project> turns = new ArrayDeque<>();
    private Optional<Project> working = Optional.empty();
    private List<LakeProtocol.ChunkText> held = List.of();
    private long embedded;
    private double perSecond;

    /** A queue that gets its embedder from {@code slot}. */
    public static Behavior<Command> create(
            EmbedderSettings settings, ActorRef<EmbedderSlot.Command> slot, EmbedderCell cell, QueryGate gate) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new EmbedQueue(context, timers, settings, slot, cell, gate)));
    }

    private EmbedQueue(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            EmbedderSettings settings,
            ActorRef<EmbedderSlot.Command> slot,
            EmbedderCell cell,
            QueryGate gate) {
        super(context);
        this.timers = timers;
        this.settings = settings;
        this.slot = slot;
        this.cell = cell;
        this.gate = gate;
        workers = new EmbedWorkers(settings, gate);
        timers.startTimerWithFixedDelay(LookAgain.INSTANCE, settings.retryMax());
        if (settings.enabled() && settings.loadAtStart()) {
            timers.startSingleTimer(LoadDue.INSTANCE, LoadDue.INSTANCE, settings.loadAfter());
        }
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onAnyMessage(this::onCommand)
                .onSignal(PostStop.class, _ -> onStopped())
                .onSignal(PreRestart.class, _ -> onStopped())
                .build();
    }

    private Behavior<Command> onCommand(Command command) {
        switch (command) {
            case Watch watch -> onWatch(watch);
            case Unwatch unwatch -> onUnwatch(unwatch);
            case ChunksAdded added -> onChunksAdded(added);
            case QueryStarted _ -> gate.started();
            case QueryEnded _ -> gate.ended();
            case Status status -> status.replyTo().tell(status());
            case ChunksArrived arrived -> onChunksArrived(arrived);
            case SlotAnswered answered -> onSlotAnswered(answered.outcome());
            case Embedded done -> onEmbedded(done);
            case Stored stored -> onStored(stored);
            case Retry retry -> onRetry(retry.project());
            case Next _ -> next();
            case LoadDue _ -> onLoadDue();
            case LookAgain _ -> onLookAgain();
        }
        return this;
    }

    private void onLoadDue() {
        if (gate.isWorkAhead()) {
            timers.startSingleTimer(LoadDue.INSTANCE, LoadDue.INSTANCE, AHEAD_LOOK);
        } else {
            slot.tell(EmbedderSlot.Load.INSTANCE);
        }
    }

    private void onWatch(Watch watch) {
        Project known = projects.get(watch.project());
        if (known != null) {
            known.lake = watch.lake();
            wake(known);
        } else if (projects.size() == settings.projectsMax()) {
            getContext()
                    .getLog()
                    .warn(
                            "project {} gets no embeddings: {} projects are watched, the most that"
                                    + " postdevai.model.embedder.projects-max allows",
                            watch.project(),
                            projects.size());
        } else {
            Project project = new Project(watch.project(), watch.lake());
            projects.put(watch.project(), project);
            wake(project);
        }
    }

    private void onUnwatch(Unwatch unwatch) {
        Project project = projects.remove(unwatch.project());
        if (project != null) {
            turns.remove(project);
            timers.cancel(project);
        }
    }

    private void onChunksAdded(ChunksAdded added) {
        Project project = projects.get(added.project());
        if (project != null) {
            project.done = Set.of();
            wake(project);
        }
    }

    private void onLookAgain() {
        projects.values().forEach(this::wake);
    }

    private void onRetry(Project project) {
        if (projects.get(project.id) == project) {
            wake(project);
        }
    }

    /** Gives a project a turn, unless it has one or waits after a refusal. */
    private void wake(Project project) {
        if (working.filter(p -> p == project).isPresent()) {
            project.nudged = true;
        } else if (!timers.isTimerActive(project) && !turns.contains(project)) {
            turns.add(project);
        }
        if (working.isEmpty() && !timers.isTimerActive(Next.INSTANCE)) {
            timers.startSingleTimer(Next.INSTANCE, Next.INSTANCE, AHEAD_LOOK);
        }
    }

    private void next() {
        if (working.isPresent() || turns.isEmpty() || !settings.enabled()) {
            return;
        }
        if (gate.isWorkAhead()) {
            // Also keeps the embedder from being loaded while a first reading needs the processors.
            timers.startSingleTimer(Next.INSTANCE, Next.INSTANCE, AHEAD_LOOK);
            return;
        }
        Project project = turns.remove();
        working = Optional.of(project);
        project.nudged = false;
        getContext()
                .ask(
                        EmbedQueue.<LakeProtocol.Chunks>replyClass(),
                        project.lake,
                        settings.askTimeout(),
                        replyTo -> new LakeProtocol.Unembedded(MiniLmEmbedder.MODEL, settings.batch(), replyTo),
                        (reply, failure) -> new ChunksArrived(project, answered(reply, failure)));
    }

    private void onChunksArrived(ChunksArrived arrived) {
        Project project = arrived.project();
        switch (arrived.reply()) {
            case Reply.Refused<LakeProtocol.Chunks> refused -> pause(project, refused.message());
            case Reply.Answered<LakeProtocol.Chunks> answered -> {
                project.refusals = 0;
                project.waiting = answered.answer().remaining();
                held = answered.answer().chunks().stream()
                        .filter(chunk -> !project.done.contains(chunk.hash()) && !project.failed.contains(chunk.hash()))
                        .toList();
                if (held.isEmpty()) {
                    sleep(project, answered.answer().chunks().size());
                } else {
                    getContext()
                            .ask(
                                    EmbedderSlot.Outcome.class,
                                    slot,
                                    settings.askTimeout(),
                                    EmbedderSlot.Acquire::new,
                                    (outcome, failure) -> new SlotAnswered(
                                            failure == null
                                                    ? outcome
                                                    : new EmbedderSlot.Unavailable("the embedder does not answer")));
                }
            }
        }
    }

    /** Nothing is left, or only what was embedded and not taken. */
    private void sleep(Project project, int notTaken) {
        if (notTaken > project.failed.size()) {
            getContext()
                    .getLog()
                    .warn(
                            "project {} has {} chunks whose embedding it does not take; is its vector store full?",
                            project.id,
                            notTaken);
        }
        perSecond = 0;
        finish(project, project.nudged);
    }

    private void onSlotAnswered(EmbedderSlot.Outcome outcome) {
        Project project = working.orElseThrow();
        switch (outcome) {
            case EmbedderSlot.Unavailable unavailable -> {
                held = List.of();
                pause(project, unavailable.reason());
            }
            case EmbedderSlot.Ready ready -> {
                List<LakeProtocol.ChunkText> chunks = held;
                held = List.of();
                getContext()
                        .pipeToSelf(
                                workers.embed(ready.embedder(), chunks),
                                (batch, failure) -> new Embedded(
                                        project, failure == null ? batch : EmbedWorkers.Batch.failed(chunks, failure)));
            }
        }
    }

    private void onEmbedded(Embedded done) {
        Project project = done.project();
        EmbedWorkers.Batch batch = done.batch();
        if (project.failed.size() < FAILED_MAX) {
            project.failed.addAll(batch.hashes());
            batch.bodies().forEach(body -> project.failed.remove(body.hash()));
        }
        batch.failure()
                .ifPresent(reason -> getContext()
                        .getLog()
                        .warn(
                                "{} of {} chunks of {} were not embedded: {}",
                                batch.failed(),
                                batch.size(),
                                project.id,
                                reason));
        if (batch.bodies().isEmpty()) {
            pause(project, batch.failure().orElse("nothing was embedded"));
            return;
        }
        getContext()
                .ask(
                        EmbedQueue.<LakeProtocol.Appended>replyClass(),
                        project.lake,
                        settings.askTimeout(),
                        replyTo -> new LakeProtocol.Append(List.<Body>copyOf(batch.bodies()), List.of(), replyTo),
                        (reply, failure) -> new Stored(project, batch, answered(reply, failure)));
    }

    private void onStored(Stored stored) {
        Project project = stored.project();
        switch (stored.reply()) {
            case Reply.Refused<LakeProtocol.Appended> refused -> pause(project, refused.message());
            case Reply.Answered<LakeProtocol.Appended> _ -> {
                EmbedWorkers.Batch batch = stored.batch();
                embedded += batch.bodies().size();
                double rate = batch.bodies().size() / batch.seconds();
                perSecond = perSecond == 0 ? rate : RATE_KEEP * perSecond + (1 - RATE_KEEP) * rate;
                project.waiting = Math.max(0, project.waiting - batch.bodies().size());
                project.done = new HashSet<>(batch.hashes());
                project.refusals = 0;
                finish(project, true);
            }
        }
    }

    /** Waits before the next turn: twice as long after each refusal. */
    private void pause(Project project, String reason) {
        long factor = 1L << Math.min(project.refusals, 16);
        Duration wait = settings.retryMin().multipliedBy(factor);
        Duration bounded = wait.compareTo(settings.retryMax()) > 0 ? settings.retryMax() : wait;
        project.refusals++;
        perSecond = 0;
        getContext().getLog().info("embedding of {} waits {} ms: {}", project.id, bounded.toMillis(), reason);
        if (projects.get(project.id) == project) {
            timers.startSingleTimer(project, new Retry(project), bounded);
        }
        finish(project, false);
    }

    private void finish(Project project, boolean again) {
        working = Optional.empty();
        if (again && projects.get(project.id) == project) {
            turns.add(project);
        }
        next();
    }

    private ModelStatus status() {
        EmbedderCell.State state = cell.state();
        ModelStatus.Builder status = ModelStatus.newBuilder()
                .setName(MiniLmEmbedder.MODEL)
                .setState(state.phase().name().toLowerCase(Locale.ROOT))
                .setReason(state.reason())
                .setDimensions(MiniLmEmbedder.DIMENSIONS)
                .setEmbedded(embedded)
                .setWaiting(projects.values().stream().mapToLong(p -> p.waiting).sum())
                .setPerSecond(perSecond);
        state.embedder().ifPresent(embedder -> status.setEngine(embedder.engine()));
        return status.build();
    }

    private static <T> Reply<T> answered(Reply<T> reply, Throwable failure) {
        return failure == null
                ? reply
                : new Reply.Refused<>(Reply.Reason.UNAVAILABLE, "the lake does not answer: " + failure.getMessage());
    }

    @SuppressWarnings("unchecked") // a class literal knows no type arguments
    private static <T> Class<Reply<T>> replyClass() {
        return (Class<Reply<T>>) (Class<?>) Reply.class;
    }

    private Behavior<Command> onStopped() {
        workers.close();
        return this;
    }
}
