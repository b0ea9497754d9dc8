package ai.postdev.dragon.model.slot;

/** What has to be done for a slot. */
public sealed interface SlotEffect {
    /** A worker process is started and loads the model. */
    record StartWorker(String model) implements SlotEffect {}

    /** The worker is told to end; it has nothing left to do, or only a load. */
    enum StopWorker implements SlotEffect {
        STOP_WORKER
    }

    /** The worker's process is killed: it does not do what it should. @param reason for the log */
    record KillWorker(String reason) implements SlotEffect {}

    /** The slot takes requests now. @param loadMillis what the load took */
    record Opened(String model, long loadMillis) implements SlotEffect {}

    /**
     * The worker is gone; requests that it had are answered or begun again by the queue.
     *
     * @param reason for people
     * @param intended the slot is empty; else it failed
     */
    record Closed(String model, String reason, boolean intended) implements SlotEffect {}

    /**
     * The model is not loaded now.
     *
     * @param reason for people
     * @param retryAt when it may be; {@link Long#MAX_VALUE}: not before something is done about it
     */
    record Rejected(String model, String reason, long retryAt) implements SlotEffect {}
}
