package ai.postdev.actors.protocol;

import ai.postdev.v1.EmbedAnswer;
import ai.postdev.v1.EmbedRequest;
import org.apache.pekko.actor.typed.ActorRef;

/** The conversation with a node's embedder, for texts that callers bring. Within one node. */
public interface EmbeddingProtocol {
    /** What the embedder understands. */
    sealed interface Command {}

    /**
     * Has texts embedded.
     *
     * @param id of the request, unlike that of any other that is not over
     */
    record Embed(String id, EmbedRequest request, ActorRef<Reply<EmbedAnswer>> replyTo) implements Command {}

    /** Nobody wants the answer any more; nothing is told of it. */
    record Cancel(String id) implements Command {}
}
