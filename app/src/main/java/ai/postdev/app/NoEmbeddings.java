package ai.postdev.app;

import ai.postdev.actors.protocol.EmbeddingProtocol;
import ai.postdev.actors.protocol.Reply;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Stands in for the embedder on a node without the role dragon. */
final class NoEmbeddings {
    private NoEmbeddings() {}

    static Behavior<EmbeddingProtocol.Command> create() {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case EmbeddingProtocol.Embed embed ->
                    embed.replyTo()
                            .tell(new Reply.Refused<>(
                                    Reply.Reason.PRECONDITION,
                                    "this node embeds nothing: it lacks the role dragon; ask a node that has it, see:"
                                            + " postdevai status"));
                case EmbeddingProtocol.Cancel _ -> {
                    // there is nothing to end
                }
            }
            return Behaviors.same();
        });
    }
}
