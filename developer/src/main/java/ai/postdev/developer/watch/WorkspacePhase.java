package ai.postdev.developer.watch;

/** Where a {@link Workspace} stands. */
enum WorkspacePhase {
    OPENING("scanning", "scanning"),
    COMPARING("scanning", "scanning"),
    READING("scanning", "reading"),
    WATCHING("watching", "searchable"),
    MISSING("missing", "failed"),
    FAILED("failed", "failed");

    /** In {@code status}. */
    private final String state;
    /** In the progress of {@code up}. */
    private final String shown;

    WorkspacePhase(String state, String shown) {
        this.state = state;
        this.shown = shown;
    }

    String state() {
        return state;
    }

    String shown() {
        return shown;
    }

    /** Whether nothing more is to come of {@code up}: searchable or failed. */
    boolean isOutcome() {
        return this == WATCHING || this == MISSING || this == FAILED;
    }

    /** Whether what the lake holds is known. */
    boolean isCompared() {
        return this == READING || this == WATCHING;
    }

    /** Whether there is no folder to work on. */
    boolean isClosed() {
        return this == OPENING || this == MISSING || this == FAILED;
    }
}
