package ai.postdev.dragon.model;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets background work step aside while a person waits for an answer. Queries enter and leave; background threads wait
 * before each small piece of work, but not for ever. Any thread.
 */
public final class QueryGate {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private int queries;
    private int ahead;

    /** A query that runs; closing it says that it is done. */
    public interface Query extends AutoCloseable {
        @Override
        void close();
    }

    /** Says that a query begins; for {@code try (var query = gate.enter())}. */
    public Query enter() {
        started();
        return this::ended;
    }

    /** Says that a query begins. */
    public void started() {
        lock.lock();
        try {
            queries++;
        } finally {
            lock.unlock();
        }
    }

    /** Says that a query is done. */
    public void ended() {
        lock.lock();
        try {
            queries = Math.max(0, queries - 1);
            if (queries == 0) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Says that work begins which a person misses more than embeddings: symbols. */
    public void aheadStarted() {
        lock.lock();
        try {
            ahead++;
        } finally {
            lock.unlock();
        }
    }

    /** Says that such work is done. */
    public void aheadEnded() {
        lock.lock();
        try {
            ahead = Math.max(0, ahead - 1);
        } finally {
            lock.unlock();
        }
    }

    /** Whether work is under way that goes before embedding. */
    public boolean isWorkAhead() {
        lock.lock();
        try {
            return ahead > 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until no query runs, or {@code most} has passed: a query that never ends must not stop the work.
     *
     * @return whether no query ran at the end
     */
    public boolean awaitIdle(Duration most) throws InterruptedException {
        long left = most.toNanos();
        lock.lockInterruptibly();
        try {
            while (queries > 0 && left > 0) {
                left = idle.awaitNanos(left);
            }
            return queries == 0;
        } finally {
            lock.unlock();
        }
    }
}
