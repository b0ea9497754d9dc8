package ai.postdev.dragon.lake;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.protocol.LakeProtocol.Append;
import ai.postdev.actors.protocol.LakeProtocol.Appended;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.AppendQueue.Batch;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.journal.JournalWriter;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * The way of an append through an open lake: it waits, is written to the journal in a batch, is shown by the stores, and
 * is answered. From the write until the answer the embedder steps aside: text first. Lives on the lake's thread.
 */
final class LakeWrites {
    @SuppressWarnings("unchecked") // a class literal has no type arguments
    private static final Class<Reply<JournalWriter.Written>> REPLY =
            (Class<Reply<JournalWriter.Written>>) (Class<?>) Reply.class;

    private final ProjectId project;
    private final LakeRoom room;
    private final ActorContext<LakeMessage> context;
    private final AppendQueue queue;
    private final PinWatch pins;
    private final Supplier<CodeView> code;
    private final ArrayDeque<Batch> showing = new ArrayDeque<>();
    private int gateHeld;

    /**
     * Of an open lake.
     *
     * @param pins is told of what is asked for, refused and shown
     * @param code what files hold now
     */
    LakeWrites(
            ProjectId project,
            LakeRoom room,
            ActorContext<LakeMessage> context,
            AppendQueue queue,
            PinWatch pins,
            Supplier<CodeView> code) {
        this.project = project;
        this.room = room;
        this.context = context;
        this.queue = queue;
        this.pins = pins;
        this.code = code;
    }

    /** Takes an append in, or refuses it. */
    void append(Append append, boolean ending) {
        if (append.bodies().isEmpty()) {
            append.replyTo().tell(new Reply.Refused<>(Reply.Reason.INVALID, "an append needs at least one operation"));
        } else if (ending) {
            append.replyTo().tell(new Reply.Refused<>(Reply.Reason.UNAVAILABLE, "the lake is closing; try again"));
        } else if (!queue.offer(append)) {
            append.replyTo()
                    .tell(new Reply.Refused<>(
                            Reply.Reason.OVERLOADED,
                            room.settings().appendsPendingMax() + " writers already wait for lake " + project
                                    + " (postdevai.lake.appends-pending-max); try again shortly"));
        } else {
            pins.asked(append.bodies().stream());
            next();
        }
    }

    private void next() {
        queue.next().ifPresent(this::write);
    }

    private void write(Batch batch) {
        gateHeld++;
        room.gate().started();
        context.ask(
                REPLY,
                room.journalWriter(),
                room.journalTimeout(),
                replyTo -> new JournalWriter.Write(
                        batch.operations(), batch.blobs(), before(batch), room.durability(), replyTo),
                (reply, failure) -> outcome(batch, reply, failure));
    }

    /** Which texts take the place of which: what the same file held, as far as it is shown. */
    private Map<ContentHash, ContentHash> before(Batch batch) {
        if (batch.blobs().isEmpty()) {
            return Map.of();
        }
        CodeView now = code.get();
        Map<ContentHash, ContentHash> before = new HashMap<>();
        for (Operation operation : batch.operations()) {
            if (operation.body() instanceof Body.PutDocument put) {
                now.document(put.workspace(), put.path())
                        .ifPresent(document -> before.put(put.hash(), document.hash()));
            }
        }
        return before;
    }

    private static LakeMessage outcome(Batch batch, Reply<JournalWriter.Written> reply, Throwable failure) {
        if (failure != null) {
            return new LakeMessage.NotWritten(
                    batch,
                    new Reply.Refused<>(Reply.Reason.FAILED, "the journal did not answer: " + failure.getMessage()));
        }
        return switch (reply) {
            case Reply.Answered<JournalWriter.Written> _ -> new LakeMessage.Written(batch);
            case Reply.Refused<JournalWriter.Written> refused -> new LakeMessage.NotWritten(batch, refused);
        };
    }

    /**
     * The journal has a batch: the stores are to show it.
     *
     * @param shown is told of it at once if there is nothing to show
     */
    void written(Batch batch, Stores stores, Consumer<Batch> shown) {
        queue.written();
        if (stores.show(batch)) {
            showing.add(batch);
        } else {
            shown.accept(batch);
        }
        next();
    }

    /** The journal refused a batch: its writers are told. */
    void notWritten(Batch batch, Reply.Refused<?> refusal) {
        context.getLog().error("lake {} was not written: {}", project, refusal.message());
        queue.refused(batch);
        pins.refused(batch.operations().stream().map(Operation::body));
        answered();
        batch.appends()
                .forEach(append -> append.replyTo().tell(new Reply.Refused<>(refusal.reason(), refusal.message())));
        next();
    }

    /** The stores show more: tells which batches are shown as a whole now, in order. */
    void shown(Stores stores, Consumer<Batch> shown) {
        while (!showing.isEmpty() && stores.isShown(showing.peek())) {
            shown.accept(showing.remove());
        }
    }

    /** Answers the writers of a batch that is shown. */
    void acknowledge(Batch batch, VersionVector asOf) {
        answered();
        pins.shown(batch.operations().stream().map(Operation::body));
        for (int i = 0; i < batch.appends().size(); i++) {
            long last = batch.lastSequences().get(i);
            int at = (int) (last - batch.operations().getFirst().sequence());
            Operation operation = batch.operations().get(at);
            batch.appends()
                    .get(i)
                    .replyTo()
                    .tell(new Reply.Answered<>(
                            new Appended(room.origin(), last, operation.time(), new VersionVector(asOf.sequences()))));
        }
    }

    /** Whether every store shows what was written. */
    boolean allShown() {
        return showing.isEmpty();
    }

    /** Whether nothing waits, is being written or is still to be shown. */
    boolean isIdle() {
        return showing.isEmpty() && queue.isIdle();
    }

    private void answered() {
        gateHeld--;
        room.gate().ended();
    }

    /** The lake ends: the embedder need not step aside any more, and who still waits is told why. */
    void end(Reply.Reason reason, String message) {
        while (gateHeld > 0) {
            answered();
        }
        List<Append> waiting = queue.drain();
        waiting.forEach(append -> Refusals.refuse(append, reason, message));
    }
}
