package ai.postdev.dragon.model;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.japi.function.Function;

/**
 * Owns the loaded embedder: {@code empty -> loading -> ready -> draining -> empty}, or {@code failed(reason)}, from
 * where the next request tries again. Loading and closing run on a thread of their own. Whether there is room for it, and
 * when it has to go, the keeper of the models decides: a request asks it, and its {@link Bring} loads.
 */
public final class EmbedderSlot {
    /** What a slot understands. */
    public sealed interface Command {}

    /** Asks for the embedder; it is loaded if it is not there. */
    public record Acquire(ActorRef<Outcome> replyTo) implements Command {}

    /** Loads the embedder if it is not there; nobody is told. */
    public enum Load implements Command {
        INSTANCE
    }

    /** Closes the embedder and gives its memory back. */
    public enum Unload implements Command {
        INSTANCE
    }

    /** The keeper has room for the embedder: it is loaded. The one who asked is told {@link Brought}. */
    public record Bring(ActorRef<Brought> replyTo) implements Command {}

    /** The keeper wants its room back: the embedder is closed when its calls have ended. */
    public record TakeAway(ActorRef<Gone> replyTo) implements Command {}

    /** What became of {@link Bring}. @param failure why it is not loaded; empty: it is */
    public record Brought(Optional<String> failure, long bytes) {}

    /** The embedder is closed. */
    public enum Gone {
        INSTANCE
    }

    /** Asks the keeper of the models for room; {@link Bring} comes before the answer. Must not block. */
    @FunctionalInterface
    public interface Admission {
        /** @return why there is none; empty: it was brought */
        CompletionStage<Optional<String>> ask();
    }

    private record Answered(Optional<String> refusal) implements Command {}

    private record Loaded(Embedder embedder) implements Command {}

    private record LoadFailed(String reason) implements Command {}

    private enum Closed implements Command {
        INSTANCE
    }

    /** The answer to {@link Acquire}. */
    public sealed interface Outcome {}

    /** The embedder can be used until the slot unloads it; then its calls fail. */
    public record Ready(Embedder embedder) implements Outcome {}

    /** There is no embedder now. */
    public record Unavailable(String reason) implements Outcome {}

    /** Loads a model; may take seconds. */
    @FunctionalInterface
    public interface Loader {
        /** Loads it. */
        Embedder load() throws IOException;
    }

    private static final String TURNED_OFF = "turned off by postdevai.models.embedder.enabled";

    private final ActorContext<Command> context;
    private final boolean enabled;
    private final Loader loader;
    private final EmbedderCell cell;
    private final ExecutorService background;
    private final Optional<Admission> admission;
    private final List<ActorRef<Outcome>> waiting = new ArrayList<>();
    private final List<ActorRef<Brought>> bringers = new ArrayList<>();
    private final List<ActorRef<Gone>> takers = new ArrayList<>();

    /** A slot for the model that {@code loader} loads, which asks nobody for room. */
    public static Behavior<Command> create(EmbedderSettings settings, EmbedderCell cell, Loader loader) {
        return create(settings, cell, loader, Optional.empty());
    }

    /** A slot for the model that {@code loader} loads when the keeper of the models has room for it. */
    public static Behavior<Command> create(
            EmbedderSettings settings, EmbedderCell cell, Loader loader, Optional<Admission> admission) {
        return Behaviors.setup(context -> {
            EmbedderSlot slot = new EmbedderSlot(context, settings.enabled(), loader, cell, admission);
            return settings.enabled() ? slot.empty() : slot.failed(TURNED_OFF);
        });
    }

