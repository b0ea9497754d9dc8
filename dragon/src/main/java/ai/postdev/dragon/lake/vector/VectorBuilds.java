package ai.postdev.dragon.lake.vector;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The one thread of the process that partitions vectors and checks samples of the answers, one thing after the other:
 * more at once would take the cores from those who wait for an answer. It goes away when there is nothing to do.
 */
final class VectorBuilds {
    static final Executor EXECUTOR = executor();
    private static final int IDLE_SECONDS = 10;

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
