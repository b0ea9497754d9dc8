package ai.postdev.app;

import ai.postdev.actors.protocol.ModelsProtocol;
import ai.postdev.actors.protocol.Reply;
import java.util.Optional;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Stands in for the catalogue of models on a node without the role dragon. */
final class NoModels {
    private static final String WHY =
            "this node has no models: it lacks the role dragon; ask a node that has it, see: postdevai status";

    private NoModels() {}

    static Behavior<ModelsProtocol.Command> create() {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case ModelsProtocol.Models ask -> ask.replyTo().tell(refused());
                case ModelsProtocol.CancelPull cancel -> cancel.replyTo().tell(refused());
                case ModelsProtocol.Remove remove -> remove.replyTo().tell(refused());
                case ModelsProtocol.Pull pull -> pull.replyTo().tell(finished());
                case ModelsProtocol.Verify verify -> verify.replyTo().tell(finished());
            }
            return Behaviors.same();
        });
    }

    private static <T> Reply.Refused<T> refused() {
        return new Reply.Refused<>(Reply.Reason.PRECONDITION, WHY);
    }

    private static ModelsProtocol.Finished finished() {
        return new ModelsProtocol.Finished(Optional.of(refused()));
    }
}
