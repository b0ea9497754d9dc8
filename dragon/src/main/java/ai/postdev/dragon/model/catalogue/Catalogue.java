package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.protocol.ModelsProtocol.CancelPull;
import ai.postdev.actors.protocol.ModelsProtocol.Command;
import ai.postdev.actors.protocol.ModelsProtocol.Event;
import ai.postdev.actors.protocol.ModelsProtocol.Finished;
import ai.postdev.actors.protocol.ModelsProtocol.Models;
import ai.postdev.actors.protocol.ModelsProtocol.Pull;
import ai.postdev.actors.protocol.ModelsProtocol.Remove;
import ai.postdev.actors.protocol.ModelsProtocol.Verify;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.v1.CancelPullAnswer;
import ai.postdev.v1.ModelProgress;
import ai.postdev.v1.RemoveModelAnswer;
import ai.postdev.v1.VerifyModelAnswer;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Keeps the models of a node: says what there is, and pulls and checks some at a time on threads that may block. Whoever
 * asks for what is on its way already follows it; a pull goes on when all have left.
 */
public final class Catalogue extends AbstractBehavior<Catalogue.Message> {
    /** What the catalogue receives: requests, and news of its own work. */
    sealed interface Message {}

    private record Asked(Command command) implements Message {}

    private record JobMoved(CatalogueJob job, ModelProgress progress) implements Message {}

    private record JobEnded(CatalogueJob job, Reply<ModelProgress> outcome) implements Message {}

    /** Followers hear of their job now and then, so that nobody takes the silence of a slow one for its end. */
    private enum Beat implements Message {
        INSTANCE
    }

    private record FollowerLeft(ActorRef<Event> follower) implements Message {}

    private static final Duration BEAT_EVERY = Duration.ofMinutes(1);

    private final StoreAccess access;
    private final CatalogueSettings settings;
    private final KnownModels known;
    private final InstantSource clock;
    private final Executor blocking;
    /** In the order in which they came; the first {@code pulls} of them run. */
    private final Map<CatalogueJob.Key, CatalogueJob> jobs = new LinkedHashMap<>();

    private final Map<CatalogueJob.Key, CatalogueJob> running = new HashMap<>();

