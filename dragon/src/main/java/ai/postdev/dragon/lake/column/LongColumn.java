package ai.postdev.dragon.lake.column;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

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
        long[][] directory = Directory.withPlace(chunks, chunk);
        if (directory[chunk] == null) {
            directory[chunk] = new long[CHUNK];
            chunks = directory; // a volatile write, so that a reader who meets the new row finds its chunk
        }
        directory[chunk][row & (CHUNK - 1)] = value;
        size = row + 1;
        return row;
    }

    /** Writes the rows below a bound. Any thread whose view has them. */
    public void write(int rows, DataOutput out) throws IOException {
        out.writeInt(rows);
        for (int from = 0; from < rows; from = stop(from)) {
            SnapshotFrames.longs(out, chunk(from), Math.min(rows, stop(from)) - from);
        }
    }

    /** Appends the rows that {@link #write} wrote. */
    public void read(DataInput in) throws IOException {
        int left = in.readInt();
        while (left > 0) {
            append(in.readLong());
            int rest = Math.min(left - 1, CHUNK - 1 - (size - 1 & CHUNK - 1));
            SnapshotInput.longs(in, chunks[size - 1 >>> BITS], size & CHUNK - 1, rest);
            size += rest;
            left -= rest + 1;
        }
    }

    /** The value in a row. */
    public long get(int row) {
        return chunks[row >>> BITS][row & (CHUNK - 1)];
    }

    /** The chunk that holds a row, up to before {@link #stop}, for loops over many rows; not to be changed. */
    public long[] chunk(int row) {
        return chunks[row >>> BITS];
    }

    /** The first row after those in the same {@link #chunk} as this one. */
    public static int stop(int row) {
        return (row >>> BITS) + 1 << BITS;
    }

    /** How many rows there are. Writer only; readers keep the count of their view. */
    public int size() {
        return size;
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
