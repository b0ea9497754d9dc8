package ai.postdev.dragon.lake.parallel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;

/** Parts of one answer, made by the thread that answers and by one other, so that a full pool slows it but never stops it. */
public final class SharedTasks {
    private SharedTasks() {}

    /**
     * Runs tasks, each once, and returns when none is left to begin: at most one of them still runs then, on the other
     * thread.
     *
     * @param others lends the other thread
     */
    public static <T> List<FutureTask<T>> run(List<Callable<T>> calls, Executor others) {
        List<FutureTask<T>> tasks = calls.stream().map(FutureTask::new).toList();
        try {
            if (tasks.size() > 1) {
                others.execute(() -> tasks.forEach(FutureTask::run));
            }
        } catch (RejectedExecutionException _) {
            // the pool is full or closing: this thread does it all
        }
        tasks.forEach(FutureTask::run);
        return tasks;
    }

    /**
     * Runs tasks and waits for their results, which come in the order of the tasks.
     *
     * @throws IllegalStateException if a task failed, or the thread was interrupted, which it still is then
     */
    public static <T> List<T> results(List<Callable<T>> calls, Executor others) {
        List<T> results = new ArrayList<>(calls.size());
        for (FutureTask<T> task : run(calls, others)) {
            try {
                results.add(task.get());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("stopped before the answer was made", e);
            } catch (ExecutionException e) {
                throw new IllegalStateException("a part of the answer could not be made", e.getCause());
            }
        }
        return results;
    }
}
