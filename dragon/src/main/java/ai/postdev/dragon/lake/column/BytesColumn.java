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

    private final PackedColumn places = new PackedColumn();
    private final PackedColumn lengths = new PackedColumn();
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
        places.append((long) chunk << Integer.SIZE | used);
        used += length;
        bytes += length;
        return lengths.append(length);
    }

    /** Looks at a row without copying it. */
    public <R> R look(int row, Look<R> look) {
        long place = places.get(row);
        return look.at(chunks[(int) (place >>> Integer.SIZE)], (int) place, lengths.getInt(row));
    }

    /** The chunk that holds a row; for tight loops, together with {@link #offset} and {@link #length}. */
    public byte[] array(int row) {
        return chunks[(int) (places.get(row) >>> Integer.SIZE)];
    }

    /** Where a row starts in its {@link #array}. */
    public int offset(int row) {
        return (int) places.get(row);
    }

    /** Bytes of a row. */
    public int length(int row) {
        return lengths.getInt(row);
    }

    /** A row as UTF-8 text. */
    public String text(int row) {
        return new String(array(row), offset(row), length(row), StandardCharsets.UTF_8);
    }

    /** A copy of a row. */
    public byte[] bytes(int row) {
        return Arrays.copyOfRange(array(row), offset(row), offset(row) + length(row));
    }

    /** How many rows there are. Writer only; readers keep the count of their view. */
    public int size() {
        return lengths.size();
    }

    /** Bytes of all rows together. Writer only. */
    public long contentBytes() {
        return bytes;
    }

    /** Writes the rows. */
    public void write(DataOutput out) throws IOException {
        out.writeInt(size());
        for (int row = 0; row < size(); row++) {
            out.writeInt(length(row));
            out.write(array(row), offset(row), length(row));
        }
    }

    /** Appends the rows that {@link #write} wrote. */
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
        long held = places.memoryBytes() + lengths.memoryBytes();
        for (byte[] part : chunks) {
            held += Integer.BYTES + (part == null ? 0 : part.length);
        }
        return held;
    }
}
