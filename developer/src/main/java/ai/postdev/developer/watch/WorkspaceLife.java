package ai.postdev.developer.watch;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * One opening of a workspace's folder after another: brings what children and background work tell to the actor, marked
 * with the opening that it belongs to, so that news of an earlier one can be passed over. Used by the actor only; the
 * consumers that it hands out may be called on any thread.
 *
 * @param <M> what the actor receives
 */
final class WorkspaceLife<M> {
    /** Work that blocks and ends in news. */
    interface Work {
        WorkspaceEvent run() throws IOException;
    }

    private final ActorContext<M> context;
    private final Executor blocking;
    private final BiFunction<Integer, WorkspaceEvent, M> marked;
    private int number;

    /**
     * The first opening has not begun.
     *
     * @param marked makes the actor's message of an opening's number and news
     */
    WorkspaceLife(ActorContext<M> context, BiFunction<Integer, WorkspaceEvent, M> marked) {
        this.context = context;
        this.blocking =
                context.getSystem().dispatchers().lookup(DispatcherSelector.fromConfig(WatchSettings.DISPATCHER));
        this.marked = marked;
    }

    /** Runs what blocks. */
    Executor blocking() {
        return blocking;
    }

    /** The folder is opened anew: what earlier openings still tell is of no interest. */
    void begin() {
        number++;
    }

    boolean isPresent(int life) {
        return life == number;
    }

    /** Brings what a child tells into this life. */
    <T> Consumer<T> telling(Function<T, WorkspaceEvent> event) {
        int life = number;
        var self = context.getSelf();
        return told -> self.tell(marked.apply(life, event.apply(told)));
    }

    /** Tells the event after a while. */
    void later(Duration delay, WorkspaceEvent event) {
        context.scheduleOnce(delay, context.getSelf(), marked.apply(number, event));
    }

    /** Runs blocking work elsewhere and tells its event; {@code failed} makes one of the reason for a failure. */
    void background(Work work, Function<String, WorkspaceEvent> failed) {
        int life = number;
        CompletableFuture<WorkspaceEvent> result = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return work.run();
                    } catch (IOException e) {
                        return failed.apply(e.getMessage());
                    }
                },
                blocking);
        context.pipeToSelf(
                result,
                (event, failure) -> marked.apply(life, failure == null ? event : failed.apply(failure.toString())));
    }
}
