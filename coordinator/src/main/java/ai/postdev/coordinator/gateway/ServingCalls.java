package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.ServingProtocol;
import ai.postdev.v1.LoadModelRequest;
import ai.postdev.v1.PinModelAnswer;
import ai.postdev.v1.PinModelRequest;
import ai.postdev.v1.ServedModel;
import ai.postdev.v1.ServingAnswer;
import ai.postdev.v1.UnloadModelAnswer;
import ai.postdev.v1.UnloadModelRequest;
import ai.postdev.v1.WhyModelAnswer;
import ai.postdev.v1.WhyModelRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** The models in memory: how they stand, and what is done with them by hand. */
final class ServingCalls {
    /** Beyond it a wish to unload an idle model says nothing. */
    private static final double TTL_SECONDS_MAX = 366.0 * 24 * 3_600;

    private final Caller caller;

    ServingCalls(Caller caller) {
        this.caller = caller;
    }

    CompletionStage<ServingAnswer> serving(Duration patience) {
        return AskPattern.ask(
                caller.parts().serving(),
                ServingProtocol.Look::new,
                patience,
                caller.parts().system().scheduler());
    }

    CompletionStage<ServedModel> load(LoadModelRequest request) {
        String name = Caller.model("load", request.getName());
        double seconds = request.getTtlSeconds();
        if (!(seconds >= 0 && seconds <= TTL_SECONDS_MAX)) {
            throw new DoorFault(
                    FaultCode.INVALID_ARGUMENT,
                    "ttl_seconds is " + seconds + ", expected 0 (as the settings say) to " + (long) TTL_SECONDS_MAX);
        }
        Optional<Duration> ttl =
                seconds == 0 ? Optional.empty() : Optional.of(Duration.ofMillis((long) (seconds * 1_000)));
        return ask(replyTo -> new ServingProtocol.Load(name, ttl, replyTo));
    }

    CompletionStage<UnloadModelAnswer> unload(UnloadModelRequest request) {
        String name = Caller.model("unload", request.getName());
        return ask(replyTo -> new ServingProtocol.Unload(name, replyTo));
    }

    CompletionStage<PinModelAnswer> pin(PinModelRequest request) {
        String name = Caller.model("pin", request.getName());
        return ask(replyTo -> new ServingProtocol.Pin(name, !request.getUnpin(), replyTo));
    }

    CompletionStage<WhyModelAnswer> why(WhyModelRequest request) {
        return ask(replyTo -> new ServingProtocol.Why(request.getName().strip(), replyTo));
    }

    private <T> CompletionStage<T> ask(Function<ActorRef<Reply<T>>, ServingProtocol.Command> command) {
        return caller.ask(caller.parts().serving(), command);
    }
}
