package ai.postdev.dragon.model;

import ai.postdev.dragon.model.Embedder.EmbedFailed;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** What many use at a time and one closes: a close waits for those who use it, and after it nobody does. Any thread. */
public final class UntilClosed {
    /** A use. */
    public interface Use<T, E extends Exception> {
        /** Answers what it is for. */
        T use() throws E;
    }

    /** What gives everything back. */
    public interface Closing<E extends Exception> {
        /** Called once. */
        void close() throws E;
    }

    private final ReadWriteLock open = new ReentrantReadWriteLock();
    private boolean closed;

    /** @throws EmbedFailed if it is closed */
    public <T, E extends Exception> T use(Use<T, E> use) throws E {
        Lock reading = open.readLock();
        reading.lock();
        try {
            if (closed) {
                throw new EmbedFailed("the embedder is closed", null);
            }
            return use.use();
        } finally {
            reading.unlock();
        }
    }

    /** Waits for uses, then closes; more calls do nothing. */
    public <E extends Exception> void close(Closing<E> closing) throws E {
        Lock writing = open.writeLock();
        writing.lock();
        try {
            if (!closed) {
                closed = true;
                closing.close();
            }
        } finally {
            writing.unlock();
        }
    }
}
