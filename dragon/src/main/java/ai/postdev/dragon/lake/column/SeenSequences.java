package ai.postdev.dragon.lake.column;

import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.VersionVector;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * For each origin the last operation folded in, so that the tail of the journal may overlap the snapshot. Operations of
 * one origin come in order. Writer only.
 */
public final class SeenSequences {
    private final Map<Origin, Long> last = new HashMap<>();

    /** Notes an operation; false if it was folded in before. */
    public boolean first(Operation operation) {
        Long before = last.get(operation.origin());
        if (before != null && operation.sequence() <= before) {
            return false;
        }
        last.put(operation.origin(), operation.sequence());
        return true;
    }

    /** What was folded in. */
    public VersionVector vector() {
        return new VersionVector(last);
    }

    /** Writes the sequences that {@link #vector} told. Any thread. */
    public static void write(VersionVector sorted, DataOutput out) throws IOException {
        out.writeInt(sorted.sequences().size());
        for (Map.Entry<Origin, Long> entry : sorted.sequences().entrySet()) {
            out.writeUTF(entry.getKey().value());
            out.writeLong(entry.getValue());
        }
    }

    /** Reads what {@link #write} wrote. */
    public void read(DataInput in) throws IOException {
        int origins = in.readInt();
        for (int i = 0; i < origins; i++) {
            last.put(new Origin(in.readUTF()), in.readLong());
        }
    }
}
