package ai.postdev.dragon.lake.column;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * A column of longs that takes only the bits its values need; rows never change. Rows come in chunks of
 * {@value #CHUNK}; a full chunk is kept as the distances from its least value, without the zero bits that all have at
 * their end, or from a line from its first value to its last, where these are smaller. Values that grow evenly, or
 * repeat, take next to nothing. One writer, readers on any thread may read rows
 * that were appended before their view was made.
 *
 * <p>Source of the idea: frame of reference, Goldstein, Ramakrishnan and Shaft, "Compressing Relations and Indexes",
 * 1998; lines: Ao and others, "Efficient Parallel Lists Intersection and Index Compression Algorithms using Graphics
 * Processing Units", 2011.
 */
public final class PackedColumn {
    private static final int BITS = 10;
    private static final int CHUNK = 1 << BITS;
    /** Values of fewer bits take so little that a line saves nothing; of more, it could pass the largest long. */
    private static final int SLOPE_WIDTH_MIN = 3;

    private static final int SLOPE_WIDTH_MAX = 40;
    /** What a chunk takes beside its words: its fields, and the headers of two objects. */
    private static final int CHUNK_BYTES = 56;

    private static final Chunk RAW = new Chunk(0, 0, Long.SIZE, 0, new long[0]);

    private volatile Chunk[] chunks = new Chunk[4];
    private long[] open = new long[0];
    private int size;
    private long held;

    /**
     * Values as {@code base + ((line + stored) << shift)}, each stored in {@code width} bits, and {@code line} at row
     * {@code i} {@code slope * i / }{@value #CHUNK}. A word more than needed, so that each value lies in two.
     */
    private record Chunk(long base, long slope, int width, int shift, long[] words) {
        static Chunk of(long[] values) {
            long least = values[0];
            for (long value : values) {
                least = Math.min(least, value);
            }
            long used = 0;
            for (long value : values) {
                used |= value - least; // as an unsigned distance: it may pass the largest long
            }
            int shift = used == 0 ? 0 : Long.numberOfTrailingZeros(used);
            int width = Long.SIZE - Long.numberOfLeadingZeros(used >>> shift);
            if (width == Long.SIZE) {
                return new Chunk(0, 0, width, 0, values);
            }
            long[] stored = new long[values.length];
            for (int i = 0; i < values.length; i++) {
                stored[i] = (values[i] - least) >>> shift;
            }
            Chunk sloped = width < SLOPE_WIDTH_MIN || width > SLOPE_WIDTH_MAX ? null : sloped(least, shift, stored);
            return sloped != null && sloped.width < width
                    ? sloped
                    : new Chunk(least, 0, width, shift, packed(stored, width));
        }

        /** As the distances from a line from the first to the last. */
        private static Chunk sloped(long least, int shift, long[] values) {
            long slope = ((values[CHUNK - 1] - values[0]) << BITS) / (CHUNK - 1);
            long lowest = Long.MAX_VALUE;
            long highest = Long.MIN_VALUE;
            for (int i = 0; i < CHUNK; i++) {
                long distance = values[i] - (slope * i >> BITS);
                lowest = Math.min(lowest, distance);
                highest = Math.max(highest, distance);
            }
            int width = Long.SIZE - Long.numberOfLeadingZeros(highest - lowest);
            long[] stored = new long[CHUNK];
            for (int i = 0; i < CHUNK; i++) {
                stored[i] = values[i] - (slope * i >> BITS) - lowest;
            }
            return new Chunk(least + (lowest << shift), slope, width, shift, packed(stored, width));
        }

        private static long[] packed(long[] stored, int width) {
            if (width == 0) {
                return new long[0];
            }
            long[] words = new long[words(width)];
            for (int i = 0; i < stored.length; i++) {
                int bit = i * width;
                int at = bit >>> 6;
                words[at] |= stored[i] << bit;
                words[at + 1] |= stored[i] >>> 1 >>> ~bit; // the bits that do not fit; none where all do
            }
            return words;
        }

        /** How many words hold the values of a full chunk. */
        private static int words(int width) {
            return switch (width) {
                case 0 -> 0;
                case Long.SIZE -> CHUNK;
                default -> (CHUNK * width + Long.SIZE - 1) / Long.SIZE + 1;
            };
        }

        /** Of a full chunk. */
        void save(DataOutput out) throws IOException {
            out.writeLong(base);
            out.writeLong(slope);
            out.writeByte(width);
            out.writeByte(shift);
            SnapshotFrames.longs(out, words, words.length);
        }

        static Chunk load(DataInput in) throws IOException {
            long base = in.readLong();
            long slope = in.readLong();
            int width = in.readByte();
            int shift = in.readByte();
            if (width < 0 || width > Long.SIZE || shift < 0 || shift >= Long.SIZE) {
                throw new IOException("a chunk of " + width + " bits, shifted by " + shift);
            }
            long[] words = new long[words(width)];
            SnapshotInput.longs(in, words, 0, words.length);
            return new Chunk(base, slope, width, shift, words);
        }

        /** Copies the values from one place to before another. */
        void copy(int from, int to, long[] out, int at) {
            if (width == Long.SIZE) {
                System.arraycopy(words, from, out, at, to - from);
                return;
            }
            if (width == 0) {
                for (int i = from; i < to; i++) {
                    out[at + i - from] = base + (slope * i >> BITS << shift);
                }
                return;
            }
            long mask = (1L << width) - 1;
            long[] packed = words;
            for (int i = from, bit = from * width; i < to; i++, bit += width) {
                int word = bit >>> 6;
                long stored = (packed[word] >>> bit | packed[word + 1] << 1 << ~bit) & mask;
                out[at + i - from] = base + ((slope * i >> BITS) + stored << shift);
            }
        }

        long get(int i) {
            if (width == Long.SIZE) {
                return words[i];
            }
            if (width == 0) {
                return base + (slope * i >> BITS << shift);
            }
            int bit = i * width;
            int at = bit >>> 6;
            long stored = (words[at] >>> bit | words[at + 1] << 1 << ~bit) & (1L << width) - 1;
            return base + ((slope * i >> BITS) + stored << shift);
        }
    }

    /** Appends a value and returns its row. Writer only. */
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
        put(row >>> BITS, new Chunk(0, 0, Long.SIZE, 0, open));
    }

    private void put(int at, Chunk chunk) {
        Chunk[] directory = Directory.withPlace(chunks, at);
        held += (long) (chunk.words().length - (directory[at] == null ? RAW : directory[at]).words().length)
                * Long.BYTES;
        directory[at] = chunk;
        chunks = directory; // a volatile write, so that a reader who meets the new row finds its chunk
    }

    /** The value in a row. */
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
    public int size() {
        return size;
    }

    /**
     * Writes the rows below a bound as they lie in memory: full chunks in the bits that they take, the rows of the last one as
     * they are. Any thread whose view has them.
     */
    public void save(int rows, DataOutput out) throws IOException {
        out.writeInt(rows);
        Chunk[] directory = chunks;
        for (int from = 0; from < rows; from += CHUNK) {
            Chunk chunk = directory[from >>> BITS];
            if (rows - from >= CHUNK) {
                chunk.save(out);
            } else {
                long[] values = new long[CHUNK];
                chunk.copy(0, rows - from, values, 0); // it may have been packed since
                SnapshotFrames.longs(out, values, rows - from);
            }
        }
    }

    /** Fills this empty column with what {@link #save} wrote. */
    public void load(DataInput in) throws IOException {
        int rows = in.readInt();
        for (int from = 0; from < rows; from += CHUNK) {
            if (rows - from >= CHUNK) {
                put(from >>> BITS, Chunk.load(in));
            } else {
                int rest = rows - from;
                open = new long[opened(rest)];
                SnapshotInput.longs(in, open, 0, rest);
                put(from >>> BITS, new Chunk(0, 0, Long.SIZE, 0, open));
            }
        }
        size = rows;
    }

    /** How many places the chunk being filled has if so many rows came one by one. */
    private static int opened(int rows) {
        return Math.max(16, Integer.highestOneBit(2 * rows - 1));
    }

    /** Appends rows that former snapshots have as ints. */
    public void readInts(DataInput in) throws IOException {
        int[] ints = new int[CHUNK];
        readChunks(in, (to, from, count) -> {
            SnapshotInput.ints(in, ints, 0, count);
            for (int i = 0; i < count; i++) {
                to[from + i] = ints[i];
            }
        });
    }

    /** Appends rows that former snapshots have one by one. */
    public void read(DataInput in) throws IOException {
        readChunks(in, (to, from, count) -> SnapshotInput.longs(in, to, from, count));
    }

    /** Reads some values to a place in an array. */
    private interface Values {
        void read(long[] to, int from, int count) throws IOException;
    }

    private void readChunks(DataInput in, Values values) throws IOException {
        int left = in.readInt();
        while (left > 0) {
            int at = size & CHUNK - 1;
            int count = Math.min(left, CHUNK - at);
            if (at + count > open.length) {
                open = Arrays.copyOf(open, opened(at + count));
            }
            values.read(open, at, count);
            size += count;
            if (at + count == CHUNK) {
                put(size - 1 >>> BITS, Chunk.of(open));
                open = new long[0];
            } else {
                put(size >>> BITS, new Chunk(0, 0, Long.SIZE, 0, open));
            }
            left -= count;
        }
    }

    /** Bytes of memory held. */
    public long memoryBytes() {
        return held + (long) chunks.length * Integer.BYTES + (long) (size >>> BITS) * CHUNK_BYTES;
    }
}
