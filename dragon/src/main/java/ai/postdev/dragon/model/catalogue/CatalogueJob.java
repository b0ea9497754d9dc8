package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.protocol.ModelsProtocol.Event;
import ai.postdev.actors.protocol.ModelsProtocol.Finished;
import ai.postdev.actors.protocol.ModelsProtocol.Moved;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.v1.ModelProgress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/** A pull or check that waits or runs, and who follows it. Belongs to its actor, except for {@link #run}. */
final class CatalogueJob {
    /** Callers that follow one job. */
    static final int FOLLOWERS_MAX = 64;

    /** What tells jobs apart: a pull and a check of one model are two. */
    record Key(boolean pull, ModelName name) {}

    /** The work itself; answers with its last message. Blocks. */
    @FunctionalInterface
    interface Work {
        ModelProgress.Builder run(PullProgress progress, Cancellation cancellation) throws IOException;
    }

    private final Key key;
    private final String source;
    private final Work work;
    private final Cancellation cancellation = new Cancellation();
    private final List<ActorRef<Event>> followers = new ArrayList<>();
    private ModelProgress last;

    CatalogueJob(Key key, String source, Work work) {
        this.key = key;
        this.source = source;
        this.work = work;
        this.last = waiting(0);
    }

    Key key() {
        return key;
    }

    String source() {
        return source;
    }

    ModelProgress last() {
        return last;
    }

    /** Has one more follower, who is told at once how far it is; false at the bound. */
    boolean follow(ActorRef<Event> follower) {
        if (followers.size() == FOLLOWERS_MAX) {
            return false;
        }
        followers.add(follower);
        follower.tell(new Moved(last));
        return true;
    }

    void leave(ActorRef<Event> follower) {
        followers.remove(follower);
    }

    void ahead(int jobs) {
        moved(waiting(jobs));
    }

    private ModelProgress waiting(int jobs) {
        return ModelProgress.newBuilder()
                .setName(key.name().value())
                .setSource(source)
                .setPhase("waiting")
                .setAhead(jobs)
                .build();
    }

    void moved(ModelProgress progress) {
        if (!progress.equals(last)) {
            last = progress;
            followers.forEach(follower -> follower.tell(new Moved(progress)));
        }
    }

    /** Tells everybody once more how far it is. */
    void tellAgain() {
        followers.forEach(follower -> follower.tell(new Moved(last)));
    }

    void done(ModelProgress answer) {
        moved(answer);
        followers.forEach(follower -> follower.tell(new Finished(Optional.empty())));
    }

    void refused(Reply.Reason reason, String message) {
        followers.forEach(follower -> follower.tell(new Finished(Optional.of(new Reply.Refused<>(reason, message)))));
    }

    /** Ends it; what runs is woken up and ends soon. Does not wait. */
    void cancel() {
        cancellation.cancel();
    }

    /** Does the work on the caller's thread; {@code told} is given few reports, on the same thread. */
    ModelProgress run(Consumer<ModelProgress> told) throws IOException {
        PullPace pace = new PullPace(System::nanoTime);
        PullProgress progress = (phase, done, total) -> pace.moved(phase, done, total)
                .ifPresent(
                        figures -> told.accept(ModelAnswers.progress(key.name().value(), source, figures)
                                .build()));
        return work.run(progress, cancellation)
                .setName(key.name().value())
                .setSource(source)
                .setPhase("done")
                .build();
    }
}
