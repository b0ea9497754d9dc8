package ai.postdev.dragon.model.fallback;

/** Why a model did not answer. */
public enum ErrorClass {
    /** It is not installed here, or its file is damaged. */
    NOT_AVAILABLE("not-available", true),
    /** It does not fit into memory. */
    NO_MEMORY("no-memory", true),
    /** The queue refused the request, or it waited for too long. */
    OVERLOADED("overloaded", true),
    /** Its worker died. */
    DIED("died", true),
    /** It answered nonsense: numbers that are none, no end. */
    BROKEN("broken", true),
    /** The request is longer than the model can take; only one that takes more helps. */
    CONTEXT("context", true),
    /** The request is wrong: no model would answer it. */
    BAD_REQUEST("bad-request", false),
    /** Nobody wants the answer any more. */
    NOT_WANTED("not-wanted", false);

    private final String id;
    private final boolean anotherMayHelp;

    ErrorClass(String id, boolean anotherMayHelp) {
        this.id = id;
        this.anotherMayHelp = anotherMayHelp;
    }

    /** The name in settings and answers. */
    public String id() {
        return id;
    }

    /** Whether another model may answer what this one did not. */
    public boolean anotherMayHelp() {
        return anotherMayHelp;
    }
}
