package ai.postdev.dragon.lake;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.AppendQueue.Batch;
import ai.postdev.dragon.lake.Store.Applied;
import ai.postdev.dragon.lake.code.CodeStore;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.history.HistoryView;
import ai.postdev.dragon.lake.metadata.MetadataView;
import ai.postdev.dragon.lake.text.TextIndex;
import ai.postdev.dragon.lake.vector.VectorView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The four stores of an open lake as their lake sees them: which store keeps which operations, and which batches all of
 * them show. Used by the lake's actor only.
 */
final class Stores {
    static final String CODE = "code";
    static final String VECTOR = "vector";
    static final String HISTORY = "history";
    static final String METADATA = "metadata";

    private static final Duration SNAPSHOT_TIMEOUT = Duration.ofMinutes(5);

    /** The stores, for counting who has shown what. */
    enum Kind {
        CODE,
        VECTOR,
        HISTORY,
        METADATA
    }

    /** One store shows one more batch. */
    sealed interface Shown {}

    private record CodeShown(CodeView view) implements Shown {}

    /** @param batches that it shows now and did not before; none if it took back what it had let go of */
    private record VectorShown(VectorView view, int batches) implements Shown {}

    /** @param batches that it shows now and did not before; none if it was folded anew */
    private record HistoryShown(HistoryView view, int batches) implements Shown {}

    private record MetadataShown(MetadataView view) implements Shown {}

    private final Snapshots snapshots;
    private final TextIndex text;
    private final ActorRef<CodeStore.Command> code;
    private final ActorRef<Store.Command<VectorView>> vector;
    private final ActorRef<Store.Command<HistoryView>> history;
    private final ActorRef<Store.Command<MetadataView>> metadata;
    private final ActorRef<Applied<CodeView>> codeApplied;
    private final ActorRef<Applied<VectorView>> vectorApplied;
    private final ActorRef<Applied<HistoryView>> historyApplied;
    private final ActorRef<Applied<MetadataView>> metadataApplied;

    /** For each store the last sequences of the batches sent and not yet shown, in order. */
    private final Map<Kind, List<Long>> outstanding = new EnumMap<>(Kind.class);

    /**
     * Spawns the stores of a lake as children of {@code context}'s actor. If one of them fails the lake fails with it,
     * and opens again from the journal.
     *
     * @param onShown is told, on the lake's thread, when a store shows one more batch
     */
    static <M> Stores spawn(ActorContext<M> context, LakeRoom room, ProjectId project, OpenLake lake, Wrap<M> onShown) {
        return new Stores(context, room, project, lake, onShown);
    }

    /** Turns what a store shows into the lake's own message. */
    interface Wrap<M> {
        M of(Shown shown);
    }

    private <M> Stores(ActorContext<M> context, LakeRoom room, ProjectId project, OpenLake lake, Wrap<M> onShown) {
        this.text = lake.text();
        this.snapshots = new Snapshots(room.folder(project));
        DispatcherSelector dispatcher = DispatcherSelector.fromConfig("postdevai.lake.store-dispatcher");
        code = context.spawn(room.codeStore(project, lake), CODE + "-store", dispatcher);
        vector = context.spawn(Store.create(VECTOR, lake::vector), VECTOR + "-store", dispatcher);
        history = context.spawn(Store.create(HISTORY, lake::history), HISTORY + "-store", dispatcher);
        metadata = context.spawn(Store.create(METADATA, lake::metadata), METADATA + "-store", dispatcher);
        List.of(code, vector, history, metadata).forEach(context::watch);
        // Adapters are found by the class of the message, and all four answers are of one class.
        ActorRef<Shown> shown = context.messageAdapter(Shown.class, onShown::of);
        codeApplied = context.spawn(told(applied -> shown.tell(new CodeShown(applied.view()))), "code-shown");
        vectorApplied = context.spawn(
                told(applied -> shown.tell(new VectorShown(applied.view(), applied.operations() == 0 ? 0 : 1))),
                "vector-shown");
        historyApplied = context.spawn(
                told(applied -> shown.tell(new HistoryShown(applied.view(), applied.operations() == 0 ? 0 : 1))),
                "history-shown");
        metadataApplied =
                context.spawn(told(applied -> shown.tell(new MetadataShown(applied.view()))), "metadata-shown");
        for (Kind kind : Kind.values()) {
            outstanding.put(kind, new ArrayList<>());
        }
    }

    /** Receives the answers of one store. */
    private static <V> Behavior<Applied<V>> told(Consumer<Applied<V>> consumer) {
        return Behaviors.receiveMessage(applied -> {
            consumer.accept(applied);
            return Behaviors.same();
        });
    }

    /** Which stores keep an operation. */
    private static Set<Kind> keepers(Body body) {
        return switch (body) {
            case Body.PutDocument _, Body.RemoveDocument _ -> EnumSet.of(Kind.CODE);
            case Body.AppendEvent _ -> EnumSet.of(Kind.HISTORY, Kind.METADATA);
            case Body.PutNode _, Body.RemoveNode _, Body.PutEdge _, Body.RemoveEdge _ -> EnumSet.of(Kind.METADATA);
            case Body.SetSetting setting ->
                setting.key().equals(LakeProtocol.EMBEDDING_MODEL)
                        ? EnumSet.of(Kind.METADATA, Kind.VECTOR)
                        : EnumSet.of(Kind.METADATA);
            case Body.PutEmbedding _ -> EnumSet.of(Kind.VECTOR);
            case Body.PinEvent _, Body.DropEvents _ -> EnumSet.of(Kind.HISTORY);
        };
    }

