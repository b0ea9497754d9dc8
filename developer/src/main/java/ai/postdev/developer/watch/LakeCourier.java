package ai.postdev.developer.watch;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.protocol.LakeProtocol;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Takes batches to the lake by asking it; no answer in time counts as not written. Used on its actor's thread only.
 *
 * @param ended makes the actor's message of a batch and how it ended
 * @param <M> what the actor receives
 */
record LakeCourier<M>(
        ActorContext<M> context,
        RecipientRef<LakeProtocol.Command> lake,
        Duration timeout,
        BiFunction<Long, LakeWriting.End, M> ended)
        implements LakeWriting.Courier {
    @Override
    public void carry(long batch, List<Body> bodies, List<LakeProtocol.Blob> blobs) {
        context.ask(
                Replies.<LakeProtocol.Appended>type(),
                lake,
                timeout,
                replyTo -> new LakeProtocol.Append(bodies, blobs, replyTo),
                (reply, failure) -> ended.apply(
                        batch,
                        failure == null
                                ? LakeWriting.End.of(reply)
                                : new LakeWriting.NotWritten("no answer to a write")));
    }
}
