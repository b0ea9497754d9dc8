package ai.postdev.dragon.lake.column;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * A column of longs that takes only the bits its values need; rows never change. Rows come in chunks of
 * {@value #CHUNK}; a full chunk is kept as the distances from its least value, without the zero bits that all have at
 * their end. Values that grow slowly, or repeat, take next to nothing. One writer, readers on any thread may read rows
 * that were appended before their view was made.
 *
 * <p>Source of the idea: frame of reference, Goldstein, Ramakrishnan and Shaft, "Compressing Relations and Indexes",
 * 1998.
 */
public final class PackedColumn implements LongRows {
    private static final int BITS = 10;
    private static final int CHUNK = 1 << BITS;
    private static final Chunk RAW = new Chunk(0, Long.SIZE, 0, new long[0]);

    private volatile Chunk[] chunks = new Chunk[4];
    private long[] open = new long[0];
    private int size;
    private long held;

    /** Values as {@code base + (stored << shift)}, each stored in {@code width} bits. */
    private record Chunk(long base, int width, int shift, long[] words) {
        static Chunk of(long[] values) {
            long least = Arrays.stream(values).min().orElseThrow();
            long used = 0;
            for (long value : values) {
                used |= value - least; // as an unsigned distance: it may pass the largest long
            }
            int shift = used == 0 ? 0 : Long.numberOfTrailingZeros(used);
            int width = Long.SIZE - Long.numberOfLeadingZeros(used >>> shift);
            if (width == Long.SIZE) {
                return new Chunk(0, width, 0, values);
            }
            long[] words = new long[(values.length * width + Long.SIZE - 1) / Long.SIZE];
            for (int i = 0; i < values.length && width > 0; i++) {
                long stored = (values[i] - least) >>> shift;
                int bit = i * width;
                int at = bit >>> 6;
                words[at] |= stored << bit;
                if ((bit & 63) + width > Long.SIZE) {
                    words[at + 1] |= stored >>> Long.SIZE - (bit & 63);
                }
            }
            return new Chunk(least, width, shift, words);
        }

        /** Copies the values from one place to before another. */
        void copy(int from, int to, long[] out, int at) {
            if (width == Long.SIZE) {
                System.arraycopy(words, from, out, at, to - from);
                return;
            }
            if (width == 0) {
                Arrays.fill(out, at, at + to - from, base);
                return;
            }
            long mask = (1L << width) - 1;
            int bit = from * width;
            for (int i = at; i < at + to - from; i++, bit += width) {
                int word = bit >>> 6;
                long stored = words[word] >>> bit;
                if ((bit & 63) + width > Long.SIZE) {
                    stored |= words[word + 1] << Long.SIZE - (bit & 63);
                }
                out[i] = base + ((stored & mask) << shift);
            }
        }

        long get(int i) {
            if (width == Long.SIZE) {
                return words[i];
            }
            if (width == 0) {
                return base;
            }
            int bit = i * width;
            int at = bit >>> 6;
            long stored = words[at] >>> bit;
            if ((bit & 63) + width > Long.SIZE) {
                stored |= words[at + 1] << Long.SIZE - (bit & 63);
            }
            return base + ((stored & (1L << width) - 1) << shift);
        }
    }

    /** Appends a value and returns its row. Writer only. */
    @Override
    public int append(long value) {
        int row = size;
        int at = row & CHUNK - 1;
        if (at == open.length) {
            grow(row);
        }
        open[at] = value;
        size = row + 1;
        if (at == CHUNK - 1) {
            put(row >>> BITS, Chunk.of(open));
            open = new long[0];
        }
        return row;
    }

    /** The chunk being filled grows too, so that a small column takes little. */
    private void grow(int row) {
        open = Arrays.copyOf(open, Math.min(CHUNK, Math.max(16, open.length * 2)));
        put(row >>> BITS, new Chunk(0, Long.SIZE, 0, open));
    }

    private void put(int at, Chunk chunk) {
        Chunk[] directory = Directory.withPlace(chunks, at);
        held += (long) (chunk.words().length - (directory[at] == null ? RAW : directory[at]).words().length)
                * Long.BYTES;
        directory[at] = chunk;
        chunks = directory; // a volatile write, so that a reader who meets the new row finds its chunk
    }

    /** The value in a row. */
    @Override
    public long get(int row) {
        return chunks[row >>> BITS].get(row & CHUNK - 1);
    }

    /** Copies the values of the rows from one to before another to the beginning of {@code out}; faster than each alone. */
    public void copy(int from, int to, long[] out) {
        Chunk[] directory = chunks;
        int row = from;
        while (row < to) {
            int end = Math.min(to, (row >>> BITS) + 1 << BITS);
            directory[row >>> BITS].copy(row & CHUNK - 1, end - (row & ~(CHUNK - 1)), out, row - from);
            row = end;
        }
    }

    /** The value in a row of a column that holds ints only. */
    public int getInt(int row) {
        return (int) get(row);
    }

    /** How many rows there are. Writer only; readers keep the count of their view. */
    @Override
    public int size() {
        return size;
    }

    /** Writes the rows as ints. */
    public void writeInts(DataOutput out) throws IOException {
        out.writeInt(size);
        for (int row = 0; row < size; row++) {
            out.writeInt(getInt(row));
        }
    }

    /** Appends the rows that {@link #writeInts} wrote. */
    public void readInts(DataInput in) throws IOException {
        int rows = in.readInt();
        for (int row = 0; row < rows; row++) {
            append(in.readInt());
        }
    }

    /** Bytes of memory held. */
    public long memoryBytes() {
        return held + (long) chunks.length * Integer.BYTES + (long) (size >>> BITS) * 2 * Long.BYTES;
    }
}
