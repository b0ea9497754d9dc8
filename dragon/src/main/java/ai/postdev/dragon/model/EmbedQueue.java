package ai.postdev.dragon.model;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.v1.ModelStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
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

    /** How far the work is. */
    public record Status(ActorRef<ModelStatus> replyTo) implements Command {}

    private record ChunksArrived(EmbedProject project, Reply<LakeProtocol.Chunks> reply) implements Command {}

    private record SlotAnswered(EmbedderSlot.Outcome outcome) implements Command {}

    private record Embedded(EmbedProject project, EmbedWorkers.Batch batch) implements Command {}

    private record Stored(EmbedProject project, EmbedWorkers.Batch batch, Reply<LakeProtocol.Appended> reply)
            implements Command {}

    private record Swapped(EmbedProject project, Reply<LakeProtocol.Appended> reply) implements Command {}

    private record Retry(EmbedProject project) implements Command {}

    private enum Next implements Command {
        INSTANCE
    }

    private enum LoadDue implements Command {
        INSTANCE
    }

    private enum LookAgain implements Command {
        INSTANCE
    }

    private static final double RATE_KEEP = 0.8;
    /** How long new work is gathered, and how often it looks whether the work that goes before is done. */
    private static final Duration AHEAD_LOOK = Duration.ofMillis(250);

    private final EmbedderSettings settings;
    private final EmbedderSpec model;
    private final Runnable onSwapped;
    private final ActorRef<EmbedderSlot.Command> slot;
    private final EmbedderCell cell;
    private final QueryGate gate;
    private final EmbedWorkers workers;
    private final LakeAsking<Command> lakes;
    private final TimerScheduler<Command> timers;
    private final Map<ProjectId, EmbedProject> projects = new LinkedHashMap<>();
    private final Queue<EmbedProject> turns = new ArrayDeque<>();
    private Optional<EmbedProject> working = Optional.empty();
    private List<LakeProtocol.ChunkText> held = List.of();
    private long embedded;
    private double perSecond;

    /**
     * A queue that gets its embedder from {@code place}.
     *
     * @param onSwapped is called when a project's embeddings are all of this embedder, and were of another before; must not
     *     block
     */
    public static Behavior<Command> create(
            EmbedderSettings settings, Embedders.Place place, QueryGate gate, Runnable onSwapped) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new EmbedQueue(context, timers, settings, place, gate, onSwapped)));
    }

    private EmbedQueue(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            EmbedderSettings settings,
            Embedders.Place place,
            QueryGate gate,
            Runnable onSwapped) {
        super(context);
        this.timers = timers;
        this.settings = settings;
        this.model = place.spec();
        this.slot = place.slot();
        this.cell = place.cell();
        this.gate = gate;
        this.onSwapped = onSwapped;
        workers = new EmbedWorkers(settings, gate);
        lakes = new LakeAsking<>(context, settings.askTimeout());
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
            case Status status ->
                status.replyTo().tell(EmbedStatus.of(model, cell.state(), projects.values(), embedded, perSecond));
            case ChunksArrived arrived -> onChunksArrived(arrived);
            case SlotAnswered answered -> onSlotAnswered(answered.outcome());
            case Embedded done -> onEmbedded(done);
            case Stored stored -> onStored(stored);
            case Swapped swapped -> onSwapped(swapped);
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
        EmbedProject known = projects.get(watch.project());
        if (known != null) {
            known.lake = watch.lake();
            wake(known);
        } else if (projects.size() == settings.projectsMax()) {
            getContext()
                    .getLog()
                    .warn(
                            "project {} gets no embeddings: {} projects are watched, the most that"
                                    + " postdevai.models.embedder.projects-max allows",
                            watch.project(),
                            projects.size());
        } else {
            EmbedProject project = new EmbedProject(watch.project(), watch.lake());
            projects.put(watch.project(), project);
            wake(project);
        }
    }

    private void onUnwatch(Unwatch unwatch) {
        EmbedProject project = projects.remove(unwatch.project());
        if (project != null) {
            turns.remove(project);
            timers.cancel(project);
        }
    }

    private void onChunksAdded(ChunksAdded added) {
        EmbedProject project = projects.get(added.project());
        if (project != null) {
            project.done = Set.of();
            wake(project);
        }
    }

    private void onLookAgain() {
        projects.values().forEach(this::wake);
    }

    private void onRetry(EmbedProject project) {
        if (projects.get(project.id) == project) {
            wake(project);
        }
    }

    /** Gives a project a turn, unless it has one or waits after a refusal. */
    private void wake(EmbedProject project) {
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
        EmbedProject project = turns.remove();
        working = Optional.of(project);
        project.nudged = false;
        lakes.chunks(project.lake, model.key(), settings.batch(), reply -> new ChunksArrived(project, reply));
    }

    private void onChunksArrived(ChunksArrived arrived) {
        EmbedProject project = arrived.project();
        switch (arrived.reply()) {
            case Reply.Refused<LakeProtocol.Chunks> refused -> pause(project, refused.message());
            case Reply.Answered<LakeProtocol.Chunks> answered -> {
                project.refusals = 0;
                project.waiting = answered.answer().remaining();
                held = project.toEmbed(answered.answer().chunks());
                if (held.isEmpty()
                        && answered.answer().replaces()
                        && !gate.isWorkAhead()
                        && isWhole(project, answered.answer())) {
                    swap(project);
                } else if (held.isEmpty()) {
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

    /** Whether all chunks are embedded that can be. */
    private static boolean isWhole(EmbedProject project, LakeProtocol.Chunks chunks) {
        return chunks.remaining() <= project.failed();
    }

    /** From now on the embeddings of this model are searched, and those of others leave memory. */
    private void swap(EmbedProject project) {
        lakes.append(
                project.lake,
                List.of(new Body.SetSetting(LakeProtocol.EMBEDDING_MODEL, model.key())),
                reply -> new Swapped(project, reply));
    }

    private void onSwapped(Swapped swapped) {
        EmbedProject project = swapped.project();
        switch (swapped.reply()) {
            case Reply.Refused<LakeProtocol.Appended> refused -> pause(project, refused.message());
            case Reply.Answered<LakeProtocol.Appended> _ -> {
                getContext().getLog().info("project {} is searched by embeddings of {} now", project.id, model.key());
                onSwapped.run();
                finish(project, true);
            }
        }
    }

    /** Nothing is left, or only what was embedded and not taken. */
    private void sleep(EmbedProject project, int notTaken) {
        if (notTaken > project.failed()) {
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
        EmbedProject project = working.orElseThrow();
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
        EmbedProject project = done.project();
        EmbedWorkers.Batch batch = done.batch();
        project.took(batch);
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
        lakes.append(project.lake, List.<Body>copyOf(batch.bodies()), reply -> new Stored(project, batch, reply));
    }

    private void onStored(Stored stored) {
        EmbedProject project = stored.project();
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
    private void pause(EmbedProject project, String reason) {
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

    private void finish(EmbedProject project, boolean again) {
        working = Optional.empty();
        if (again && projects.get(project.id) == project) {
            turns.add(project);
        }
        next();
    }

    private Behavior<Command> onStopped() {
        workers.close();
        return this;
    }
}