    /** A catalogue of the store behind {@code access}. */
    public static Behavior<Command> create(StoreAccess access, KnownModels known, InstantSource clock) {
        Behavior<Message> catalogue = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Beat.INSTANCE, BEAT_EVERY);
            return new Catalogue(context, access, known, clock);
        }));
        return Behaviors.transformMessages(Command.class, catalogue, match -> match.match(Command.class, Asked::new));
    }

    private Catalogue(ActorContext<Message> context, StoreAccess access, KnownModels known, InstantSource clock) {
        super(context);
        this.access = access;
        this.settings = access.settings();
        this.known = known;
        this.clock = clock;
        this.blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onAnyMessage(this::onMessage)
                .onSignal(PostStop.class, _ -> onStopped())
                .onSignal(PreRestart.class, _ -> onStopped())
                .build();
    }

    private Behavior<Message> onMessage(Message message) {
        switch (message) {
            case Asked(Models ask) -> onModels(ask);
            case Asked(Pull pull) -> onPull(pull);
            case Asked(CancelPull cancel) -> onCancel(cancel);
            case Asked(Remove remove) -> onRemove(remove);
            case Asked(Verify verify) -> onVerify(verify);
            case JobMoved moved -> {
                if (running.get(moved.job().key()) == moved.job()) {
                    moved.job().moved(moved.progress());
                }
            }
            case JobEnded ended -> onEnded(ended);
            case Beat _ -> jobs.values().forEach(CatalogueJob::tellAgain);
            case FollowerLeft left -> jobs.values().forEach(job -> job.leave(left.follower()));
        }
        return this;
    }

    private void onModels(Models ask) {
        Map<String, ModelProgress> pulls = new HashMap<>();
        jobs.values().stream()
                .filter(job -> job.key().pull())
                .forEach(job -> pulls.put(job.key().name().value(), job.last()));
        inBackground(ask.replyTo(), () -> ModelAnswers.of(access, known, ask.name(), pulls));
    }

    private void onRemove(Remove remove) {
        Optional<ModelName> name = name(remove.name(), remove.replyTo());
        if (name.isPresent() && jobs.containsKey(new CatalogueJob.Key(true, name.get()))) {
            remove.replyTo()
                    .tell(new Reply.Refused<>(
                            Reply.Reason.PRECONDITION,
                            "model " + name.get() + " is being pulled; first: postdevai models cancel " + name.get()));
        } else if (name.isPresent()) {
            inBackground(
                    remove.replyTo(),
                    () -> RemoveModelAnswer.newBuilder()
                            .setName(name.get().value())
                            .setBytes(access.store().remove(name.get().value()))
                            .build());
        }
    }

    private static <T> Optional<ModelName> name(String text, ActorRef<Reply<T>> replyTo) {
        try {
            return Optional.of(ModelName.parse(text));
        } catch (CatalogueRefused e) {
            replyTo.tell(new Reply.Refused<>(e.reason(), e.getMessage()));
            return Optional.empty();
        }
    }

    private interface Look<T> {
        T run() throws IOException;
    }

    private <T> void inBackground(ActorRef<Reply<T>> replyTo, Look<T> look) {
        blocking.execute(() -> replyTo.tell(attempt(look)));
    }

    private static <T> Reply<T> attempt(Look<T> look) {
        try {
            return new Reply.Answered<>(look.run());
        } catch (CatalogueRefused e) {
            return new Reply.Refused<>(e.reason(), e.getMessage());
        } catch (IOException e) {
            return new Reply.Refused<>(Reply.Reason.FAILED, "the folder of models cannot be used: " + e.getMessage());
        } catch (RuntimeException bug) {
            return new Reply.Refused<>(Reply.Reason.FAILED, "the catalogue broke off: " + bug);
        }
    }

    private void onPull(Pull pull) {
        try {
            Optional<ModelName> as =
                    pull.name().isBlank() ? Optional.empty() : Optional.of(ModelName.parse(pull.name()));
            PullPlan plan = PullPlan.of(known, pull.model(), as);
            begin(
                    new CatalogueJob.Key(true, plan.name()),
                    plan.source().text(),
                    (progress, cancellation) -> ModelProgress.newBuilder()
                            .setModel(ModelAnswers.info(
                                    new Puller(access.store(), known, settings, clock)
                                            .pull(plan, progress, cancellation),
                                    access.usage())),
                    pull.replyTo());
        } catch (CatalogueRefused e) {
            pull.replyTo().tell(refusal(e.reason(), e.getMessage()));
        }
    }

    private void onVerify(Verify verify) {
        try {
            ModelName name = ModelName.parse(verify.name());
            begin(
                    new CatalogueJob.Key(false, name),
                    "",
                    (progress, cancellation) ->
                            ModelProgress.newBuilder().setVerified(verified(name, progress, cancellation)),
                    verify.replyTo());
        } catch (CatalogueRefused e) {
            verify.replyTo().tell(refusal(e.reason(), e.getMessage()));
        }
    }

    private VerifyModelAnswer verified(ModelName name, PullProgress progress, Cancellation cancellation)
            throws IOException {
        ModelStore store = access.store();
        List<String> damages = store.verify(name.value(), progress, cancellation);
        return VerifyModelAnswer.newBuilder()
                .setName(name.value())
                .setHealthy(damages.isEmpty())
                .setBytes(store.find(name.value())
                        .map(model -> model.manifest().bytes())
                        .orElse(0L))
                .addAllDamages(damages)
                .build();
    }

    private static Finished refusal(Reply.Reason reason, String message) {
        return new Finished(Optional.of(new Reply.Refused<>(reason, message)));
    }

    private void begin(CatalogueJob.Key key, String source, CatalogueJob.Work work, ActorRef<Event> follower) {
        CatalogueJob job = jobs.get(key);
        if (job != null && !job.source().equals(source)) {
            follower.tell(refusal(
                    Reply.Reason.OVERLOADED,
                    "another model is being pulled as " + key.name() + ", from " + job.source()
                            + "; give this one another name, or wait"));
            return;
        }
        if (job == null && jobs.size() >= settings.pulls() + settings.pullsWaiting()) {
            follower.tell(
                    refusal(
                            Reply.Reason.OVERLOADED,
                            settings.pulls() + " pulls and checks run and " + settings.pullsWaiting()
                                    + " wait, the most that postdevai.models.catalogue.pulls-waiting-max allows; try again later"));
            return;
        }
        if (job == null) {
            job = new CatalogueJob(key, source, work);
            jobs.put(key, job);
        }
        if (!job.follow(follower)) {
            follower.tell(refusal(
                    Reply.Reason.OVERLOADED,
                    CatalogueJob.FOLLOWERS_MAX + " callers follow this pull already; look at: postdevai models list"));
            return;
        }
        getContext().watchWith(follower, new FollowerLeft(follower));
        advance();
    }

    /** Starts what may run, and tells the others how many come before them. */
    private void advance() {
        int before = 0;
        for (CatalogueJob job : jobs.values()) {
            if (!running.containsKey(job.key()) && before < settings.pulls()) {
                start(job);
            } else if (!running.containsKey(job.key())) {
                job.ahead(before);
            }
            before++;
        }
    }

    private void start(CatalogueJob job) {
        running.put(job.key(), job);
        ActorRef<Message> self = getContext().getSelf();
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(
                                () -> attempt(() -> job.run(progress -> self.tell(new JobMoved(job, progress)))),
                                blocking),
                        (outcome, bug) -> new JobEnded(
                                job,
                                bug == null
                                        ? outcome
                                        : new Reply.Refused<>(
                                                Reply.Reason.FAILED, job.key().name() + " broke off: " + bug)));
    }

    private void onEnded(JobEnded ended) {
        CatalogueJob job = ended.job();
        running.remove(job.key());
        jobs.remove(job.key());
        switch (ended.outcome()) {
            case Reply.Answered<ModelProgress>(ModelProgress last) -> {
                getContext()
                        .getLog()
                        .info("model {}: {}", job.key().name(), job.key().pull() ? "pulled" : "checked");
                job.done(last);
            }
            case Reply.Refused<ModelProgress>(Reply.Reason reason, String message) -> {
                getContext().getLog().warn("model {}: {}", job.key().name(), message);
                job.refused(reason, message);
            }
        }
        advance();
    }

    private void onCancel(CancelPull cancel) {
        Optional<ModelName> name = name(cancel.name(), cancel.replyTo());
        if (name.isEmpty()) {
            return;
        }
        CatalogueJob job = jobs.get(new CatalogueJob.Key(true, name.get()));
        if (job == null) {
            cancel.replyTo()
                    .tell(new Reply.Refused<>(
                            Reply.Reason.NOT_FOUND,
                            "no pull of '" + name.get() + "' is under way; see: postdevai models list"));
            return;
        }
        job.cancel();
        if (!running.containsKey(job.key())) {
            jobs.remove(job.key());
            job.refused(Reply.Reason.FAILED, new PullCancelled(job.source()).getMessage());
            advance();
        }
        cancel.replyTo()
                .tell(new Reply.Answered<>(CancelPullAnswer.newBuilder()
                        .setName(name.get().value())
                        .build()));
    }

    private Behavior<Message> onStopped() {
        for (CatalogueJob job : jobs.values()) {
            job.cancel();
            job.refused(Reply.Reason.UNAVAILABLE, "the node is stopping; pull it again when it runs");
        }
        jobs.clear();
        return this;
    }
}
