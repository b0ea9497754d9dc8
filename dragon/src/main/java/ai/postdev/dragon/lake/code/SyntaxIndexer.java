package ai.postdev.dragon.lake.code;

import ai.postdev.dragon.lake.code.CodeEngine.Unparsed;
import ai.postdev.dragon.lake.syntax.SyntaxSource;
import ai.postdev.dragon.model.QueryGate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Keeps the parser busy behind the code store: takes contents without syntax from the store, newest first and a few at
 * a time, and gives back what was found. Parsing runs on threads of its own. A parse that hangs costs its thread and
 * its text's symbols; one that ends the process is not tried for ever.
 */
public final class SyntaxIndexer extends AbstractBehavior<SyntaxIndexer.Command> {
    /** Contents asked for at once, for each thread: enough to be busy until the answer to the next question. */
    private static final int TAKEN_PER_THREAD = 8;
    /** Results told to the store at once. */
    private static final int FOUND_MAX = 64;

    /** How often late parses are looked for and results told while parses run; nothing ticks while none do. */
    private static final Duration TICK = Duration.ofMillis(200);

    /** What the indexer understands. */
    public sealed interface Command {}

    /** The store has contents without syntax. */
    record Wake() implements Command {}

    /** What the store handed out, with a view to read the texts from. */
    record Work(List<Unparsed> contents, CodeView view) implements Command {}

    /** A thread is done; {@code outcome} is empty if the text is gone. */
    private record Done(long job, Optional<SyntaxWork.Outcome> outcome) implements Command {}

    /** A thread failed in a way that is nobody's text's fault, such as a disk that cannot be written. */
    private record Failed(long job, Throwable cause) implements Command {}

    private enum Tick implements Command {
        INSTANCE
    }

    private record Queued(Unparsed unparsed, CodeView view) {}

    private record Running(Queued queued, ExecutorService thread, long sinceNanos) {}

    private final TimerScheduler<Command> timers;
    private final ActorRef<CodeStore.Command> store;
    private final CodeSettings settings;
    private final SyntaxWork work;
    private final QueryGate gate;
    private final Deque<ExecutorService> idle = new ArrayDeque<>();
    private final Map<Long, Running> running = new HashMap<>();
    private final Deque<Queued> queue = new ArrayDeque<>();
    private final List<CodeStore.Found> found = new ArrayList<>();
    private long jobs;
    private int lost;
    /** Whether a question to the store is under way; while it is, none is asked. */
    private boolean asked;
    /** Whether the store may have more than it last gave. */
    private boolean more;
    /** Whether the gate knows that there is work. */
    private boolean busy;

