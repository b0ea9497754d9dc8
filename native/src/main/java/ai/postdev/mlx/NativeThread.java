package ai.postdev.mlx;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/**
 * The one thread that talks to MLX, whose arrays belong to the thread that built them. Work waits in the order it came.
 */
final class NativeThread {
    private final ExecutorService executor = Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().daemon().name("mlx").unstarted(task));
    private volatile Thread self;

    NativeThread() {
        run(() -> self = Thread.currentThread());
    }

    /** Runs the work on the thread and waits for it, also when interrupted: native work cannot be left half done. */
    <T> T call(Callable<T> work) {
        if (Thread.currentThread() == self) {
            return direct(work);
        }
        Future<T> future;
        try {
            future = executor.submit(work);
        } catch (RejectedExecutionException e) {
            throw new MlxException("the MLX engine is closed", e);
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } catch (CancellationException e) {
            throw new MlxException("the MLX engine was closed before this work began", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** {@link #call} for work without an answer. */
    void run(Runnable work) {
        call(() -> {
            work.run();
            return null;
        });
    }

    /** {@link #run} for what is done already when the engine is closed, such as freeing something. */
    void runUnlessClosed(Runnable work) {
        if (!executor.isShutdown()) {
            run(work);
        }
    }

    /** Queues work that nobody waits for; after {@link #close} it is dropped, as the native side is closed too. */
    void later(Runnable work) {
        try {
            executor.execute(work);
        } catch (RejectedExecutionException e) {
            System.getLogger("ai.postdev.mlx").log(System.Logger.Level.DEBUG, "closed before the work began", e);
        }
    }

    void close() {
        executor.shutdown();
    }

    private static <T> T direct(Callable<T> work) {
        try {
            return work.call();
        } catch (Exception e) {
            throw rethrown(e);
        }
    }

    /** The native thread's own stack says little; the caller's is added. */
    private static RuntimeException rethrown(Throwable cause) {
        if (cause instanceof MlxException e) {
            e.addSuppressed(new IllegalStateException("the call came from here"));
            return e;
        }
        if (cause instanceof RuntimeException e) {
            return e;
        }
        if (cause instanceof Error e) {
            throw e;
        }
        return new MlxException(cause.toString(), cause);
    }
}
