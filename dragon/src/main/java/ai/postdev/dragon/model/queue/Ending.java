package ai.postdev.dragon.model.queue;

/** How a request ended. Every request ends exactly once. */
public sealed interface Ending {
    /** It was answered. */
    enum Done implements Ending {
        DONE
    }

    /** The model could not be loaded, or its slot ended after the answer had begun. @param reason for people */
    record Failed(String reason) implements Ending {}

    /**
     * It was never taken.
     *
     * @param reason which bound was met, and its setting
     * @param retryAfterSeconds when it is worth to try again, at least 1
     */
    record Refused(String reason, long retryAfterSeconds) implements Ending {}

    /** Its caller wants it no more. */
    enum Cancelled implements Ending {
        CANCELLED
    }

    /** Its deadline passed, or it waited as long as its class may. @param reason which of them */
    record Expired(String reason) implements Ending {}

    /** A later request of its caller took its place. @param by that one */
    record Superseded(String by) implements Ending {}
}
