package ai.postdev.dragon.lake.column;

import java.io.DataInput;
import java.io.IOException;

/** Longs, each kept once and named by a row. One writer, readers on any thread; see {@link IntColumn}. */
public final class LongTable {
    private final LongColumn values = new LongColumn();
    private final Slots slots = new Slots(row -> Long.hashCode(values.get(row)));

    /** The row of {@code value}, made if it is new. Writer only. */
    public int intern(long value) {
        int found = find(value, values.size());
        if (found >= 0) {
            return found;
        }
        int row = values.append(value);
        slots.add(Long.hashCode(value), row);
        return row;
    }

    /**
     * The row of {@code value}, or -1.
     *
     * @param bound only rows below it exist for this reader
     */
    public int find(long value, int bound) {
        return slots.find(Long.hashCode(value), bound, row -> values.get(row) == value);
    }

    /** The value in a row. */
    public long value(int row) {
        return values.get(row);
    }

    /** How many values there are. Writer only; readers keep the count of their view. */
    public int size() {
        return values.size();
    }

    /** Fills this empty table with what former snapshots have. */
    public void read(DataInput in) throws IOException {
        values.read(in);
        for (int row = 0; row < values.size(); row++) {
            slots.add(Long.hashCode(values.get(row)), row);
        }
    }

    /** Bytes of memory held. */
    public long memoryBytes() {
        return values.memoryBytes() + slots.memoryBytes();
    }
}
