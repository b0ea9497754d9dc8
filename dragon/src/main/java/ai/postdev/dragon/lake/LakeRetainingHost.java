package ai.postdev.dragon.lake;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.protocol.LakeProtocol.Append;
import ai.postdev.actors.protocol.LakeProtocol.Appended;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.history.HistoryView;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/** What the cycle of retention asks of the lake that it belongs to. Lives on the lake's thread. */
final class LakeRetainingHost implements RetentionCycle.Host {
    private final ActorContext<LakeMessage> context;
    private final TimerScheduler<LakeMessage> timers;
    private final Executor patient;
    private final Shown shown;
    private final Consumer<Append> append;
    private final Runnable renew;

    /** What the lake is now. */
    interface Shown {
        HistoryView history();

        boolean isEnding();
    }

    /**
     * Of one lake.
     *
     * @param patient where work may wait for the disk
     * @param append as any writer's append is taken in
     * @param renew has the history folded anew
     */
    LakeRetainingHost(
            ActorContext<LakeMessage> context,
            TimerScheduler<LakeMessage> timers,
            Executor patient,
            Shown shown,
            Consumer<Append> append,
            Runnable renew) {
        this.context = context;
        this.timers = timers;
        this.patient = patient;
        this.shown = shown;
        this.append = append;
        this.renew = renew;
    }

    @Override
    public HistoryView history() {
        return shown.history();
    }

    @Override
    public boolean isEnding() {
        return shown.isEnding();
    }

    @Override
    public <T> void work(Supplier<T> work, Function<Reply<T>, RetentionCycle.Event> done) {
        context.pipeToSelf(
                CompletableFuture.supplyAsync(work, patient),
                (answer, failure) -> new LakeMessage.Retain(done.apply(
                        failure == null
                                ? new Reply.Answered<>(answer)
                                : new Reply.Refused<>(Reply.Reason.FAILED, LakeMessage.reason(failure)))));
    }

    @Override
    public void write(List<Body> drops) {
        ActorRef<LakeMessage> self = context.getSelf();
        ActorRef<Reply<Appended>> told = context.spawnAnonymous(Behaviors.receiveMessage(reply -> {
            self.tell(new LakeMessage.Retain(new RetentionCycle.Dropped(reply)));
            return Behaviors.stopped();
        }));
        append.accept(new Append(drops, List.of(), told));
    }

    @Override
    public void renew() {
        renew.run();
    }

    @Override
    public void later(Duration time) {
        timers.startSingleTimer(new LakeMessage.Retain(RetentionCycle.Due.INSTANCE), time);
    }
}
