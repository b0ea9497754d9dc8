package ai.postdev.developer.client;

import ai.postdev.actors.door.FaultCode;

/** A call that ended without an answer. The message says what was found, what was expected and what to do. */
public final class ClientFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final FaultCode code;

    /** A fault with its code. */
    public ClientFault(FaultCode code, String message) {
        super(message);
        this.code = code;
    }

    /** Why. */
    public FaultCode code() {
        return code;
    }
}
