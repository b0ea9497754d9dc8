package ai.postdev.dragon.model.queue;

/** What the queue knows of a request that waits, runs, or still has a sequence. */
final class Entry {
    enum State {
        WAITING,
        RUNNING,
        /** Was asked to make room for a more urgent one. */
        PREEMPTING,
        /** Is over, but still has its sequence. */
        STOPPING
    }

    final Request request;
    /** In which it came. */
    final long order;

    final long submittedAt;
    State state = State.WAITING;
    long waitingSince;
    long startedAt;
    boolean begun;
    boolean spoke;
    int retries;
    int toldAhead = -1;
    long toldWait = -1;

    Entry(Request request, long order, long now) {
        this.request = request;
        this.order = order;
        this.submittedAt = now;
        this.waitingSince = now;
    }

    WorkClass workClass() {
        return request.workClass();
    }
}
