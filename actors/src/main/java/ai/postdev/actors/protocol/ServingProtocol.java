package ai.postdev.actors.protocol;

import ai.postdev.v1.GenerateFinished;
import ai.postdev.v1.GenerateRequest;
import java.util.List;
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

    /** Has a model unloaded as soon as it has nothing to do. */
    record Unload(String model) implements Command {}

    /** Asks how the models stand. */
    record Look(ActorRef<Figures> replyTo) implements Command {}

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

    /** It is answered. */
    record Finished(GenerateFinished end) implements Event {}

    /**
     * It is not answered, or not to its end.
     *
     * @param message what was found, what was expected and what to do
     * @param retryAfterSeconds when to try again; 0: that will not help
     */
    record Failed(Reply.Reason reason, String message, long retryAfterSeconds) implements Event {}

    /** How the models stand. */
    record Figures(List<Slot> slots, int waiting, int running) {
        public Figures {
            slots = List.copyOf(slots);
        }
    }

    /**
     * A model in memory, or on its way there or out of it.
     *
     * @param state loading, ready or draining
     * @param pid of its process
     * @param residentBytes of that; 0: not known
     * @param running requests that it works on
     * @param answered requests since it was loaded
     * @param idleMillis since it had work
     */
    record Slot(
            String model,
            String engine,
            String state,
            long pid,
            long residentBytes,
            int context,
            int sequences,
            int running,
            long answered,
            long idleMillis) {}
}
