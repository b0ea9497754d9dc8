package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;

/** A call that ends without an answer, for a reason that the caller should read. */
public final class DoorFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final FaultCode code;

    /**
     * A fault.
     *
     * @param message what was found, what was expected, what to do
     */
    public DoorFault(FaultCode code, String message) {
        // No stack trace: this is an expected outcome, and a door may see thousands a second.
        super(message, null, false, false);
        this.code = code;
    }

    /** Why. */
    public FaultCode code() {
        return code;
    }
}
