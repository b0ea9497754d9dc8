package ai.postdev.mlx;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thing on the native side. Freed once, on the native thread; one that was forgotten is freed with a warning. */
final class Handle {
    private static final Logger LOG = LoggerFactory.getLogger(Handle.class);
    private static final Cleaner CLEANER = Cleaner.create();
    private static final AtomicInteger LEAKS = new AtomicInteger();

    private final Body body;
    private final Cleaner.Cleanable cleanable;

    /** @param owner what is collected when nobody can reach this thing any more */
    Handle(Object owner, String kind, NativeThread thread, long id, LongConsumer free) {
        body = new Body(kind, thread, id, free);
        cleanable = CLEANER.register(owner, body);
    }

    /**
     * The native number.
     *
     * @throws MlxException when it is closed
     */
    long id() {
        if (body.closed.get()) {
            throw new MlxException("this " + body.kind + " is closed");
        }
        return body.id;
    }

    boolean closed() {
        return body.closed.get();
    }

    /** Frees it and waits until that is done; more calls do nothing. */
    void close() {
        if (body.closed.compareAndSet(false, true)) {
            body.thread.runUnlessClosed(() -> body.free.accept(body.id));
        }
        cleanable.clean();
    }

    /** How many things of this process were collected without having been closed. */
    static int leaks() {
        return LEAKS.get();
    }

    private static final class Body implements Runnable {
        private final String kind;
        private final NativeThread thread;
        private final long id;
        private final LongConsumer free;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Body(String kind, NativeThread thread, long id, LongConsumer free) {
            this.kind = kind;
            this.thread = thread;
            this.id = id;
            this.free = free;
        }

        @Override
        public void run() {
            if (closed.compareAndSet(false, true)) {
                LOG.warn("an MLX {} was never closed; its memory comes back only now. Close it when it is done", kind);
                thread.later(() -> free.accept(id));
                // Last, so that who sees the count finds the freeing in the queue.
                LEAKS.incrementAndGet();
            }
        }
    }
}
