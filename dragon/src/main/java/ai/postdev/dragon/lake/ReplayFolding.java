package ai.postdev.dragon.lake;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Folds what is read from a journal into engines that do not look at each other, each in order and on one thread at a time,
 * while the next operations are read. What depends on an operation alone is done for many at once. A replay of a few
 * operations is folded by the thread that reads. Used by one thread; the engines are nobody else's until {@link #end}.
 */
public final class ReplayFolding implements AutoCloseable {
    /** Bytes of an operation beside its text or vector, about. */
    private static final int OPERATION_BYTES = 200;

    private final ReplaySettings settings;
    private final List<Lane> lanes;
    /** For each batch that was handed out: done when every store has it, in order. */
    private final Deque<CompletableFuture<Void>> ahead = new ArrayDeque<>();

    private List<Operation> batch = new ArrayList<>();
    private long batchBytes;
    private ExecutorService threads;

    /** Engines that take turns, in this order: the later ones may look at the ones before. */
    private static final class Lane {
        private final List<StoreEngine<?>> engines;
        private CompletableFuture<Void> done = CompletableFuture.completedFuture(null);

        Lane(List<StoreEngine<?>> engines) {
            this.engines = engines;
        }

        void apply(List<Operation> operations) {
            for (Operation operation : operations) {
                engines.forEach(engine -> engine.apply(operation));
            }
        }

        CompletableFuture<Void> next(List<Operation> operations, ExecutorService on) {
            if (engines.size() > 1) {
                done = done.thenRunAsync(() -> apply(operations), on);
            } else {
                done = CompletableFuture.supplyAsync(() -> engines.getFirst().prepare(operations), on)
                        .thenAcceptBothAsync(done, (fold, _) -> fold.run(), on);
            }
            return done;
        }
    }

    /** @param lanes engines, of which those in one list take turns operation by operation */
    public ReplayFolding(ReplaySettings settings, List<List<StoreEngine<?>>> lanes) {
        this.settings = settings;
        this.lanes = lanes.stream().map(Lane::new).toList();
    }

    /**
     * Takes the next operation; waits while too much is read and not folded in.
     *
     * @throws RuntimeException as an engine threw it
     */
    public void add(Operation operation) {
        batch.add(operation);
        batchBytes += bytes(operation);
        if (batch.size() >= settings.batchOperationsMax() || batchBytes >= settings.batchBytesMax()) {
            hand();
        }
    }

    private static long bytes(Operation operation) {
        return OPERATION_BYTES
                + switch (operation.body()) {
                    case Body.AppendEvent event -> (long) event.text().length() * Character.BYTES;
                    case Body.PutEmbedding put -> (long) put.vector().length * Float.BYTES;
                    case Body.DropEvents drop -> (long) drop.sequences().size() * Long.BYTES;
                    case Body.PutDocument _,
                            Body.RemoveDocument _,
                            Body.PutNode _,
                            Body.RemoveNode _,
                            Body.PutEdge _,
                            Body.RemoveEdge _,
                            Body.SetSetting _,
                            Body.PinEvent _ -> 0L;
                };
    }

    private void hand() {
        List<Operation> operations = batch;
        batch = new ArrayList<>();
        batchBytes = 0;
        if (settings.threads() == 0) {
            lanes.forEach(lane -> lane.apply(operations));
            return;
        }
        if (threads == null) {
            threads = Executors.newFixedThreadPool(
                    settings.threads(),
                    Thread.ofPlatform().daemon().name("replay-", 0).factory());
        }
        if (ahead.size() == settings.batchesMax()) {
            await(ahead.removeFirst());
        }
        ahead.addLast(CompletableFuture.allOf(
                lanes.stream().map(lane -> lane.next(operations, threads)).toArray(CompletableFuture[]::new)));
    }

    /** Fails as the engine did that could not fold something. */
    private static void await(CompletableFuture<Void> folded) {
        try {
            folded.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /**
     * Folds in what is left and waits until all of it is: from then on the engines are the caller's.
     *
     * @throws RuntimeException as an engine threw it
     */
    public void end() {
        if (threads == null) {
            lanes.forEach(lane -> lane.apply(batch));
            batch = new ArrayList<>();
            return;
        }
        hand();
        while (!ahead.isEmpty()) {
            await(ahead.removeFirst());
        }
    }

    /** Waits until nothing is folded any more, whether it was all or not. */
    @Override
    public void close() {
        if (threads != null) {
            threads.close();
        }
    }
}
