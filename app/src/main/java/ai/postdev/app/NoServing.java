package ai.postdev.app;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.ServingProtocol;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Stands in for the keeper of language models on a node without the role dragon. */
final class NoServing {
    private NoServing() {}

    static Behavior<ServingProtocol.Command> create() {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case ServingProtocol.Generate generate ->
                    generate.replyTo()
                            .tell(new ServingProtocol.Failed(
                                    Reply.Reason.PRECONDITION,
                                    "this node runs no models: it lacks the role dragon; ask a node that has it, see:"
                                            + " postdevai status",
                                    0));
                case ServingProtocol.Look look -> look.replyTo().tell(new ServingProtocol.Figures(List.of(), 0, 0));
                case ServingProtocol.Cancel _, ServingProtocol.Unload _ -> {
                    // there is nothing to end
                }
            }
            return Behaviors.same();
        });
    }
}
