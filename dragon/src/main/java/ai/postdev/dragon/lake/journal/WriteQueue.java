package ai.postdev.dragon.lake.journal;

import java.util.concurrent.atomic.LongAdder;

/** How much waits for the disk: told by the {@link JournalWriter}, read on any thread. */
public final class WriteQueue {
    private final LongAdder refused = new LongAdder();
    private volatile long operations;
    private volatile long bytes;

    void waiting(long nowOperations, long nowBytes) {
        operations = nowOperations;
        bytes = nowBytes;
    }

    void refusedOne() {
        refused.increment();
    }

    /** Operations that wait. */
    public long operations() {
        return operations;
    }

    /** Bytes of operations and texts that wait. */
    public long bytes() {
        return bytes;
    }

    /** Writes that were refused because too much waited. */
    public long refused() {
        return refused.sum();
    }
}
