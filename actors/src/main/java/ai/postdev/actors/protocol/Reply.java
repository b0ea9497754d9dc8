package ai.postdev.actors.protocol;

import ai.postdev.actors.wire.WireMessage;

/** The answer to a request: what was asked for, or why it was refused. Expected outcomes only; bugs are exceptions. */
public sealed interface Reply<T> extends WireMessage {
    /** The request was carried out. */
    record Answered<T>(T answer) implements Reply<T> {}

    /**
     * The request was not carried out, and asking again unchanged will not help unless the reason says so.
     *
     * @param message what was found, what was expected and what to do, for people
     */
    record Refused<T>(Reason reason, String message) implements Reply<T> {}

    /** Why a request was refused; each door maps these to its own codes in one place. */
    enum Reason {
        /** What was asked for does not exist. */
        NOT_FOUND,
        /** The request can never be right. */
        INVALID,
        /** A named bound is reached; try later. */
        OVERLOADED,
        /** The state of the node, the disk or the data forbids it. */
        PRECONDITION,
        /** Nobody can serve this now. */
        UNAVAILABLE,
        /** The work was tried and failed. */
        FAILED
    }
}
