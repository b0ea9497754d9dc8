package ai.postdev.dragon.lake.vector;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The one thread of the process that partitions vectors and checks samples of the answers, one thing after the other:
 * more at once would take the cores from those who wait for an answer. It goes away when there is nothing to do. It begins
 * a while after it was asked: a start of the node brings vectors and the first questions at the same moment, and until
 * there are partitions every vector is looked at, which is exact.
 */
final class VectorBuilds {
    private static final int IDLE_SECONDS = 10;
    private static final int BEGIN_AFTER_SECONDS = 5;

    /** Runs checks at once, or after a build. */
    static final Executor CHECKS = executor();

    static final Executor EXECUTOR = CompletableFuture.delayedExecutor(BEGIN_AFTER_SECONDS, TimeUnit.SECONDS, CHECKS);

    private VectorBuilds() {}

    private static Executor executor() {
        ThreadPoolExecutor one =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "vector-builds");
                    thread.setDaemon(true);
                    thread.setPriority(Thread.MIN_PRIORITY);
                    return thread;
                });
        one.allowCoreThreadTimeOut(true);
        return one;
    }
}