    static Behavior<Command> create(
            ActorRef<CodeStore.Command> store,
            CodeSettings settings,
            SyntaxSource source,
            DerivedStore derived,
            QueryGate gate) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new SyntaxIndexer(context, timers, store, settings, source, derived, gate)));
    }

    private SyntaxIndexer(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            ActorRef<CodeStore.Command> store,
            CodeSettings settings,
            SyntaxSource source,
            DerivedStore derived,
            QueryGate gate) {
        super(context);
        this.timers = timers;
        this.gate = gate;
        this.store = store;
        this.settings = settings;
        this.work = new SyntaxWork(source, derived, settings.parseAttemptsMax());
        for (int i = 0; i < settings.parseThreads(); i++) {
            idle.add(thread());
        }
    }

    private static ExecutorService thread() {
        return Executors.newSingleThreadExecutor(Thread.ofPlatform()
                .daemon()
                .name("syntax-", 0)
                .priority(Thread.MIN_PRIORITY)
                .factory());
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
            case Wake _ -> onWake();
            case Work given -> onWork(given);
            case Done done -> onDone(done);
            case Failed failed -> onFailed(failed);
            case Tick _ -> onTick();
        };
    }

    private Behavior<Command> onWake() {
        more = true;
        return advance();
    }

    private Behavior<Command> onWork(Work given) {
        asked = false;
        more = !given.contents().isEmpty();
        given.contents().forEach(unparsed -> queue.addLast(new Queued(unparsed, given.view())));
        return advance();
    }

    private Behavior<Command> onDone(Done done) {
        Running finished = running.remove(done.job());
        if (finished == null) {
            return this; // given up before; its thread is not used again
        }
        idle.addLast(finished.thread());
        done.outcome().ifPresent(outcome -> {
            Unparsed unparsed = finished.queued().unparsed();
            if (!outcome.problem().isEmpty()) {
                getContext()
                        .getLog()
                        .warn(
                                "text {} ({}) has no symbols: {}",
                                unparsed.hash(),
                                unparsed.language(),
                                outcome.problem());
            }
            add(unparsed, outcome);
        });
        return advance();
    }

    private Behavior<Command> onFailed(Failed failed) {
        Running finished = running.remove(failed.job());
        if (finished != null) {
            idle.addLast(finished.thread());
            getContext()
                    .getLog()
                    .error(
                            "syntax of text {} could not be worked out; it is tried again at the next start",
                            finished.queued().unparsed().hash(),
                            failed.cause());
        }
        return advance();
    }

    private Behavior<Command> onTick() {
        long limit = System.nanoTime() - settings.parseTimeout().toNanos();
        List<Long> late = running.entrySet().stream()
                .filter(entry -> entry.getValue().sinceNanos() - limit < 0)
                .map(Map.Entry::getKey)
                .toList();
        late.forEach(this::giveUp);
        tell();
        return advance();
    }

    /** Leaves the thread to its parse and gives the text a plain syntax on another one. */
    private void giveUp(long job) {
        Running hung = running.remove(job);
        hung.thread().shutdownNow();
        lost++;
        Unparsed unparsed = hung.queued().unparsed();
        getContext()
                .getLog()
                .error(
                        "parsing text {} ({}) took longer than {}; it has no symbols, and {} of {} threads are lost",
                        unparsed.hash(),
                        unparsed.language(),
                        settings.parseTimeout(),
                        lost,
                        settings.parseThreadsLostMax());
        ExecutorService replacement = thread();
        start(hung.queued(), replacement, true);
    }

    private Behavior<Command> advance() {
        boolean stopped = lost > settings.parseThreadsLostMax();
        while (!stopped && !idle.isEmpty() && !queue.isEmpty()) {
            start(queue.removeFirst(), idle.removeFirst(), false);
        }
        int wanted = settings.parseThreads() * TAKEN_PER_THREAD;
        if (!stopped && more && !asked && queue.size() <= wanted / 2) {
            asked = true;
            store.tell(new CodeStore.TakeUnparsed(wanted, getContext().getSelf()));
        }
        if (found.size() >= FOUND_MAX || running.isEmpty()) {
            tell();
        }
        if (!running.isEmpty() && !timers.isTimerActive(Tick.INSTANCE)) {
            timers.startSingleTimer(Tick.INSTANCE, TICK);
        }
        busy(!stopped && (more || !queue.isEmpty() || !running.isEmpty()));
        return this;
    }

    private void busy(boolean now) {
        if (now && !busy) {
            gate.aheadStarted();
        } else if (!now && busy) {
            gate.aheadEnded();
        }
        busy = now;
    }

    private void start(Queued queued, ExecutorService thread, boolean plain) {
        long job = ++jobs;
        running.put(job, new Running(queued, thread, System.nanoTime()));
        ActorRef<Command> self = getContext().getSelf();
        thread.execute(() -> {
            Command answer;
            try {
                answer = new Done(
                        job,
                        queued.view()
                                .text(queued.unparsed().hash())
                                .map(text -> plain ? SyntaxWork.withoutEnd(text) : work.run(queued.unparsed(), text)));
            } catch (RuntimeException | Error e) {
                answer = new Failed(job, e);
            }
            self.tell(answer);
        });
    }

    private void add(Unparsed of, SyntaxWork.Outcome outcome) {
        found.add(new CodeStore.Found(of, outcome.syntax(), outcome.chunkHashes()));
    }

    private void tell() {
        if (!found.isEmpty()) {
            store.tell(new CodeStore.SyntaxFound(List.copyOf(found)));
            found.clear();
        }
    }

    private Behavior<Command> onStopped() {
        idle.forEach(ExecutorService::shutdownNow);
        running.values().forEach(each -> each.thread().shutdownNow());
        busy(false);
        return this;
    }
}
