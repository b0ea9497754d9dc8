package ai.postdev.actors.door;

/** Why a call failed, as every door says it. The numbers are those of gRPC statuses and travel in frames. */
public enum FaultCode {
    /** It did not fail. */
    OK(0),
    /** The caller went away. */
    CANCELLED(1),
    /** Nobody knows. */
    UNKNOWN(2),
    /** The request can never be right. */
    INVALID_ARGUMENT(3),
    /** The time that the caller gave was not enough. */
    DEADLINE_EXCEEDED(4),
    /** What was asked for does not exist. */
    NOT_FOUND(5),
    /** The caller may not do this. */
    PERMISSION_DENIED(7),
    /** A named bound is reached; try later. */
    RESOURCE_EXHAUSTED(8),
    /** The state of the node, the disk or the data forbids it. */
    FAILED_PRECONDITION(9),
    /** This node does not know the call. */
    UNIMPLEMENTED(12),
    /** The work was tried and failed. */
    INTERNAL(13),
    /** Nobody can serve this now. */
    UNAVAILABLE(14),
    /** The caller did not prove who it is. */
    UNAUTHENTICATED(16);

    private final int number;

    FaultCode(int number) {
        this.number = number;
    }

    /** The number on the wire. */
    public int number() {
        return number;
    }

    /** The code with this number; {@link #UNKNOWN} for a number that this version does not know. */
    public static FaultCode ofNumber(int number) {
        for (FaultCode code : values()) {
            if (code.number == number) {
                return code;
            }
        }
        return UNKNOWN;
    }
}
