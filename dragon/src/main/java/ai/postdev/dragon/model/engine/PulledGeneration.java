package ai.postdev.dragon.model.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * The end of an answer that its caller pulls. An engine's loop puts pieces in, at most so many ahead; all of it under the
 * loop's lock. Who cancels has the end at once: what the loop is just doing with the answer ends by itself, and brings nothing.
 */
final class PulledGeneration implements Generation {
    private record Ready(Piece piece, Usage usage) {}

    private final Lock lock;
    /** Of the loop's lock: something was put in, taken out or cancelled. */
    private final Condition changed;

    private final int aheadMax;
    private final Deque<Ready> ready = new ArrayDeque<>();
    /** Up to what was pulled. */
    private Usage pulled;

    private boolean cancelled;
    private boolean pulledEnd;
    private End end;
    private EngineFault fault;
    /** Breaks off the step that it takes part in. */
    private Runnable interrupt = () -> {};

    /**
     * @param lock of the loop
     * @param changed is told what happens here
     * @param aheadMax pieces that wait for the caller, before {@link #room} says no
     */
    PulledGeneration(Lock lock, Condition changed, int aheadMax, int promptTokens) {
        this.lock = lock;
        this.changed = changed;
        this.aheadMax = aheadMax;
        pulled = new Usage(promptTokens, 0, 0, 0, 0);
    }

    @Override
    public Step next() throws EngineFault {
        lock.lock();
        try {
            while (true) {
                if (!cancelled && !ready.isEmpty()) {
                    Ready first = ready.remove();
                    pulled = first.usage();
                    changed.signalAll();
                    return first.piece();
                }
                if (fault != null) {
                    throw fault;
                }
                if (end != null && ready.isEmpty()) {
                    pulledEnd = true;
                    return end;
                }
                if (cancelled) {
                    pulledEnd = true;
                    return new End(Finish.CANCELLED, pulled);
                }
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void cancel() {
        lock.lock();
        try {
            cancelled = true;
            interrupt.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!pulledEnd) {
                cancel();
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- for the loop, which holds the lock

    boolean cancelled() {
        return cancelled;
    }

    /** @param how a cancel breaks off what the loop does with it now */
    void interruptible(Runnable how) {
        interrupt = how;
    }

    /** Whether the loop may go on with it. */
    boolean room() {
        return ready.size() < aheadMax;
    }

    /** @param usage up to the end of this text */
    void put(String text, Usage usage) {
        ready.add(new Ready(new Piece(text), usage));
        changed.signalAll();
    }

    void end(End made) {
        end = made;
        changed.signalAll();
    }

    void fail(EngineFault made) {
        fault = made;
        changed.signalAll();
    }
}
