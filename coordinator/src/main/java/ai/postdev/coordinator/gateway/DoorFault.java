package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;

/** A call that ends without an answer, for a reason that the caller should read. */
public final class DoorFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final FaultCode code;
    private final String field;

    /**
     * A fault.
     *
     * @param message what was found, what was expected, what to do
     */
    public DoorFault(FaultCode code, String message) {
        this(code, message, "");
    }

    /** @param field of the request that is wrong, such as {@code tools[1]}; empty: none, or not told apart */
    DoorFault(FaultCode code, String message, String field) {
        // No stack trace: this is an expected outcome, and a door may see thousands a second.
        super(message, null, false, false);
        this.code = code;
        this.field = field;
    }

    /** Why. */
    public FaultCode code() {
        return code;
    }

    /** The field of the request that is wrong; empty: none, or not told apart. */
    public String field() {
        return field;
    }
}