    private EmbedderSlot(
            ActorContext<Command> context,
            boolean enabled,
            Loader loader,
            EmbedderCell cell,
            Optional<Admission> admission) {
        this.context = context;
        this.enabled = enabled;
        this.loader = loader;
        this.cell = cell;
        this.admission = admission;
        background = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("embedder-loader").factory());
    }

    private Behavior<Command> empty() {
        cell.show(EmbedderCell.Phase.EMPTY, "", Optional.empty());
        return idle();
    }

    private Behavior<Command> failed(String reason) {
        cell.show(EmbedderCell.Phase.FAILED, reason, Optional.empty());
        return idle();
    }

    /** Empty or failed: a request asks for room, or loads where nobody has to be asked. */
    private Behavior<Command> idle() {
        return phase(
                command -> switch (command) {
                    case Acquire acquire -> want(Optional.of(acquire.replyTo()));
                    case Load _ -> want(Optional.empty());
                    case Bring bring -> bring(bring);
                    case TakeAway take -> {
                        take.replyTo().tell(Gone.INSTANCE);
                        yield Behaviors.same();
                    }
                    case Unload _, Closed _, LoadFailed _, Answered _ -> Behaviors.same();
                    case Loaded loaded -> close(loaded.embedder());
                },
                Optional.empty());
    }

    private Behavior<Command> want(Optional<ActorRef<Outcome>> asker) {
        if (!enabled) {
            asker.ifPresent(replyTo -> replyTo.tell(new Unavailable(TURNED_OFF)));
            return failed(TURNED_OFF);
        }
        asker.ifPresent(waiting::add);
        if (admission.isEmpty()) {
            return load();
        }
        context.pipeToSelf(
                admission.get().ask(),
                (refusal, failure) -> new Answered(failure == null ? refusal : Optional.of(reason(failure))));
        cell.show(EmbedderCell.Phase.LOADING, "", Optional.empty());
        return phase(
                command -> switch (command) {
                    case Acquire acquire -> {
                        waiting.add(acquire.replyTo());
                        yield Behaviors.same();
                    }
                    case Bring bring -> bring(bring);
                    case TakeAway take -> {
                        take.replyTo().tell(Gone.INSTANCE);
                        yield Behaviors.same();
                    }
                    case Answered answered ->
                        onLoadFailed(answered.refusal().orElse("the keeper of the models took it away again"));
                    case Unload _ -> {
                        tellWaiting(new Unavailable("the embedder is being unloaded"));
                        yield empty();
                    }
                    case Load _, Closed _, LoadFailed _ -> Behaviors.same();
                    case Loaded loaded -> close(loaded.embedder());
                },
                Optional.empty());
    }

    private Behavior<Command> bring(Bring bring) {
        if (!enabled) {
            bring.replyTo().tell(new Brought(Optional.of(TURNED_OFF), 0));
            return failed(TURNED_OFF);
        }
        bringers.add(bring.replyTo());
        return load();
    }

    private Behavior<Command> load() {
        context.pipeToSelf(
                CompletableFuture.supplyAsync(this::loadNow, background),
                (embedder, failure) -> failure == null ? new Loaded(embedder) : new LoadFailed(reason(failure)));
        cell.show(EmbedderCell.Phase.LOADING, "", Optional.empty());
        return phase(
                command -> switch (command) {
                    case Acquire acquire -> {
                        waiting.add(acquire.replyTo());
                        yield Behaviors.same();
                    }
                    case Bring bring -> {
                        bringers.add(bring.replyTo());
                        yield Behaviors.same();
                    }
                    case Load _, Closed _, Answered _ -> Behaviors.same();
                    case Unload _ -> withdraw();
                    case TakeAway take -> {
                        takers.add(take.replyTo());
                        yield withdraw();
                    }
                    case Loaded loaded -> onLoaded(loaded.embedder());
                    case LoadFailed failed -> onLoadFailed(failed.reason());
                },
                Optional.empty());
    }

    /** The load is not wanted any more. What then arrives as loaded is closed at once. */
    private Behavior<Command> withdraw() {
        tellWaiting(new Unavailable("the embedder is being unloaded"));
        tellBringers(new Brought(Optional.of("it was not wanted any more"), 0));
        cell.show(EmbedderCell.Phase.DRAINING, "", Optional.empty());
        return phase(
                command -> switch (command) {
                    case Acquire acquire -> unavailable(acquire);
                    case Bring bring -> notNow(bring);
                    case TakeAway take -> {
                        takers.add(take.replyTo());
                        yield Behaviors.same();
                    }
                    case Load _, Unload _, Closed _, Answered _ -> Behaviors.same();
                    case Loaded loaded -> close(loaded.embedder());
                    case LoadFailed _ -> gone(empty());
                },
                Optional.empty());
    }

    private Embedder loadNow() {
        try {
            return loader.load();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private Behavior<Command> onLoaded(Embedder embedder) {
        context.getLog().info("embedder {} is ready on {}", embedder.model(), embedder.engine());
        cell.show(EmbedderCell.Phase.READY, "", Optional.of(embedder));
        tellWaiting(new Ready(embedder));
        Brought brought = new Brought(Optional.empty(), embedder.memoryBytes());
        tellBringers(brought);
        return phase(
                command -> switch (command) {
                    case Acquire acquire -> {
                        acquire.replyTo().tell(new Ready(embedder));
                        yield Behaviors.same();
                    }
                    case Bring bring -> {
                        bring.replyTo().tell(brought);
                        yield Behaviors.same();
                    }
                    case Load _, Closed _, LoadFailed _, Answered _ -> Behaviors.same();
                    case Unload _ -> close(embedder);
                    case TakeAway take -> {
                        takers.add(take.replyTo());
                        yield close(embedder);
                    }
                    case Loaded other -> {
                        other.embedder().close();
                        yield Behaviors.same();
                    }
                },
                Optional.of(embedder));
    }

    private Behavior<Command> onLoadFailed(String reason) {
        context.getLog().warn("no embeddings: {}", reason);
        // Who is told looks at the cell next, so it says so first.
        Behavior<Command> failed = failed(reason);
        tellWaiting(new Unavailable(reason));
        tellBringers(new Brought(Optional.of(reason), 0));
        return failed;
    }

    private void tellWaiting(Outcome outcome) {
        waiting.forEach(replyTo -> replyTo.tell(outcome));
        waiting.clear();
    }

    private void tellBringers(Brought brought) {
        bringers.forEach(replyTo -> replyTo.tell(brought));
        bringers.clear();
    }

    /** Draining: closing waits for the calls that still run. */
    private Behavior<Command> close(Embedder embedder) {
        cell.show(EmbedderCell.Phase.DRAINING, "", Optional.empty());
        context.pipeToSelf(CompletableFuture.runAsync(embedder::close, background), (_, failure) -> {
            if (failure != null) {
                return new LoadFailed("the embedder did not close: " + reason(failure));
            }
            return Closed.INSTANCE;
        });
        return phase(
                command -> switch (command) {
                    case Acquire acquire -> unavailable(acquire);
                    case Bring bring -> notNow(bring);
                    case TakeAway take -> {
                        takers.add(take.replyTo());
                        yield Behaviors.same();
                    }
                    case Load _, Unload _, Answered _ -> Behaviors.same();
                    case Closed _ -> gone(empty());
                    case LoadFailed failed -> gone(failed(failed.reason()));
                    case Loaded other -> {
                        other.embedder().close();
                        yield Behaviors.same();
                    }
                },
                Optional.empty());
    }

    private static Behavior<Command> unavailable(Acquire acquire) {
        acquire.replyTo().tell(new Unavailable("the embedder is being unloaded"));
        return Behaviors.same();
    }

    private static Behavior<Command> notNow(Bring bring) {
        bring.replyTo().tell(new Brought(Optional.of("the embedder is being unloaded; try again in a moment"), 0));
        return Behaviors.same();
    }

    private Behavior<Command> gone(Behavior<Command> next) {
        takers.forEach(replyTo -> replyTo.tell(Gone.INSTANCE));
        takers.clear();
        return next;
    }

    private Behavior<Command> phase(Function<Command, Behavior<Command>> onCommand, Optional<Embedder> held) {
        return Behaviors.receive(Command.class)
                .onAnyMessage(onCommand)
                .onSignal(PostStop.class, _ -> stopped(held))
                .onSignal(PreRestart.class, _ -> stopped(held))
                .build();
    }

    private Behavior<Command> stopped(Optional<Embedder> held) {
        cell.show(EmbedderCell.Phase.EMPTY, "", Optional.empty());
        tellWaiting(new Unavailable("the node is stopping"));
        tellBringers(new Brought(Optional.of("the node is stopping"), 0));
        held.ifPresent(embedder -> background.execute(embedder::close));
        background.shutdown();
        return Behaviors.same();
    }
}
