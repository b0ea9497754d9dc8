package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import ai.postdev.actors.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
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

/**
 * Writes to the journal for every lake of the node. While one commit runs on the journal's own thread, further writes
 * gather; they then go in one commit with one sync. Writes of one sender are stored in the order they were sent. It does
 * not own the journal: whoever opened it closes it, after this actor has stopped.
 */
public final class JournalWriter extends AbstractBehavior<JournalWriter.Command> {
    /** The dispatcher whose one thread waits for the disk. */
    public static final String DISPATCHER = "postdevai.lake.journal-dispatcher";

    /** What the writer understands. */
    public sealed interface Command {}

    /**
     * Stores operations and texts, whole or not at all.
     *
     * @param before for texts that take the place of others, which
     * @param durability the least that is asked for; a commit is as durable as its most demanding write
     */
    public record Write(
            List<Operation> operations,
            List<Blob> blobs,
            Map<ContentHash, ContentHash> before,
            Durability durability,
            ActorRef<Reply<Written>> replyTo)
            implements Command {
        public Write {
            operations = List.copyOf(operations);
            blobs = List.copyOf(blobs);
            before = Map.copyOf(before);
        }
    }

    /** Removes a project for good; writes sent before it are stored first, writes sent after it wait. */
    public record Forget(ProjectId project, ActorRef<Reply<Forgot>> replyTo) implements Command {}

    /** Answers everything that waits, then ends. */
    public enum Stop implements Command {
        INSTANCE
    }

    private record Done(List<Write> group, List<JournalWrite.Outcome> outcomes) implements Command {}

    private record Forgotten(Forget asked, Reply<Forgot> reply) implements Command {}

    /**
     * Stored as durably as was asked for.
     *
     * @param operations new to the journal; fewer than sent when some were stored before
     */
    public record Written(int operations) {}

    private final Journal journal;
    private final JournalSettings settings;
    private final WriteQueue queue;
    private final Executor disk;
    private List<Command> waiting = new ArrayList<>();
    private long operationsPending;
    private long bytesPending;
    private boolean busy;
    private boolean stopping;

    /** A writer to {@code journal}. */
    public static Behavior<Command> create(Journal journal, JournalSettings settings) {
        return create(journal, settings, new WriteQueue());
    }

    /**
     * A writer to {@code journal}.
     *
     * @param queue is told what waits
     */
    public static Behavior<Command> create(Journal journal, JournalSettings settings, WriteQueue queue) {
        return Behaviors.setup(context -> new JournalWriter(context, journal, settings, queue));
    }

