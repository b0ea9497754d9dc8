package ai.postdev.dragon.lake.column;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** A column of longs that grows in chunks; rows never change. One writer, readers on any thread; see {@link IntColumn}. */
public final class LongColumn {
    private static final int BITS = 12;
    private static final int CHUNK = 1 << BITS;

    private volatile long[][] chunks = new long[4][];
    private int size;

    /** Appends a value and returns its row. Writer only. */
    public int append(long value) {
        int row = size;
        int chunk = row >>> BITS;
        if (chunk == chunks.length) {
            chunks = Arrays.copyOf(chunks, chunk * 2);
        }
        long[][] directory = chunks;
        if (directory[chunk] == null) {
            directory[chunk] = new long[CHUNK];
            chunks = directory; // a volatile write, so that a reader who meets the new row finds its chunk
        }
        directory[chunk][row & (CHUNK - 1)] = value;
        size = row + 1;
        return row;
    }

    /** The value in a row. */
    public long get(int row) {
        return chunks[row >>> BITS][row & (CHUNK - 1)];
    }

    /** How many rows there are. Writer only; readers keep the count of their view. */
    public int size() {
        return size;
    }

    /** Writes the rows. */
    public void write(DataOutput out) throws IOException {
        out.writeInt(size);
        for (int row = 0; row < size; row++) {
            out.writeLong(get(row));
        }
    }

    /** Appends the rows that {@link #write} wrote. */
    public void read(DataInput in) throws IOException {
        int rows = in.readInt();
        for (int row = 0; row < rows; row++) {
            append(in.readLong());
        }
    }

    /** Bytes of memory held. */
    public long memoryBytes() {
        long held = 0;
        for (long[] chunk : chunks) {
            held += Integer.BYTES + (chunk == null ? 0 : (long) CHUNK * Long.BYTES);
        }
        return held;
    }
}
