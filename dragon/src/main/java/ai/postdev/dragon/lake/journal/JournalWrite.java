package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import ai.postdev.actors.protocol.Reply;
import java.util.List;
import java.util.Map;

/**
 * What is written whole or not at all.
 *
 * @param operations of any projects and origins; those of one origin in the order of their sequences, going on where the
 *     journal ends. One that the journal already holds is passed over, so a write may be repeated
 * @param blobs the texts the operations refer to; ones already stored may be left out or sent again
 * @param before for texts that take the place of others, which; may be incomplete or wrong, and costs room on the disk then
 */
public record JournalWrite(List<Operation> operations, List<Blob> blobs, Map<ContentHash, ContentHash> before) {
    /** Bytes taken by an operation beside its texts, for the bounds on waiting writes. */
    static final long OPERATION_BYTES = 256;

    public JournalWrite {
        operations = List.copyOf(operations);
        blobs = List.copyOf(blobs);
        before = Map.copyOf(before);
    }

    /** A write whose texts take no other's place. */
    public JournalWrite(List<Operation> operations, List<Blob> blobs) {
        this(operations, blobs, Map.of());
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
