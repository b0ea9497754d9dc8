package ai.postdev.dragon.model.engine;

import ai.postdev.dragon.model.engine.EngineFault.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The loop that makes all answers of one model, in rounds: new answers join between two rounds, as many as the engine takes at a
 * time, and cancelled ones leave there. How an answer gets on in a round is the engine's. One thread; {@link #open},
 * {@link #begin} and {@link #close} on any.
 *
 * @param <A> an answer as the engine sees it
 */
abstract class AnswerLoop<A extends AnswerLoop.Answer> implements AutoCloseable {
    /** What the loop knows of an answer. */
    interface Answer {
        /** The end that its caller pulls. */
        PulledGeneration generation();
    }

    private final int sequences;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    /** Under the lock. */
    private final Deque<A> waiting = new ArrayDeque<>();
    /** What is to be done between two rounds. Under the lock. */
    private final Deque<FutureTask<?>> between = new ArrayDeque<>();
    /** Under the lock. */
    private boolean closed;
    /** The loop's own. */
    private final List<A> running = new ArrayList<>();

    /**
     * A loop that {@link #start} begins.
     *
     * @param name of its thread
     * @param sequences answers at a time
     */
    AnswerLoop(String name, int sequences) {
        this.sequences = sequences;
        thread = Thread.ofPlatform().daemon().name(name).unstarted(this::loop);
    }

    /** To be called once, when everything that rounds stand on is there. */
    final void start() {
        thread.start();
    }

    // ---- what an engine does; called by the loop

    /** Whether the next round has something to do for this answer; under the lock. */
    abstract boolean due(A answer);

    /** Has every answer get on that is {@link #due}; ends those that are over. */
    abstract void round(List<A> due);

    /** Nobody wants this one any more: ends the work on it. */
    abstract void leave(A answer);

    /** It failed: gives back what it holds. */
    abstract void drop(A answer);

    /** The loop has ended. */
    abstract void over();

    /** It has gone round once, whatever there was to do. */
    void turned() {}

    // ---- for callers

    /**
     * The end that a caller pulls of an answer that is to be begun.
     *
     * @param aheadMax pieces that may wait for the caller
     */
    final PulledGeneration open(int aheadMax, int promptTokens) {
        return new PulledGeneration(lock, changed, aheadMax, promptTokens);
    }

    /** @throws EngineFault if the model is closed */
    final void begin(A answer) throws EngineFault {
        lock.lock();
        try {
            if (closed) {
                throw new EngineFault(Kind.FAILED, "the model is closed");
            }
            waiting.add(answer);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has the loop do something between two rounds, when nothing is computed. Waits for it.
     *
     * @throws EngineFault if the model is closed, or the work failed
     */
    final <T> T between(Callable<T> work) throws EngineFault {
        FutureTask<T> task = new FutureTask<>(work);
        locked(() -> {
            if (closed) {
                task.cancel(false);
            } else {
                between.add(task);
                changed.signalAll();
            }
        });
        try {
            return task.get();
        } catch (CancellationException e) {
            throw new EngineFault(Kind.FAILED, "the model is closed", e);
        } catch (ExecutionException e) {
            throw new EngineFault(Kind.FAILED, "the loop of answers failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineFault(Kind.FAILED, "the wait for the loop of answers was interrupted", e);
        }
    }

    /** Ends what is under way with a fault. Waits for the round that is under way. */
    @Override
    public final void close() {
        locked(() -> {
            closed = true;
            changed.signalAll();
        });
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- the loop

    private void loop() {
        while (await()) {
            try {
                clear();
                doBetween();
                List<A> due = due();
                if (!due.isEmpty()) {
                    round(due);
                }
                turned();
            } catch (RuntimeException e) {
                failAll(running, new EngineFault(Kind.FAILED, "the loop of answers failed: " + e, e));
            }
        }
        EngineFault fault = new EngineFault(Kind.FAILED, "the model was closed");
        failAll(running, fault);
        locked(() -> {
            waiting.forEach(answer -> answer.generation().fail(fault));
            between.forEach(task -> task.cancel(false));
        });
        over();
    }

    /** Waits until there is something to do, and lets in who has waited for a place; answers whether it goes on. */
    private boolean await() {
        lock.lock();
        try {
            while (!closed) {
                waiting.removeIf(one -> one.generation().cancelled());
                while (running.size() < sequences && !waiting.isEmpty()) {
                    running.add(waiting.remove());
                }
                if (!between.isEmpty()
                        || running.stream().anyMatch(one -> one.generation().cancelled() || due(one))) {
                    return true;
                }
                changed.awaitUninterruptibly();
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Ends what was cancelled; its caller had the end when it cancelled. */
    private void clear() {
        List<A> gone = new ArrayList<>();
        locked(() ->
                running.stream().filter(one -> one.generation().cancelled()).forEach(gone::add));
        gone.forEach(this::left);
    }

    private void doBetween() {
        List<FutureTask<?>> tasks = new ArrayList<>();
        locked(() -> {
            tasks.addAll(between);
            between.clear();
        });
        tasks.forEach(FutureTask::run);
    }

    private void left(A answer) {
        running.remove(answer);
        leave(answer);
    }

    private List<A> due() {
        List<A> due = new ArrayList<>();
        locked(() -> running.stream().filter(this::due).forEach(due::add));
        return due;
    }

    private void failAll(Collection<A> answers, EngineFault fault) {
        List.copyOf(answers).forEach(answer -> fail(answer, fault));
    }

    // ---- for rounds

    /** Whether no answer is being made. */
    final boolean idle() {
        return running.isEmpty();
    }

    /** Whether a cancelled answer was ended, which is then no part of the round any more. */
    final boolean ended(A answer) {
        boolean[] gone = {false};
        locked(() -> gone[0] = answer.generation().cancelled());
        if (gone[0]) {
            left(answer);
        }
        return gone[0];
    }

    /** @param usage up to the end of this text; an empty text is not told */
    final void put(A answer, String text, Generation.Usage usage) {
        if (!text.isEmpty()) {
            locked(() -> answer.generation().put(text, usage));
        }
    }

    /** It ended by itself. */
    final void end(A answer, Generation.End end) {
        running.remove(answer);
        locked(() -> answer.generation().end(end));
    }

    final void fail(A answer, EngineFault fault) {
        running.remove(answer);
        drop(answer);
        locked(() -> answer.generation().fail(fault));
    }

    /** Does something that callers must not get between. */
    final void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }
}
