package ai.postdev.dragon.lake.column;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A column of ints that grows in chunks, so that growing copies no data. One writer; readers on any thread may read
 * rows that were appended before their view was made. A few columns hold list heads, which do change: those are written
 * with {@link #setRelease} and read with {@link #getAcquire}.
 */
public final class IntColumn {
    private static final int BITS = 12;
    private static final int CHUNK = 1 << BITS;
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(int[].class);

    private volatile int[][] chunks = new int[4][];
    private int size;

    /** Appends a value and returns its row. Writer only. */
    public int append(int value) {
        int row = size;
        int chunk = row >>> BITS;
        int[][] directory = Directory.withPlace(chunks, chunk);
        if (directory[chunk] == null) {
            directory[chunk] = new int[CHUNK];
            chunks = directory; // a volatile write, so that a reader who meets the new row finds its chunk
        }
        directory[chunk][row & (CHUNK - 1)] = value;
        size = row + 1;
        return row;
    }

    /** The value in a row. */
    public int get(int row) {
        return chunks[row >>> BITS][row & (CHUNK - 1)];
    }

    /** Changes a row so that everything written before is seen by who reads the new value. Writer only. */
    public void setRelease(int row, int value) {
        ELEMENT.setRelease(chunks[row >>> BITS], row & (CHUNK - 1), value);
    }

    /** Reads a row that may change meanwhile. */
    public int getAcquire(int row) {
        return (int) ELEMENT.getAcquire(chunks[row >>> BITS], row & (CHUNK - 1));
    }

    /** How many rows there are. Writer only; readers keep the count of their view. */
    public int size() {
        return size;
    }

    /** Writes the rows below a bound. Any thread whose view has them. */
    public void write(int rows, DataOutput out) throws IOException {
        out.writeInt(rows);
        for (int from = 0; from < rows; from += CHUNK) {
            SnapshotFrames.ints(out, chunks[from >>> BITS], Math.min(CHUNK, rows - from));
        }
    }

    /** Appends the rows that {@link #write} wrote. */
    public void read(DataInput in) throws IOException {
        int left = in.readInt();
        while (left > 0) {
            append(in.readInt());
            int rest = Math.min(left - 1, CHUNK - 1 - (size - 1 & CHUNK - 1));
            SnapshotInput.ints(in, chunks[size - 1 >>> BITS], size & CHUNK - 1, rest);
            size += rest;
            left -= rest + 1;
        }
    }

    /** Bytes of memory held. */
    public long memoryBytes() {
        long held = 0;
        for (int[] chunk : chunks) {
            held += Integer.BYTES + (chunk == null ? 0 : (long) CHUNK * Integer.BYTES);
        }
        return held;
    }
}
