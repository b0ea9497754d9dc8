package ai.postdev.dragon.model;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
 * where the next request tries again. Loading and closing run on a thread of their own.
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

    private static final String TURNED_OFF = "turned off by postdevai.model.embedder.enabled";

    private final ActorContext<Command> context;
    private final boolean enabled;
    private final Loader loader;
    private final EmbedderCell cell;
    private final ExecutorService background;
    private final List<ActorRef<Outcome>> waiting = new ArrayList<>();

    /** A slot for MiniLM. */
    public static Behavior<Command> create(EmbedderSettings settings, EmbedderCell cell) {
        return create(settings, cell, () -> MiniLmEmbedder.load(settings));
    }

    /** A slot for the model that {@code loader} loads. */
    public static Behavior<Command> create(EmbedderSettings settings, EmbedderCell cell, Loader loader) {
        return Behaviors.setup(context -> {
            EmbedderSlot slot = new EmbedderSlot(context, settings.enabled(), loader, cell);
            return settings.enabled() ? slot.empty() : slot.failed(TURNED_OFF);
        });
    }

    private EmbedderSlot(ActorContext<Command> context, boolean enabled, Loader loader, EmbedderCell cell) {
        this.context = context;
        this.enabled = enabled;
        this.loader = loader;
        this.cell = cell;
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

    /** Empty or failed: a request loads. */
    private Behavior<Command> idle() {
        return phase(
                command -> switch (command) {
                    case Acquire acquire -> load(Optional.of(acquire.replyTo()));
                    case Load _ -> load(Optional.empty());
                    case Unload _, Closed _, LoadFailed _ -> Behaviors.same();
                    case Loaded loaded -> close(loaded.embedder());
                },
                Optional.empty());
    }

    private Behavior<Command> load(Optional<ActorRef<Outcome>> asker) {
        if (!enabled) {
            asker.ifPresent(replyTo -> replyTo.tell(new Unavailable(TURNED_OFF)));
            return failed(TURNED_OFF);
        }
        asker.ifPresent(waiting::add);
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
                    case Load _, Closed _ -> Behaviors.same();
                    case Unload _ -> {
                        tellWaiting(new Unavailable("the embedder is being unloaded"));
                        yield empty(); // what then arrives as loaded is closed at once
                    }
                    case Loaded loaded -> onLoaded(loaded.embedder());
                    case LoadFailed failed -> onLoadFailed(failed.reason());
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
        return phase(
                command -> switch (command) {
                    case Acquire acquire -> {
                        acquire.replyTo().tell(new Ready(embedder));
                        yield Behaviors.same();
                    }
                    case Load _, Closed _, LoadFailed _ -> Behaviors.same();
                    case Unload _ -> close(embedder);
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
        return failed;
    }

    private void tellWaiting(Outcome outcome) {
        waiting.forEach(replyTo -> replyTo.tell(outcome));
        waiting.clear();
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
                    case Acquire acquire -> {
                        acquire.replyTo().tell(new Unavailable("the embedder is being unloaded"));
                        yield Behaviors.same();
                    }
                    case Load _, Unload _ -> Behaviors.same();
                    case Closed _ -> empty();
                    case LoadFailed failed -> failed(failed.reason());
                    case Loaded other -> {
                        other.embedder().close();
                        yield Behaviors.same();
                    }
                },
                Optional.empty());
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
        held.ifPresent(embedder -> background.execute(embedder::close));
        background.shutdown();
        return Behaviors.same();
    }
}
