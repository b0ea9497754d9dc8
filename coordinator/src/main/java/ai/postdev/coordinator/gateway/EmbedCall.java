package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.protocol.EmbeddingProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.v1.EmbedAnswer;
import ai.postdev.v1.EmbedRequest;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** Texts embedded by the node's own model. Work that nobody waits for any more is ended. */
final class EmbedCall {
    private final Caller caller;

    EmbedCall(Caller caller) {
        this.caller = caller;
    }

    /** @param gone ends the work, and the answer with a fault, when it completes */
    CompletionStage<EmbedAnswer> run(EmbedRequest request, CompletionStage<?> gone) {
        String id = UUID.randomUUID().toString();
        CompletionStage<Reply<EmbedAnswer>> reply = AskPattern.ask(
                caller.parts().embeddings(),
                replyTo -> new EmbeddingProtocol.Embed(id, request, replyTo),
                caller.deadline(),
                caller.parts().system().scheduler());
        CompletionStage<Reply<EmbedAnswer>> left = gone.thenApply(_ -> {
            throw new DoorFault(FaultCode.CANCELLED, "the client has gone");
        });
        return reply.applyToEither(left, answer -> answer)
                .whenComplete((_, thrown) -> {
                    if (thrown != null) {
                        cancel(id);
                    }
                })
                .thenApply(answer -> switch (answer) {
                    case Reply.Answered<EmbedAnswer>(EmbedAnswer value) -> value;
                    case Reply.Refused<EmbedAnswer> refused -> throw Faults.of(refused);
                });
    }

    private void cancel(String id) {
        caller.parts().embeddings().tell(new EmbeddingProtocol.Cancel(id));
    }
}
