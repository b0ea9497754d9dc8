package ai.postdev.dragon.model.engine;

/** Why an engine did not do what it was asked for. */
public final class EngineFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** Sorts of faults, by who can do something about them. */
    public enum Kind {
        /** The file is no model that this engine can run. */
        BAD_MODEL,
        /** The prompt does not fit the context. */
        TOO_LONG,
        /** The request asks for what cannot be. */
        BAD_REQUEST,
        /** There is no memory for it. */
        NO_MEMORY,
        /** The engine failed. */
        FAILED
    }

    public EngineFault(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public EngineFault(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** The sort of fault. */
    public Kind kind() {
        return kind;
    }
}
