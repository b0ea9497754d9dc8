package ai.postdev.app;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.ServingProtocol;
import ai.postdev.v1.ServingAnswer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Stands in for the keeper of language models on a node without the role dragon. */
final class NoServing {
    private NoServing() {}

    private static final String WHY =
            "this node runs no models: it lacks the role dragon; ask a node that has it, see: postdevai status";

    static Behavior<ServingProtocol.Command> create() {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case ServingProtocol.Generate generate ->
                    generate.replyTo().tell(new ServingProtocol.Failed(Reply.Reason.PRECONDITION, WHY, 0));
                case ServingProtocol.Load load -> load.replyTo().tell(refused());
                case ServingProtocol.Unload unload -> unload.replyTo().tell(refused());
                case ServingProtocol.Pin pin -> pin.replyTo().tell(refused());
                case ServingProtocol.Why why -> why.replyTo().tell(refused());
                case ServingProtocol.Look look -> look.replyTo().tell(ServingAnswer.getDefaultInstance());
                case ServingProtocol.Cancel _ -> {
                    // there is nothing to end
                }
            }
            return Behaviors.same();
        });
    }

    private static <T> Reply<T> refused() {
        return new Reply.Refused<>(Reply.Reason.PRECONDITION, WHY);
    }
}
