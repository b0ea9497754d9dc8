package ai.postdev.actors.protocol;

import ai.postdev.v1.GenerateFinished;
import ai.postdev.v1.GenerateRequest;
import ai.postdev.v1.PinModelAnswer;
import ai.postdev.v1.ServedModel;
import ai.postdev.v1.ServingAnswer;
import ai.postdev.v1.UnloadModelAnswer;
import ai.postdev.v1.WhyModelAnswer;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** The conversation with the keeper of a node's language models. Within one node. */
public interface ServingProtocol {
    /** What the keeper understands. */
    sealed interface Command {}

    /**
     * Has an answer made.
     *
     * @param id of the request, unlike that of any other that is not over
     * @param caller who is to get no more than others
     * @param replyTo is told events in order; {@link Finished} or {@link Failed} is the last
     */
    record Generate(String id, String caller, GenerateRequest request, ActorRef<Event> replyTo) implements Command {}

    /** Nobody wants the answer any more; nothing more is told of it. */
    record Cancel(String id) implements Command {}

    /**
     * Has a model loaded; answered when it is, or cannot be.
     *
     * @param ttl idle for so long it is unloaded; empty: as the settings say
     */
    record Load(String model, Optional<Duration> ttl, ActorRef<Reply<ServedModel>> replyTo) implements Command {}

    /** Has a model unloaded as soon as it has nothing to do; answered when it is gone. */
    record Unload(String model, ActorRef<Reply<UnloadModelAnswer>> replyTo) implements Command {}

    /** Has a model stay in memory, or no longer; one that is not loaded is pinned when it is. */
    record Pin(String model, boolean pinned, ActorRef<Reply<PinModelAnswer>> replyTo) implements Command {}

    /** Asks why a model runs as it does; {@code model} empty: the default. */
    record Why(String model, ActorRef<Reply<WhyModelAnswer>> replyTo) implements Command {}

    /** Asks how the models stand. */
    record Look(ActorRef<ServingAnswer> replyTo) implements Command {}

    /** What becomes of a request. */
    sealed interface Event {}

    /**
     * It waits.
     *
     * @param ahead requests for the same model before it
     * @param waitMillis estimate
     * @param loading the model is being read into memory
     */
    record Waiting(int ahead, long waitMillis, boolean loading) implements Event {}

    /** A model works on it now. */
    record Begun(String model, String engine, long waitedMillis) implements Event {}

    /** More of the answer. */
    record Text(String text) implements Event {}

    /**
     * The answer broke off and another model begins anew: the text so far is void. Only for who allowed it.
     *
     * @param from the model whose answer broke off
     */
    record Restarted(String from, String reason) implements Event {}

    /** It is answered. */
    record Finished(GenerateFinished end) implements Event {}

    /**
     * It is not answered, or not to its end.
     *
     * @param message what was found, what was expected and what to do
     * @param retryAfterSeconds when to try again; 0: that will not help
     */
    record Failed(Reply.Reason reason, String message, long retryAfterSeconds) implements Event {}
}