    private JournalWriter(ActorContext<Command> context, Journal journal, JournalSettings settings, WriteQueue queue) {
        super(context);
        this.journal = journal;
        this.settings = settings;
        this.queue = queue;
        this.disk = context.getSystem().dispatchers().lookup(DispatcherSelector.fromConfig(DISPATCHER));
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
            case Write write -> onWrite(write);
            case Forget forget -> onForget(forget);
            case Done done -> onDone(done);
            case Forgotten forgotten -> onForgotten(forgotten);
            case Stop _ -> onStop();
        };
    }

    private Behavior<Command> onWrite(Write write) {
        long bytes = journalWrite(write).bytes();
        if (stopping) {
            refuse(write, Reply.Reason.UNAVAILABLE, "the node is stopping; write again when it is back");
        } else if (write.operations().size() > settings.operationsPendingMax() || bytes > settings.bytesPendingMax()) {
            refuse(
                    write,
                    Reply.Reason.INVALID,
                    "a write of " + write.operations().size() + " operations and " + bytes + " bytes is larger than "
                            + settings.operationsPendingMax() + " operations or " + settings.bytesPendingMax()
                            + " bytes (postdevai.lake.journal.operations-pending-max, bytes-pending-max); split it");
        } else if (operationsPending + write.operations().size() > settings.operationsPendingMax()
                || bytesPending + bytes > settings.bytesPendingMax()) {
            queue.refusedOne();
            refuse(
                    write,
                    Reply.Reason.OVERLOADED,
                    operationsPending + " operations and " + bytesPending + " bytes wait for the disk, at most "
                            + settings.operationsPendingMax() + " and " + settings.bytesPendingMax()
                            + " may; try again later");
        } else {
            operationsPending += write.operations().size();
            bytesPending += bytes;
            queue.waiting(operationsPending, bytesPending);
            waiting.add(write);
            next();
        }
        return this;
    }

    private Behavior<Command> onForget(Forget forget) {
        if (stopping) {
            forget.replyTo()
                    .tell(new Reply.Refused<>(
                            Reply.Reason.UNAVAILABLE, "the node is stopping; forget again when it is back"));
        } else if (waiting.size() >= settings.operationsPendingMax()) {
            forget.replyTo()
                    .tell(new Reply.Refused<>(
                            Reply.Reason.OVERLOADED, waiting.size() + " writes wait for the disk; try again later"));
        } else {
            waiting.add(forget);
            next();
        }
        return this;
    }

    /** Starts the next piece of work, unless one is running: all writes up to the next forget, or that forget. */
    private void next() {
        if (busy || waiting.isEmpty()) {
            return;
        }
        busy = true;
        if (waiting.getFirst() instanceof Forget forget) {
            waiting.removeFirst();
            run(() -> forgotten(forget));
            return;
        }
        List<Write> group = new ArrayList<>();
        List<Command> later = new ArrayList<>();
        for (Command command : waiting) {
            if (later.isEmpty() && command instanceof Write write) {
                group.add(write);
            } else {
                later.add(command);
            }
        }
        waiting = later;
        operationsPending -=
                group.stream().mapToLong(write -> write.operations().size()).sum();
        bytesPending -=
                group.stream().mapToLong(write -> journalWrite(write).bytes()).sum();
        queue.waiting(operationsPending, bytesPending);
        run(() -> committed(group));
    }

    private void run(Supplier<Command> work) {
        getContext().pipeToSelf(CompletableFuture.supplyAsync(work, disk), (done, bug) -> {
            if (bug != null) {
                throw new IllegalStateException("the journal broke off", bug);
            }
            return done;
        });
    }

    private Done committed(List<Write> group) {
        Durability durability = group.stream().map(Write::durability).reduce(Durability.NONE, Durability::orStronger);
        return new Done(
                group,
                journal.commit(group.stream().map(JournalWriter::journalWrite).toList(), durability));
    }

    private Forgotten forgotten(Forget forget) {
        try {
            return new Forgotten(forget, new Reply.Answered<>(journal.forget(forget.project())));
        } catch (JournalRefused e) {
            return new Forgotten(forget, new Reply.Refused<>(e.reason(), e.getMessage()));
        }
    }

    private static JournalWrite journalWrite(Write write) {
        return new JournalWrite(write.operations(), write.blobs(), write.before());
    }

    private Behavior<Command> onDone(Done done) {
        for (int i = 0; i < done.group().size(); i++) {
            Write write = done.group().get(i);
            switch (done.outcomes().get(i)) {
                case JournalWrite.Written written ->
                    write.replyTo().tell(new Reply.Answered<>(new Written(written.operations())));
                case JournalWrite.Refused refused -> refuse(write, refused.reason(), refused.message());
            }
        }
        return idle();
    }

    private Behavior<Command> onForgotten(Forgotten forgotten) {
        forgotten.asked().replyTo().tell(forgotten.reply());
        return idle();
    }

    private Behavior<Command> onStop() {
        stopping = true;
        return busy ? this : Behaviors.stopped();
    }

    private Behavior<Command> idle() {
        busy = false;
        next();
        return busy || !stopping ? this : Behaviors.stopped();
    }

    /** Ended from outside: what still waits is answered, for nothing else will. */
    private Behavior<Command> onStopped() {
        for (Command command : waiting) {
            if (command instanceof Write write) {
                refuse(write, Reply.Reason.UNAVAILABLE, "the node is stopping; write again when it is back");
            } else if (command instanceof Forget forget) {
                forget.replyTo()
                        .tell(new Reply.Refused<>(
                                Reply.Reason.UNAVAILABLE, "the node is stopping; forget again when it is back"));
            }
        }
        waiting.clear();
        return this;
    }

    private static void refuse(Write write, Reply.Reason reason, String message) {
        write.replyTo().tell(new Reply.Refused<>(reason, message));
    }
}
