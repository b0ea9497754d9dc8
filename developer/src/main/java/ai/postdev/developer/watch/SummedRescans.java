package ai.postdev.developer.watch;

import ai.postdev.actors.protocol.Reply;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Adds up the rescans of a project's folders into one answer; the first refusal is the answer. */
final class SummedRescans {
    private SummedRescans() {}

    /** Waits for {@code count} answers. */
    static Behavior<Reply<Integer>> create(int count, ActorRef<Reply<Integer>> replyTo) {
        return waiting(count, 0, replyTo);
    }

    private static Behavior<Reply<Integer>> waiting(int count, int sum, ActorRef<Reply<Integer>> replyTo) {
        return Behaviors.receiveMessage(reply -> switch (reply) {
            case Reply.Refused<Integer> refused -> {
                replyTo.tell(refused);
                yield Behaviors.stopped();
            }
            case Reply.Answered<Integer> answered -> {
                int total = sum + answered.answer();
                if (count == 1) {
                    replyTo.tell(new Reply.Answered<>(total));
                    yield Behaviors.stopped();
                }
                yield waiting(count - 1, total, replyTo);
            }
        });
    }
}
