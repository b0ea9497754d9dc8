package ai.postdev.dragon.model;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * What an actor asks of lakes; the answers come to it as its own messages. One that does not come in time is a refusal.
 *
 * @param <M> its messages
 */
record LakeAsking<M>(ActorContext<M> context, Duration timeout) {
    /** Chunks without an embedding of {@code model}, at most so many. */
    void chunks(
            RecipientRef<LakeProtocol.Command> lake,
            String model,
            int limit,
            Function<Reply<LakeProtocol.Chunks>, M> then) {
        context.ask(
                LakeAsking.<LakeProtocol.Chunks>replyClass(),
                lake,
                timeout,
                replyTo -> new LakeProtocol.Unembedded(model, limit, replyTo),
                (reply, failure) -> then.apply(answered(reply, failure)));
    }

    /** Has operations written. */
    void append(
            RecipientRef<LakeProtocol.Command> lake,
            List<Body> bodies,
            Function<Reply<LakeProtocol.Appended>, M> then) {
        context.ask(
                LakeAsking.<LakeProtocol.Appended>replyClass(),
                lake,
                timeout,
                replyTo -> new LakeProtocol.Append(bodies, List.of(), replyTo),
                (reply, failure) -> then.apply(answered(reply, failure)));
    }

    private static <T> Reply<T> answered(Reply<T> reply, Throwable failure) {
        return failure == null
                ? reply
                : new Reply.Refused<>(Reply.Reason.UNAVAILABLE, "the lake does not answer: " + failure.getMessage());
    }

    @SuppressWarnings("unchecked") // a class literal knows no type arguments
    private static <T> Class<Reply<T>> replyClass() {
        return (Class<Reply<T>>) (Class<?>) Reply.class;
    }
}
