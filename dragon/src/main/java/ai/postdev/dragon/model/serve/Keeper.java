package ai.postdev.dragon.model.serve;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.model.queue.QueueEvent;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** What the parts of a keeper ask of it. On its thread. */
interface Keeper {
    /** Milliseconds of a clock that never goes back. */
    long now();

    /** The queue hears of it, after what it is to hear before. */
    void happen(QueueEvent event);

    /** The queue hears of it before anything else. */
    void happenNext(QueueEvent event);

    /** The queue hears that a load cannot be, with the reason that callers are told. */
    void cannotLoad(String model, Reply.Reason reason, String message);

    /** A model is looked up on another thread; the answer goes to {@link Loads#found}. */
    void find(String model);

    /** A worker is started; what it tells goes to {@link Slots#told} with this number. */
    ActorRef<ModelSlot.Command> spawn(String model, long worker, Loadable loadable);

    /** What a slot told of an answer, or that it is gone with all its answers. */
    void answering(Held slot, Optional<ModelSlot.Told> told);

    /** A slot closed or gave memory back, or may: loads that wait ask again. */
    void roomChanged();
}
