package ai.postdev.actors.protocol;

import ai.postdev.v1.CancelPullAnswer;
import ai.postdev.v1.ModelProgress;
import ai.postdev.v1.ModelsAnswer;
import ai.postdev.v1.RemoveModelAnswer;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** The conversation with the catalogue of a node's models. Within one node. */
public interface ModelsProtocol {
    /** What the catalogue understands. Pulls and checks run a few at a time; so many more may wait. */
    sealed interface Command {}

    /** Asks what there is, what is on its way and what could be had; {@code name} empty: all. */
    record Models(String name, ActorRef<Reply<ModelsAnswer>> replyTo) implements Command {}

    /**
     * Brings a model here, or follows the pull that does. The pull goes on when nobody follows it any more.
     *
     * @param model known name or source
     * @param name that it shall get; empty: its own
     */
    record Pull(String model, String name, ActorRef<Event> replyTo) implements Command {}

    /** Ends the pull of a model for all who follow it. */
    record CancelPull(String name, ActorRef<Reply<CancelPullAnswer>> replyTo) implements Command {}

    /** Removes a model that is not in use. */
    record Remove(String name, ActorRef<Reply<RemoveModelAnswer>> replyTo) implements Command {}

    /** Computes the hashes of a model's files. */
    record Verify(String name, ActorRef<Event> replyTo) implements Command {}

    /** What becomes of a pull or a check. */
    sealed interface Event {}

    /** It has come so far; the last one holds the answer. */
    record Moved(ModelProgress progress) implements Event {}

    /** It is done, or was refused. */
    record Finished(Optional<Reply.Refused<Void>> refusal) implements Event {}
}
