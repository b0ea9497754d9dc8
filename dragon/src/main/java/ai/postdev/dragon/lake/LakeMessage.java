package ai.postdev.dragon.lake;

import ai.postdev.actors.protocol.LakeProtocol.Command;
import ai.postdev.actors.protocol.LakeProtocol.Forgotten;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.AppendQueue.Batch;
import org.apache.pekko.actor.typed.ActorRef;

/** Everything a {@link Lake} receives: requests from outside, and its own events. */
sealed interface LakeMessage {
    /** Somebody asks for something. */
    record Request(Command command) implements LakeMessage {}

    /** The lake was read. */
    record Opened(OpenLake lake) implements LakeMessage {}

    /** The lake could not be read. */
    record OpenFailed(String reason) implements LakeMessage {}

    /** The journal has a batch. */
    record Written(Batch batch) implements LakeMessage {}

    /** The journal refused a batch. */
    record NotWritten(Batch batch, Reply.Refused<?> refusal) implements LakeMessage {}

    /** A store shows more. */
    record Shown(Stores.Shown shown) implements LakeMessage {}

    /** A snapshot is written, or is not. */
    record Saved(Reply<Long> outcome) implements LakeMessage {}

    /** It is time for a snapshot. */
    enum SnapshotDue implements LakeMessage {
        INSTANCE
    }

    /** It is time to look whether more can be kept in full. */
    enum RefineDue implements LakeMessage {
        INSTANCE
    }

    /** The cycle of retention moves on. */
    record Retain(RetentionCycle.Event event) implements LakeMessage {}

    /** The project is gone, or is not. */
    record ForgetDone(Reply<Forgotten> outcome, ActorRef<Reply<Forgotten>> replyTo) implements LakeMessage {}

    /** What a failed future means to a person. */
    static String reason(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
