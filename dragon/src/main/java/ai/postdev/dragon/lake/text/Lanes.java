package ai.postdev.dragon.lake.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Indexing on several processors: tasks of one key run in the order in which they were put, tasks of different keys
 * beside each other. Each lane is one thread with a bounded queue; {@link #put} waits while that queue is full. Used by
 * one thread, the index's writer. With no lanes every task runs at once on the caller's thread.
 */
final class Lanes implements AutoCloseable {
    /** Tasks that may wait in one lane; each holds one text, which the batch it came with holds too. */
    static final int TASKS_MAX = 64;

    /** Indexes something. {@code entries} belongs to the lane: no other thread uses it. */
    interface Task {
        void run(IndexEntries entries) throws IOException;
    }

    private record Lane(BlockingQueue<Runnable> queue, IndexEntries entries, Thread thread) {}

    private final List<Lane> lanes = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final IndexEntries own = new IndexEntries();

    Lanes(int count) {
        for (int i = 0; i < count; i++) {
            BlockingQueue<Runnable> queue = new ArrayBlockingQueue<>(TASKS_MAX);
            // A virtual thread costs nothing while its project is quiet, and a node holds many projects.
            Thread thread = Thread.ofVirtual().name("text-lane-" + i).start(() -> work(queue));
            lanes.add(new Lane(queue, new IndexEntries(), thread));
        }
    }

    private static void work(BlockingQueue<Runnable> queue) {
        try {
            while (true) {
                queue.take().run();
            }
        } catch (InterruptedException e) {
            // the lanes were closed
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Has a task run after earlier ones of the same key.
     *
     * @throws UncheckedIOException if this or an earlier task failed; nothing more is indexed then
     */
    void put(String key, Task task) {
        if (lanes.isEmpty()) {
            run(task, own);
            rethrow();
            return;
        }
        Lane lane = lanes.get(Math.floorMod(key.hashCode(), lanes.size()));
        enqueue(lane, () -> run(task, lane.entries()));
    }

    /**
     * Waits until everything that was put is done, and after it on each lane, beside the others, {@code last}.
     *
     * @throws UncheckedIOException if a task failed
     */
    void drain(Task last) {
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (Lane lane : lanes) {
            CompletableFuture<Void> end = new CompletableFuture<>();
            enqueue(lane, () -> {
                run(last, lane.entries());
                end.complete(null);
            });
            ends.add(end);
        }
        try {
            ends.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            throw new IllegalStateException(e);
        }
        rethrow();
    }

    private static void enqueue(Lane lane, Runnable work) {
        try {
            lane.queue().put(work);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while indexing", e);
        }
    }

    private void run(Task task, IndexEntries entries) {
        if (failure.get() != null) {
            return;
        }
        try {
            task.run(entries);
        } catch (IOException | RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }

    private void rethrow() {
        switch (failure.get()) {
            case null -> {}
            case IOException e -> throw new UncheckedIOException("a text was not indexed: " + e.getMessage(), e);
            case Throwable e -> throw new IllegalStateException("a text was not indexed: " + e.getMessage(), e);
        }
    }

    /** Ends the lanes; what was put and is not done yet is not done. */
    @Override
    public void close() {
        lanes.forEach(lane -> lane.thread().interrupt());
    }
}
