package ai.postdev.coordinator.gateway;

import ai.postdev.actors.protocol.ModelsProtocol;
import ai.postdev.actors.protocol.ModelsProtocol.Event;
import ai.postdev.actors.protocol.ModelsProtocol.Finished;
import ai.postdev.actors.protocol.ModelsProtocol.Moved;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.v1.CancelPullAnswer;
import ai.postdev.v1.CancelPullRequest;
import ai.postdev.v1.ModelProgress;
import ai.postdev.v1.ModelsAnswer;
import ai.postdev.v1.ModelsRequest;
import ai.postdev.v1.PullModelRequest;
import ai.postdev.v1.RemoveModelAnswer;
import ai.postdev.v1.RemoveModelRequest;
import ai.postdev.v1.VerifyModelRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Source;

/** The models of the node: what there is, pulls and checks. A slow reader of progress loses old lines, never the last ones. */
final class ModelCalls {
    private final Caller caller;

    ModelCalls(Caller caller) {
        this.caller = caller;
    }

    CompletionStage<ModelsAnswer> models(ModelsRequest request) {
        return ask(replyTo -> new ModelsProtocol.Models(request.getName(), replyTo));
    }

    CompletionStage<CancelPullAnswer> cancel(CancelPullRequest request) {
        String name = Caller.model("cancel", request.getName());
        return ask(replyTo -> new ModelsProtocol.CancelPull(name, replyTo));
    }

    CompletionStage<RemoveModelAnswer> remove(RemoveModelRequest request) {
        String name = Caller.model("remove", request.getName());
        return ask(replyTo -> new ModelsProtocol.Remove(name, replyTo));
    }

    Source<ModelProgress, NotUsed> pull(PullModelRequest request) {
        return Telling.attempt(() -> {
            String model = Caller.model("pull", request.getModel());
            return follow(replyTo -> new ModelsProtocol.Pull(model, request.getName(), replyTo));
        });
    }

    Source<ModelProgress, NotUsed> verify(VerifyModelRequest request) {
        return Telling.attempt(() -> {
            String name = Caller.model("verify", request.getName());
            return follow(replyTo -> new ModelsProtocol.Verify(name, replyTo));
        });
    }

    private <T> CompletionStage<T> ask(Function<ActorRef<Reply<T>>, ModelsProtocol.Command> command) {
        return caller.ask(caller.parts().models(), command);
    }

    private Source<ModelProgress, NotUsed> follow(Function<ActorRef<Event>, ModelsProtocol.Command> command) {
        return Telling.<Event>latest(
                        caller.parts().settings().progressMax(),
                        event -> event instanceof Finished(Optional<Reply.Refused<Void>> refusal) && refusal.isEmpty(),
                        ModelCalls::failure,
                        replyTo -> caller.parts().models().tell(command.apply(replyTo)))
                .mapConcat(event -> event instanceof Moved(ModelProgress moved) ? List.of(moved) : List.of());
    }

    private static Optional<Throwable> failure(Event event) {
        return switch (event) {
            case Moved _ -> Optional.empty();
            case Finished finished -> finished.refusal().map(Faults::of);
        };
    }
}
