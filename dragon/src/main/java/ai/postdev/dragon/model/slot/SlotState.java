package ai.postdev.dragon.model.slot;

/** Where a slot stands. Times are milliseconds of its clock. */
public sealed interface SlotState {
    /** There is no worker, and no reason that there should not be one. */
    enum Empty implements SlotState {
        EMPTY
    }

    /** A worker loads the model. */
    record Loading(String model, long since) implements SlotState {}

    /** A worker has the model and takes requests. */
    record Ready(String model, long since) implements SlotState {}

    /**
     * The worker finishes what it has and takes nothing more, then ends.
     *
     * @param reason for people
     * @param stopping it has nothing left and was told to end
     */
    record Draining(String model, String reason, boolean stopping, long since) implements SlotState {}

    /**
     * The worker died, or could not load the model.
     *
     * @param reason for people
     * @param retryAt before, the model is not loaded again; {@link Long#MAX_VALUE}: not before something is done about it
     */
    record Failed(String model, String reason, long retryAt) implements SlotState {}

    /** The name in answers. */
    default String id() {
        return switch (this) {
            case Empty _ -> "empty";
            case Loading _ -> "loading";
            case Ready _ -> "ready";
            case Draining _ -> "draining";
            case Failed _ -> "failed";
        };
    }
}
