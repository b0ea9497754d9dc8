package ai.postdev.dragon.model.queue;

/** How urgent a request is, the most urgent first. */
public enum WorkClass {
    /** A person waits for it. */
    INTERACTIVE("interactive"),
    /** A program waits for it, on behalf of a person who does something else. */
    AGENT("agent"),
    /** Nobody waits. */
    BATCH("batch");

    private final String id;

    WorkClass(String id) {
        this.id = id;
    }

    /** The name in settings and answers. */
    public String id() {
        return id;
    }

    /** Whether it is more urgent than {@code other}. */
    public boolean before(WorkClass other) {
        return compareTo(other) < 0;
    }
}
