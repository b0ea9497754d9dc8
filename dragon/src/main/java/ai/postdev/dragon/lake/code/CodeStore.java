package ai.postdev.dragon.lake.code;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.Store;
import ai.postdev.dragon.lake.syntax.Syntax;
import ai.postdev.dragon.lake.syntax.SyntaxSource;
import ai.postdev.dragon.model.QueryGate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The code store: the one writer of a {@link CodeEngine} and of the indexes that listen to it. Runs on the stores' own
 * dispatcher, where files may be read and written; the parser works behind it on threads of its own.
 */
public final class CodeStore extends AbstractBehavior<CodeStore.Command> {
    /** The name in logs and answers. */
    public static final String NAME = "code";

    /** Long enough after a start for the first answers. */
    static final Duration PREPARE_AFTER = Duration.ofSeconds(3);

    /** Contents whose symbols are read back at once: fewer take no time that a first answer would miss. */
    private static final int SYMBOLS_AT_ONCE = 500;

    /** While listeners do what they put off for a first reading. */
    private static final Duration SETTLE_EVERY = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(CodeStore.class);

    /** What the store understands. */
    public sealed interface Command {}

    /**
     * Folds operations in.
     *
     * @param blobs texts that the operations put and that need not be read back
     */
    public record Apply(
            List<Operation> operations, List<LakeProtocol.Blob> blobs, ActorRef<Store.Applied<CodeView>> replyTo)
            implements Command {}

    /** As {@link Store.Snapshot}. */
    public record Snapshot(CompletionStage<Path> file, Executor on, ActorRef<Reply<Long>> replyTo) implements Command {}

    /** What the parser found. */
    public record SyntaxFound(List<Found> found) implements Command {
        public SyntaxFound {
            found = List.copyOf(found);
        }
    }

    /** How far the listeners have been told what was there when the store started. */
    public record ListenersState(ActorRef<Untold> replyTo) implements Command {}

    /** Hands contents without syntax to the indexer. */
    record TakeUnparsed(int limit, ActorRef<SyntaxIndexer.Command> replyTo) implements Command {}

    /** Hands work to the indexer for exact search. */
    record TakeIndexWork(ActorRef<GramIndexer.Command> replyTo) implements Command {}

    /** Such work is done. */
    record Indexed(IndexWork.Done done) implements Command {}

    /** Such work failed. */
    record IndexFailed(IndexWork work) implements Command {}

    private enum TellListeners implements Command {
        INSTANCE
    }

    private enum Quiet implements Command {
        INSTANCE
    }

    private enum Settle implements Command {
        INSTANCE
    }

    private enum PrepareDue implements Command {
        INSTANCE
    }

    private enum ShowDue implements Command {
        INSTANCE
    }

    /** The syntax of one text. */
    public record Found(CodeEngine.Unparsed of, Syntax syntax, List<ContentHash> chunkHashes) {}

    /** Documents that the listeners have not been told of yet; 0 when they know everything. */
    public record Untold(int documents) {}

    /** Operations that are folded in and not yet shown to readers. */
    private record Folded(Store.Applied<CodeView> applied, ActorRef<Store.Applied<CodeView>> replyTo) {}

    private final TimerScheduler<Command> timers;
    private final QueryGate gate;
    private final CodeEngine engine;
    private final Listeners listeners;
    private final ActorRef<SyntaxIndexer.Command> indexer;
    private final ActorRef<GramIndexer.Command> grams;
    /** Reads texts ahead; empty until that is due. */
    private Optional<Thread> warming = Optional.empty();

    private final Deque<Folded> folded = new ArrayDeque<>();
    private boolean foldedChanges;
    private final FirstReading reading = new FirstReading(System.nanoTime());
    private final AfterReading afterReading = new AfterReading();