    /** Has the stores show a batch that is on disk; false if no store keeps any of it. */
    boolean show(Batch batch) {
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        batch.operations().forEach(operation -> kinds.addAll(keepers(operation.body())));
        for (Kind kind : kinds) {
            outstanding.get(kind).add(batch.lastSequence());
            switch (kind) {
                case CODE -> code.tell(new CodeStore.Apply(batch.operations(), batch.blobs(), codeApplied));
                case VECTOR -> vector.tell(new Store.Apply<>(batch.operations(), vectorApplied));
                case HISTORY -> history.tell(new Store.Apply<>(batch.operations(), historyApplied));
                case METADATA -> metadata.tell(new Store.Apply<>(batch.operations(), metadataApplied));
            }
        }
        return !kinds.isEmpty();
    }

    /**
     * Has the vector store take embeddings back that were read from the journal. Any thread.
     *
     * @param wanted how many embeddings documents lack in memory, these among them
     */
    void restore(List<Operation> operations, long wanted) {
        vector.tell(new Store.Restore<>(operations, wanted, vectorApplied));
    }

    /** Has the vector store give memory back until it holds at most so many bytes. Any thread. */
    void shrinkVectors(long bytes) {
        vector.tell(new Store.Shrink<>(bytes, vectorApplied));
    }

    /** Has the vector store keep embeddings in full that were read from the journal. Any thread. */
    void refine(List<Operation> operations) {
        vector.tell(new Store.Refine<>(operations, vectorApplied));
    }

    /** Has the history folded anew by {@code fold} on {@code on}. Any thread; see {@link Store.Renew}. */
    void renewHistory(Supplier<StoreEngine<HistoryView>> fold, Executor on, int behindMax) {
        history.tell(new Store.Renew<>(fold, on, behindMax, historyApplied));
    }

    /** Takes note of what a store shows; the views that readers get from now on. */
    Views take(Shown shown, Views views) {
        return switch (shown) {
            case CodeShown(CodeView view) -> {
                outstanding.get(Kind.CODE).removeFirst();
                yield views.withCode(view, text.current());
            }
            case VectorShown(VectorView view, int batches) -> {
                if (batches > 0) {
                    outstanding.get(Kind.VECTOR).removeFirst();
                }
                yield views.withVector(view);
            }
            case HistoryShown(HistoryView view, int batches) -> {
                if (batches > 0) {
                    outstanding.get(Kind.HISTORY).removeFirst();
                }
                yield views.withHistory(view);
            }
            case MetadataShown(MetadataView view) -> {
                outstanding.get(Kind.METADATA).removeFirst();
                yield views.withMetadata(view);
            }
        };
    }

    /**
     * These views with the ranked text as far as it is now. After a start it catches up with the journal by itself, which
     * no answer of a store tells; and it may run ahead of the code's view, which then decides what exists.
     */
    Views newest(Views views) {
        return views.withCode(views.code(), text.current());
    }

    /** Whether every store shows this batch. */
    boolean isShown(Batch batch) {
        return outstanding.values().stream()
                .allMatch(waiting -> waiting.isEmpty() || waiting.getFirst() > batch.lastSequence());
    }

    /**
     * Writes a snapshot of all four stores. Each notes what it holds after what it was sent before, so all reflect
     * {@code position}; the disk is waited for on other threads.
     */
    CompletionStage<Reply<Long>> save(ActorSystem<?> system, VersionVector position) {
        Executor patient = system.dispatchers().lookup(DispatcherSelector.fromConfig("postdevai.lake.open-dispatcher"));
        CompletableFuture<Path> folder = CompletableFuture.supplyAsync(this::begin, patient);
        CompletableFuture<Reply<Long>> all = CompletableFuture.completedFuture(new Reply.Answered<>(0L));
        List<CompletionStage<Reply<Long>>> files = List.of(
                AskPattern.ask(
                        code,
                        replyTo -> new CodeStore.Snapshot(folder.thenApply(at -> at.resolve(CODE)), patient, replyTo),
                        SNAPSHOT_TIMEOUT,
                        system.scheduler()),
                save(system, vector, folder.thenApply(at -> at.resolve(VECTOR)), patient),
                save(system, history, folder.thenApply(at -> at.resolve(HISTORY)), patient),
                save(system, metadata, folder.thenApply(at -> at.resolve(METADATA)), patient));
        for (CompletionStage<Reply<Long>> file : files) {
            all = all.thenCombine(file, Stores::sum);
        }
        return all.thenApplyAsync(
                outcome -> outcome instanceof Reply.Refused<Long> ? outcome : finish(folder.join(), position, outcome),
                patient);
    }

    private Path begin() {
        try {
            return snapshots.begin();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <V> CompletionStage<Reply<Long>> save(
            ActorSystem<?> system, ActorRef<Store.Command<V>> store, CompletionStage<Path> file, Executor patient) {
        return AskPattern.ask(
                store, replyTo -> new Store.Snapshot<>(file, patient, replyTo), SNAPSHOT_TIMEOUT, system.scheduler());
    }

    private static Reply<Long> sum(Reply<Long> left, Reply<Long> right) {
        if (left instanceof Reply.Answered<Long>(Long a) && right instanceof Reply.Answered<Long>(Long b)) {
            return new Reply.Answered<>(a + b);
        }
        return left instanceof Reply.Refused<Long> ? left : right;
    }

    private Reply<Long> finish(Path folder, VersionVector position, Reply<Long> outcome) {
        try {
            snapshots.finish(folder, position);
            return outcome;
        } catch (IOException e) {
            return new Reply.Refused<>(Reply.Reason.FAILED, e.toString());
        }
    }

    /** Ends the stores. */
    void stop(ActorContext<?> context) {
        List.of(code, vector, history, metadata).forEach(store -> {
            context.unwatch(store);
            context.stop(store);
        });
    }
}
