package ai.postdev.dragon.lake;

import ai.postdev.actors.protocol.Reply;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that answer reads of every lake of a node, over immutable views. Both the threads and the waiting reads
 * are bounded; a read beyond the bound is refused. Safe on any thread.
 */
public final class ReadPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReadPool.class);

    private final ThreadPoolExecutor threads;
    private final int pendingMax;
    private final LongAdder refused = new LongAdder();

    /** A pool of {@code readThreads} threads. */
    public ReadPool(LakeSettings settings) {
        AtomicLong count = new AtomicLong();
        this.pendingMax = settings.readsPendingMax();
        this.threads = new ThreadPoolExecutor(
                settings.readThreads(),
                settings.readThreads(),
                60,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(pendingMax),
                task -> {
                    Thread thread = new Thread(task, "lake-read-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Runs {@code read} on a thread of the pool and tells the answer; a failure becomes a refusal that names it. */
    public <T> void answer(ActorRef<Reply<T>> replyTo, Supplier<Reply<T>> read) {
        try {
            threads.execute(() -> replyTo.tell(guarded(read)));
        } catch (RejectedExecutionException e) {
            refused.increment();
            replyTo.tell(new Reply.Refused<>(
                    Reply.Reason.OVERLOADED,
                    pendingMax + " reads are already waiting (postdevai.lake.reads-pending-max); try again shortly"));
        }
    }

    /** How many reads wait for a thread. */
    public QueueFigures figures() {
        return new QueueFigures("reads", threads.getQueue().size(), pendingMax, refused.sum());
    }

    private static <T> Reply<T> guarded(Supplier<Reply<T>> read) {
        try {
            return read.get();
        } catch (IllegalArgumentException e) {
            return new Reply.Refused<>(Reply.Reason.INVALID, e.getMessage());
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("a read failed", e);
            return new Reply.Refused<>(Reply.Reason.FAILED, "the read failed: " + e + "; the node's log has the trace");
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
