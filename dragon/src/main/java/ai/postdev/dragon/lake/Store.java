package ai.postdev.dragon.lake;

import ai.postdev.actors.op.Operation;
import ai.postdev.actors.protocol.Reply;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * A store: the one writer of an engine. Folds operations in, in order, and hands out the immutable view that readers
 * use; no reader ever waits on it. Runs on the stores' own dispatcher, where files may be written.
 */
public final class Store<V> extends AbstractBehavior<Store.Command<V>> {
    /** What a store understands. */
    public sealed interface Command<V> {}

    /** Folds operations in. */
    public record Apply<V>(List<Operation> operations, ActorRef<Applied<V>> replyTo) implements Command<V> {}

    /** Takes back what the engine let go of; the answer counts no operations. See {@link StoreEngine#restore}. */
    public record Restore<V>(List<Operation> operations, long wanted, ActorRef<Applied<V>> replyTo)
            implements Command<V> {}

    /** Gives memory back; the answer counts no operations. See {@link StoreEngine#shrink}. */
    public record Shrink<V>(long bytes, ActorRef<Applied<V>> replyTo) implements Command<V> {}

    /** Keeps more exactly again what the operations say; the answer counts none. See {@link StoreEngine#refine}. */
    public record Refine<V>(List<Operation> operations, ActorRef<Applied<V>> replyTo) implements Command<V> {}

    /**
     * Puts another engine in the place of this one, which is folded from the journal on {@code on} meanwhile; the answer
     * counts no operations. If more than {@code behindMax} operations come meanwhile, or folding fails, all stays as it is.
     */
    public record Renew<V>(Supplier<StoreEngine<V>> fold, Executor on, int behindMax, ActorRef<Applied<V>> replyTo)
            implements Command<V> {}

    private record Renewed<V>(StoreEngine<V> engine, Throwable failure, ActorRef<Applied<V>> replyTo)
            implements Command<V> {}

    /**
     * Writes the present state to a file, on {@code on}, while operations that come later are folded in; the answer is the
     * file's size in bytes. The state is that of the moment in which the store receives this, however much later the folder
     * of the file is there.
     */
    public record Snapshot<V>(CompletionStage<Path> file, Executor on, ActorRef<Reply<Long>> replyTo)
            implements Command<V> {}

    /** Operations are visible in {@code view}. */
    public record Applied<V>(String store, int operations, V view) {}

    private final String name;
    private StoreEngine<V> engine;
    /** What came while another engine is being folded; null when none is, or too much came. */
    private List<Operation> since;

    private int behindMax;
    private boolean renewing;

    /**
     * A store that owns the engine made by {@code open}.
     *
     * @param name for logs and answers: {@code code}, {@code vector}, {@code history}, {@code metadata}
     */
    public static <V> Behavior<Command<V>> create(String name, Supplier<StoreEngine<V>> open) {
        return Behaviors.setup(context -> new Store<>(context, name, open.get()));
    }

    private Store(ActorContext<Command<V>> context, String name, StoreEngine<V> engine) {
        super(context);
        this.name = name;
        this.engine = engine;
    }

    @Override
    public Receive<Command<V>> createReceive() {
        return newReceiveBuilder()
                .onAnyMessage(this::onCommand)
                .onSignal(PostStop.class, _ -> onStopped())
                .onSignal(PreRestart.class, _ -> onStopped())
                .build();
    }

    private Behavior<Command<V>> onCommand(Command<V> command) {
        return switch (command) {
            case Apply<V> apply -> onApply(apply);
            case Restore<V> restore -> onRestore(restore);
            case Shrink<V> shrink -> onShrink(shrink);
            case Refine<V> refine -> onRefine(refine);
            case Renew<V> renew -> onRenew(renew);
            case Renewed<V> renewed -> onRenewed(renewed);
            case Snapshot<V> snapshot -> onSnapshot(snapshot);
        };
    }

    private Behavior<Command<V>> onApply(Apply<V> apply) {
        apply.operations().forEach(engine::apply);
        if (since != null) {
            since.addAll(apply.operations());
            since = since.size() > behindMax ? null : since;
        }
        apply.replyTo().tell(new Applied<>(name, apply.operations().size(), engine.view()));
        return this;
    }

    private Behavior<Command<V>> onRestore(Restore<V> restore) {
        engine.restore(restore.operations(), restore.wanted());
        restore.replyTo().tell(new Applied<>(name, 0, engine.view()));
        return this;
    }

    private Behavior<Command<V>> onShrink(Shrink<V> shrink) {
        if (engine.shrink(shrink.bytes())) {
            getContext().getSelf().tell(shrink);
        } else {
            shrink.replyTo().tell(new Applied<>(name, 0, engine.view()));
        }
        return this;
    }

    private Behavior<Command<V>> onRefine(Refine<V> refine) {
        engine.refine(refine.operations());
        refine.replyTo().tell(new Applied<>(name, 0, engine.view()));
        return this;
    }

    private Behavior<Command<V>> onRenew(Renew<V> renew) {
        if (!renewing) {
            renewing = true;
            behindMax = renew.behindMax();
            since = new ArrayList<>();
            getContext()
                    .pipeToSelf(
                            CompletableFuture.supplyAsync(renew.fold(), renew.on()),
                            (folded, failure) -> new Renewed<>(folded, failure, renew.replyTo()));
        }
        return this;
    }

    /** What was folded reflects at least all that was applied before; what came since may be in it, and is passed over. */
    private Behavior<Command<V>> onRenewed(Renewed<V> renewed) {
        renewing = false;
        if (renewed.failure() != null) {
            getContext()
                    .getLog()
                    .warn(
                            "the {} store stays as it is: {}",
                            name,
                            renewed.failure().getMessage());
        } else if (since == null) {
            getContext().getLog().info("the {} store stays as it is: more than {} operations came", name, behindMax);
            renewed.engine().close();
        } else {
            since.forEach(renewed.engine()::apply);
            engine.close();
            engine = renewed.engine();
            renewed.replyTo().tell(new Applied<>(name, 0, engine.view()));
        }
        since = null;
        return this;
    }

    private Behavior<Command<V>> onSnapshot(Snapshot<V> snapshot) {
        write(engine.freeze(), snapshot.file(), snapshot.on(), snapshot.replyTo());
        return this;
    }

    /** Writes once the file's folder is there, on {@code on}, and answers. */
    public static void write(
            StoreEngine.Frozen state, CompletionStage<Path> file, Executor on, ActorRef<Reply<Long>> replyTo) {
        CompletionStage<Void> _ = file.thenApplyAsync(path -> write(state, path), on)
                .exceptionally(failure -> new Reply.Refused<>(
                        Reply.Reason.FAILED, "a snapshot was not written: " + LakeMessage.reason(failure)))
                .thenAccept(replyTo::tell);
    }

    /** Writes beside the target and renames, so that a crash leaves the old snapshot or the new one, never half. */
    public static Reply<Long> write(StoreEngine.Frozen state, Path file) {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            try (DataOutputStream out =
                    new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(partial), 1 << 16))) {
                state.write(out);
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return new Reply.Answered<>(Files.size(file));
        } catch (IOException | RuntimeException e) {
            return new Reply.Refused<>(Reply.Reason.FAILED, "snapshot " + file + " was not written: " + e);
        }
    }

    private Behavior<Command<V>> onStopped() {
        engine.close();
        return this;
    }
}
