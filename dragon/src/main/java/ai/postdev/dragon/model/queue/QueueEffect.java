package ai.postdev.dragon.model.queue;

/**
 * What has to be done. Effects are carried out in their order, and before the queue is told of anything else; but if a slot is to
 * go, the queue is told so next, so that it gives it nothing more.
 */
public sealed interface QueueEffect {
    /**
     * The slot works on the request from its next step on.
     *
     * @param resumed it was begun before: it goes on from where it was, or again if its slot died
     * @param waitedMillis how long it waited for this
     */
    record Start(String id, String slot, boolean resumed, long waitedMillis) implements QueueEffect {}

    /** The slot puts the request aside after the running step, then says {@link QueueEvent.Preempted}. */
    record Preempt(String id, String slot) implements QueueEffect {}

    /** The slot gives the request up after the running step, then says {@link QueueEvent.Ended}. */
    record Stop(String id, String slot) implements QueueEffect {}

    /**
     * A slot loads the model: answered by {@link QueueEvent.LoadStarted} and {@link QueueEvent.SlotReady}, or by
     * {@link QueueEvent.LoadBlocked}, or by {@link QueueEvent.LoadFailed}.
     *
     * @param workClass of the most urgent request that waits for it
     */
    record Load(String model, WorkClass workClass) implements QueueEffect {}

    /** Nobody waits for the load any more; answered by {@link QueueEvent.LoadFailed}, or ready if it was too late. */
    record AbortLoad(String model) implements QueueEffect {}

    /**
     * The slot has nothing to do and makes room: answered by {@link QueueEvent.SlotGone}. If it is gone meanwhile there is
     * nothing to do.
     */
    record Unload(String slot) implements QueueEffect {}

    /** The request is over, and its caller is told so. */
    record Finish(String id, Ending ending) implements QueueEffect {}

    /**
     * How a waiting request stands.
     *
     * @param ahead requests for the same model that are before it
     * @param waitMillis how long it will take until it is begun, estimated from what others took
     * @param loading its model is not loaded yet
     */
    record Announce(String id, int ahead, long waitMillis, boolean loading) implements QueueEffect {}
}
