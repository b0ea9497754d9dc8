package ai.postdev.app.cli;

import ai.postdev.actors.door.FaultCode;

/** Exit codes: a contract that scripts rest on. */
final class Exit {
    /** Done, or something was found. */
    static final int DONE = 0;
    /** Nothing was found. */
    static final int NOTHING = 1;
    /** The command line is wrong. */
    static final int USAGE = 2;
    /** No node is running here. */
    static final int NO_NODE = 3;
    /** Refused, with the reason. */
    static final int REFUSED = 4;
    /** Tried and failed. */
    static final int FAILED = 5;

    private Exit() {}

    static int of(FaultCode code) {
        return switch (code) {
            case OK -> DONE;
            case NOT_FOUND -> NOTHING;
            case INVALID_ARGUMENT -> USAGE;
            case UNAVAILABLE -> NO_NODE;
            case FAILED_PRECONDITION, RESOURCE_EXHAUSTED, PERMISSION_DENIED -> REFUSED;
            case CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAUTHENTICATED -> FAILED;
        };
    }
}
