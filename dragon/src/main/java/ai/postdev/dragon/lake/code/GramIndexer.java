package ai.postdev.dragon.lake.code;

import ai.postdev.dragon.model.QueryGate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Builds the index for exact search behind the code store: takes one piece of work at a time from the store, does it on
 * a thread of its own and gives the outcome back. Nobody waits for it: texts not indexed yet are looked through.
 */
public final class GramIndexer extends AbstractBehavior<GramIndexer.Command> {
    /** How long a piece of work waits for questions under way, at most. */
    private static final Duration GATE_WAIT = Duration.ofMillis(200);

    /** What the indexer understands. */
    public sealed interface Command {}

    /** The store has work. */
    record Wake() implements Command {}

    /** What the store handed out; empty if there is nothing to do. The view is of that moment. */
    record Given(Optional<IndexWork> work, CodeView view) implements Command {}

    /** The thread is done with searching for practice. */
    private record Warmed() implements Command {}

    /** The thread is done with it. */
    private record Done(IndexWork.Done done) implements Command {}

    /** The thread failed, as when a text cannot be read. */
    private record Failed(Optional<IndexWork> work, Throwable cause) implements Command {}

    private final ActorRef<CodeStore.Command> store;
    private final QueryGate gate;
    private final ExecutorService thread;
    /** Whether a question to the store or its work is under way; while it is, nothing is asked. */
    private boolean busy;
    /** Whether the store may have more than it last gave. */
    private boolean more;

    static Behavior<Command> create(ActorRef<CodeStore.Command> store, QueryGate gate) {
        return Behaviors.setup(context -> new GramIndexer(context, store, gate));
    }

    private GramIndexer(ActorContext<Command> context, ActorRef<CodeStore.Command> store, QueryGate gate) {
        super(context);
        this.store = store;
        this.gate = gate;
        this.thread = Executors.newSingleThreadExecutor(Thread.ofPlatform()
                .daemon()
                .name("grams-", 0)
                .priority(Thread.MIN_PRIORITY)
                .factory());
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
        return switch (command) {
            case Wake _ -> onWake();
            case Given given -> onGiven(given);
            case Done done -> onDone(done);
            case Warmed _ -> onWarmed();
            case Failed failed -> onFailed(failed);
        };
    }

    private Behavior<Command> onWake() {
        more = true;
        return ask();
    }

    private Behavior<Command> onGiven(Given given) {
        ActorRef<Command> self = getContext().getSelf();
        thread.execute(() -> {
            Command answer;
            try {
                gate.awaitIdle(GATE_WAIT);
                answer = given.work().isPresent() ? new Done(given.work().get().run()) : warmed(given.view());
            } catch (InterruptedException _) {
                return; // the store is stopping
            } catch (RuntimeException | Error e) {
                answer = new Failed(given.work(), e);
            }
            self.tell(answer);
        });
        return this;
    }

    private static Command warmed(CodeView view) {
        GrepWarming.run(view);
        return new Warmed();
    }

    private Behavior<Command> onWarmed() {
        busy = false;
        return ask();
    }

    private Behavior<Command> onDone(Done done) {
        store.tell(new CodeStore.Indexed(done.done()));
        busy = false;
        more = true;
        return ask();
    }

    private Behavior<Command> onFailed(Failed failed) {
        getContext()
                .getLog()
                .error(
                        "texts were not indexed for exact search; they are looked through until the next start",
                        failed.cause());
        failed.work().ifPresent(work -> store.tell(new CodeStore.IndexFailed(work)));
        busy = false;
        return this;
    }

    private Behavior<Command> ask() {
        if (more && !busy) {
            more = false;
            busy = true;
            store.tell(new CodeStore.TakeIndexWork(getContext().getSelf()));
        }
        return this;
    }

    private Behavior<Command> onStopped() {
        thread.shutdownNow();
        return this;
    }
}
