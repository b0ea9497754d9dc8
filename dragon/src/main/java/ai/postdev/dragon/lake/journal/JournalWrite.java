package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.Operation;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import ai.postdev.actors.protocol.Reply;
import java.util.List;

/**
 * What is written whole or not at all.
 *
 * @param operations of any projects and origins; those of one origin in the order of their sequences, going on where the
 *     journal ends. One that the journal already holds is passed over, so a write may be repeated
 * @param blobs the texts the operations refer to; ones already stored may be left out or sent again
 */
public record JournalWrite(List<Operation> operations, List<Blob> blobs) {
    /** Bytes taken by an operation beside its texts, for the bounds on waiting writes. */
    static final long OPERATION_BYTES = 256;

    public JournalWrite {
        operations = List.copyOf(operations);
        blobs = List.copyOf(blobs);
    }

    /** About how much memory this takes. */
    public long bytes() {
        long bytes = OPERATION_BYTES * operations.size();
        for (Blob blob : blobs) {
            bytes += blob.text().length;
        }
        return bytes;
    }

    /** What became of a write. */
    public sealed interface Outcome {}

    /**
     * Stored as durably as was asked for.
     *
     * @param operations new to the journal
     */
    public record Written(int operations) implements Outcome {}

    /** Not stored, nothing of it. */
    public record Refused(Reply.Reason reason, String message) implements Outcome {}
}