    /**
     * A store that owns the engine made by {@code open}, with a snapshot read into it where there is one.
     *
     * @param listeners owned and closed by the store
     * @param source the parser
     * @param derived where the parser's results are kept
     * @param gate told while the parser is at work
     */
    public static Behavior<Command> create(
            CodeSettings settings,
            Supplier<CodeEngine> open,
            List<DocumentListener> listeners,
            SyntaxSource source,
            DerivedStore derived,
            QueryGate gate) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers ->
                new CodeStore(context, timers, settings, open.get(), List.copyOf(listeners), source, derived, gate)));
    }

    private CodeStore(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            CodeSettings settings,
            CodeEngine engine,
            List<DocumentListener> listeners,
            SyntaxSource source,
            DerivedStore derived,
            QueryGate gate) {
        super(context);
        this.timers = timers;
        this.gate = gate;
        this.engine = engine;
        this.indexer = context.spawn(
                SyntaxIndexer.create(context.getSelf(), settings, source, derived, gate),
                "syntax",
                DispatcherSelector.sameAsParent());
        this.grams =
                context.spawn(GramIndexer.create(context.getSelf(), gate), "grams", DispatcherSelector.sameAsParent());
        this.listeners = new Listeners(engine, listeners);
        tellMissedNext();
        if (engine.unparsed() > 0 && engine.unparsed() <= SYMBOLS_AT_ONCE) {
            indexer.tell(new SyntaxIndexer.Wake());
        }
        prepareLater();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onAnyMessage(this::onCommand)
                .onSignal(PostStop.class, _ -> onStopped())
                .onSignal(PreRestart.class, _ -> onStopped())
                .build();
    }

    private Behavior<Command> onCommand(Command command) {
        return switch (command) {
            case Apply apply -> onApply(apply);
            case Snapshot snapshot -> onSnapshot(snapshot);
            case SyntaxFound found -> onSyntaxFound(found);
            case ListenersState state -> onListenersState(state);
            case TakeUnparsed take -> onTakeUnparsed(take);
            case TakeIndexWork take -> onTakeIndexWork(take);
            case Indexed indexed -> onIndexed(indexed);
            case IndexFailed failed -> onIndexFailed(failed);
            case TellListeners _ -> onTellListeners();
            case ShowDue _ -> onShowDue();
            case Quiet _ -> onQuiet();
            case Settle _ -> onSettle();
            case PrepareDue _ -> onPrepareDue();
        };
    }

    private Behavior<Command> onApply(Apply apply) {
        Map<ContentHash, byte[]> fresh = new HashMap<>();
        apply.blobs().forEach(blob -> fresh.put(blob.hash(), blob.text()));
        long bytes = fresh.values().stream().mapToLong(text -> text.length).sum();
        if (reading.written(bytes, System.nanoTime())) {
            gate.aheadStarted();
        }
        // Indexing takes most of the time of a first reading. Until it is over what was read is looked through instead.
        Consumer<CodeEngine.Change> tell = bytes < FirstReading.BULK_BYTES ? listeners::tell : listeners::defer;
        boolean unparsedBefore = engine.hasUnparsed();
        boolean indexWorkBefore = engine.hasIndexWork();
        boolean changed = false;
        for (Operation operation : apply.operations()) {
            Optional<CodeEngine.Change> change = engine.fold(operation, fresh);
            change.ifPresent(tell);
            changed |= change.isPresent();
        }
        foldedChanges |= changed;
        if (folded.isEmpty()) {
            getContext().getSelf().tell(ShowDue.INSTANCE);
        }
        folded.add(new Folded(new Store.Applied<>(NAME, apply.operations().size(), engine.view()), apply.replyTo()));
        if (!unparsedBefore && engine.hasUnparsed()) {
            indexer.tell(new SyntaxIndexer.Wake());
        }
        if (!indexWorkBefore && engine.hasIndexWork()) {
            grams.tell(new GramIndexer.Wake());
        }
        return this;
    }

    /**
     * Shows what was folded in and answers for it. This waits behind the operations that had already arrived, so that a
     * first reading shows many batches by one refresh: each refresh of a ranked index costs as much as its smallest part.
     */
    private Behavior<Command> onShowDue() {
        if (foldedChanges) {
            listeners.refresh(engine.view().sequence());
            foldedChanges = false;
        }
        if (reading.shown(System.nanoTime())) {
            timers.startSingleTimer(Quiet.INSTANCE, Quiet.INSTANCE, FirstReading.QUIET_AFTER);
        }
        while (!folded.isEmpty()) {
            Folded next = folded.remove();
            next.replyTo().tell(next.applied());
        }
        return this;
    }

    private Behavior<Command> onQuiet() {
        endReading();
        afterReading.begins(System.nanoTime());
        tellMissedOrRest();
        return this;
    }

    /**
     * What makes later searches faster waits until the first ones are answered, which it would make slower, and until a
     * first reading is over, from which it would take the processors. So do the symbols of a large project after a start:
     * until then definitions are found by the forms of lines.
     */
    private Behavior<Command> onPrepareDue() {
        if (engine.hasUnparsed()) {
            indexer.tell(new SyntaxIndexer.Wake());
        }
        if (reading.isOn()) {
            prepareLater();
            return this;
        }
        warming = Optional.of(Thread.ofPlatform()
                .daemon()
                .name("code-warming")
                .uncaughtExceptionHandler(
                        (_, e) -> LOG.error("texts were not read ahead; they are read when needed", e))
                .start(engine.warming()));
        if (engine.hasIndexWork()) {
            grams.tell(new GramIndexer.Wake());
        }
        return this;
    }

    private void prepareLater() {
        timers.startSingleTimer(PrepareDue.INSTANCE, PrepareDue.INSTANCE, PREPARE_AFTER);
    }

    private void endReading() {
        if (reading.quiet()) {
            gate.aheadEnded();
        }
    }

    private Behavior<Command> onTellListeners() {
        if (reading.isOn()) {
            return this;
        }
        if (afterReading.mustWait(engine.hasUnparsed(), listeners.untoldBytes(), System.nanoTime())) {
            timers.startSingleTimer(TellListeners.INSTANCE, TellListeners.INSTANCE, AfterReading.PAUSE);
            return this;
        }
        listeners.tellMissed();
        tellMissedOrRest();
        return this;
    }

    private void tellMissedOrRest() {
        tellMissedNext();
        if (listeners.untold() == 0) {
            settle();
        }
    }

    private void settle() {
        if (listeners.quiet()) {
            timers.startSingleTimer(Settle.INSTANCE, Settle.INSTANCE, SETTLE_EVERY);
        }
    }

    private Behavior<Command> onSettle() {
        // If more has come meanwhile this comes again after it.
        if (!reading.isOn() && listeners.untold() == 0) {
            settle();
        }
        return this;
    }

    private void tellMissedNext() {
        if (listeners.untold() > 0) {
            getContext().getSelf().tell(TellListeners.INSTANCE);
        }
    }

    private Behavior<Command> onSnapshot(Snapshot snapshot) {
        Store.write(engine.freeze(), snapshot.file(), snapshot.on(), snapshot.replyTo());
        return this;
    }

    private Behavior<Command> onSyntaxFound(SyntaxFound message) {
        for (Found found : message.found()) {
            List<Document> documents = engine.attachSyntax(found.of(), found.syntax(), found.chunkHashes());
            documents.forEach(document -> listeners.syntaxFound(document, found.syntax()));
        }
        listeners.refresh(engine.view().sequence());
        return this;
    }

    private Behavior<Command> onListenersState(ListenersState state) {
        state.replyTo().tell(new Untold(listeners.untold()));
        return this;
    }

    private Behavior<Command> onTakeUnparsed(TakeUnparsed take) {
        if (reading.mustPause(System.nanoTime())) {
            getContext().scheduleOnce(FirstReading.PAUSE, getContext().getSelf(), take);
            return this;
        }
        take.replyTo().tell(new SyntaxIndexer.Work(engine.takeUnparsed(take.limit()), engine.view()));
        return this;
    }

    private Behavior<Command> onTakeIndexWork(TakeIndexWork take) {
        if (reading.mustPause(System.nanoTime())) {
            getContext().scheduleOnce(FirstReading.PAUSE, getContext().getSelf(), take);
            return this;
        }
        take.replyTo().tell(new GramIndexer.Given(engine.takeIndexWork(), engine.view()));
        return this;
    }

    private Behavior<Command> onIndexed(Indexed indexed) {
        engine.install(indexed.done());
        return this;
    }

    private Behavior<Command> onIndexFailed(IndexFailed failed) {
        engine.abandon(failed.work());
        return this;
    }

    private Behavior<Command> onStopped() {
        warming.ifPresent(Thread::interrupt);
        endReading();
        engine.close();
        listeners.each(DocumentListener::close);
        return this;
    }
}
