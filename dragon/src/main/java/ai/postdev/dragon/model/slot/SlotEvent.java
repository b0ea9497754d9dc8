package ai.postdev.dragon.model.slot;

/** What happens to a slot. */
public sealed interface SlotEvent {
    /** The model is to be loaded. */
    record Load(String model) implements SlotEvent {}

    /** The worker has the model. */
    enum Loaded implements SlotEvent {
        LOADED
    }

    /**
     * The worker cannot load the model; it ends by itself.
     *
     * @param reason for people
     * @param lasting another try would fail alike: a corrupt file, an unknown architecture
     */
    record LoadFailed(String reason, boolean lasting) implements SlotEvent {}

    /** Nobody wants the load any more, or the slot has to make room. @param reason for people */
    record Drain(String reason) implements SlotEvent {}

    /** A request is given to the worker. */
    enum Began implements SlotEvent {
        BEGAN
    }

    /** The worker has one request less. @param well it was answered or stopped as asked, so the worker does its work */
    record Ended(boolean well) implements SlotEvent {}

    /** The worker said that it is alive. */
    enum Heartbeat implements SlotEvent {
        HEARTBEAT
    }

    /** The worker's process is gone, and all its memory. @param reason for people: its exit code, its last words */
    record WorkerGone(String reason) implements SlotEvent {}

    /** Something was done about a lasting failure: the model was pulled again, the settings changed, somebody insists. */
    enum Reset implements SlotEvent {
        RESET
    }

    /** Time passed: due at {@link SlotMachine#wakeAt}. */
    enum Tick implements SlotEvent {
        TICK
    }
}
