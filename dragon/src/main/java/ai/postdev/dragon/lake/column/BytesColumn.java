package ai.postdev.dragon.lake.column;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A column of byte strings of any length, packed into large chunks. No value spans two chunks, so that a reader can
 * look at it in place. One writer, readers on any thread; see {@link IntColumn}.
 */
public final class BytesColumn {
    private static final int FIRST_CHUNK = 1 << 14;
    private static final int LARGEST_CHUNK = 1 << 20;

    /** For each row its chunk, and where in it the row ends: it starts where the one before ends, or its chunk begins. */
    private final PackedColumn ends = new PackedColumn();

    private volatile byte[][] chunks = new byte[4][];
    private int chunk = -1;
    private int used;
    private long bytes;

    /** Looks at bytes in place; must not keep or change the array. */
    @FunctionalInterface
    public interface Look<R> {
        /** Looks at {@code length} bytes from {@code offset}. */
        R at(byte[] array, int offset, int length);
    }

    /** Appends a value and returns its row. Writer only. */
    public int append(byte[] value) {
        reserve(value.length);
        System.arraycopy(value, 0, chunks[chunk], used, value.length);
        return placed(value.length);
    }

    private void reserve(int length) {
        if (chunk >= 0 && used + length <= chunks[chunk].length) {
            return;
        }
        chunk++;
        if (chunk == chunks.length) {
            chunks = Arrays.copyOf(chunks, chunk * 2);
        }
        byte[][] directory = chunks;
        directory[chunk] = new byte[Math.max(length, Math.min(LARGEST_CHUNK, FIRST_CHUNK << Math.min(chunk, 6)))];
        chunks = directory; // a volatile write, so that a reader who meets the new row finds its chunk
        used = 0;
    }

    private int placed(int length) {
        used += length;
        bytes += length;
        return ends.append((long) chunk << Integer.SIZE | used);
    }

    /** Looks at a row without copying it. */
    public <R> R look(int row, Look<R> look) {
        long span = span(row);
        return look.at(array(row), start(span), end(span) - start(span));
    }

    /** The chunk that holds a row; for tight loops, together with {@link #span}. */
    public byte[] array(int row) {
        return chunks[chunkOf(row)];
    }

    /** Where a row lies in its {@link #array}: see {@link #start} and {@link #end}. */
    public long span(int row) {
        long end = ends.get(row);
        long before = row == 0 ? -1 : ends.get(row - 1);
        boolean follows = end >>> Integer.SIZE == before >>> Integer.SIZE;
        return (follows ? before << Integer.SIZE : 0) | end & 0xFFFF_FFFFL;
    }

    /** Where a span starts. */
    public static int start(long span) {
        return (int) (span >>> Integer.SIZE);
    }

    /** One past the end of a span. */
    public static int end(long span) {
        return (int) span;
    }

    /** Whether a row has these bytes and no others. */
    public boolean equal(int row, byte[] value) {
        long span = span(row);
        return Arrays.equals(array(row), start(span), end(span), value, 0, value.length);
    }

    /** Where a row starts in its {@link #array}. */
    public int offset(int row) {
        return start(span(row));
    }

    /** Bytes of a row. */
    public int length(int row) {
        long span = span(row);
        return end(span) - start(span);
    }

    /** A row as UTF-8 text. */
    public String text(int row) {
        return look(row, (array, offset, length) -> new String(array, offset, length, StandardCharsets.UTF_8));
    }

    /** A copy of a row. */
    public byte[] bytes(int row) {
        return look(row, (array, offset, length) -> Arrays.copyOfRange(array, offset, offset + length));
    }

    /** How many rows there are. Writer only; readers keep the count of their view. */
    public int size() {
        return ends.size();
    }

    /** Bytes of all rows together. Writer only. */
    public long contentBytes() {
        return bytes;
    }

    /** Writes the rows below a bound as they lie in memory. Any thread whose view has them. */
    public void save(int rows, DataOutput out) throws IOException {
        ends.save(rows, out);
        int row = 0;
        while (row < rows) {
            int at = chunkOf(row);
            int next = firstAfter(at, row, rows);
            boolean last = next == rows;
            int used = (int) ends.get(next - 1);
            out.writeInt(used);
            out.writeInt(last ? chunks[at].length : used); // nothing follows in a chunk that is left
            out.write(chunks[at], 0, used);
            row = next;
        }
    }

    /** Fills this empty column with what {@link #save} wrote. */
    public void load(DataInput in) throws IOException {
        ends.load(in);
        int rows = ends.size();
        int count = rows == 0 ? 0 : chunkOf(rows - 1) + 1;
        byte[][] directory = new byte[Math.max(chunks.length, Integer.highestOneBit(Math.max(1, 2 * count - 1)))][];
        for (int at = 0; at < count; at++) {
            used = in.readInt();
            directory[at] = new byte[in.readInt()];
            in.readFully(directory[at], 0, used);
            bytes += used;
        }
        chunk = count - 1;
        chunks = directory;
    }

    private int chunkOf(int row) {
        return (int) (ends.get(row) >>> Integer.SIZE);
    }

    /** The first row from one to before a bound that is in a later chunk; the bound if none is. */
    private int firstAfter(int at, int from, int bound) {
        int low = from;
        int high = bound;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (chunkOf(middle) > at) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Appends rows that former snapshots have one by one. */
    public void read(DataInput in) throws IOException {
        int rows = in.readInt();
        for (int row = 0; row < rows; row++) {
            int length = in.readInt();
            reserve(length);
            in.readFully(chunks[chunk], used, length);
            placed(length);
        }
    }

    /** Bytes of memory held. */
    public long memoryBytes() {
        long held = ends.memoryBytes();
        for (byte[] part : chunks) {
            held += Integer.BYTES + (part == null ? 0 : part.length);
        }
        return held;
    }
}
