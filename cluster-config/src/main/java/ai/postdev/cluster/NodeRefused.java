package ai.postdev.cluster;

/** The node cannot start, or an outcome that a person can mend: the message says what was found and what to do. */
public class NodeRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A refusal with its message for people. */
    public NodeRefused(String message) {
        super(message);
    }

    /** A refusal with its message for people and what led to it. */
    public NodeRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
