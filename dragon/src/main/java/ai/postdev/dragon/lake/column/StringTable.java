package ai.postdev.dragon.lake.column;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Strings, each kept once and named by a row. One writer, readers on any thread; see {@link IntColumn}. */
public final class StringTable {
    private static final int FIRST = 64;
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(String[].class);

    private final BytesColumn values = new BytesColumn();
    private final Slots slots = new Slots(this::hash);
    private final String[] first = new String[FIRST];

    /** The row of {@code text}, made if it is new. Writer only. */
    public int intern(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int hash = Arrays.hashCode(bytes);
        int found = find(bytes, hash, values.size());
        if (found >= 0) {
            return found;
        }
        int row = values.append(bytes);
        slots.add(hash, row);
        return row;
    }

    /**
     * The row of {@code text}, or -1.
     *
     * @param bound only rows below it exist for this reader
     */
    public int find(String text, int bound) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return find(bytes, Arrays.hashCode(bytes), bound);
    }

    private int find(byte[] bytes, int hash, int bound) {
        return slots.find(hash, bound, row -> values.equal(row, bytes));
    }

    /** Whether the string in a row begins with these UTF-8 bytes. */
    public boolean startsWith(int row, byte[] prefix) {
        int offset = values.offset(row);
        return values.length(row) >= prefix.length
                && Arrays.equals(values.array(row), offset, offset + prefix.length, prefix, 0, prefix.length);
    }

    /** The string in a row; of the first rows, which in a table of kinds or names are all, always the same object. */
    public String text(int row) {
        if (row >= FIRST) {
            return values.text(row);
        }
        String known = (String) ELEMENT.getAcquire(first, row);
        if (known == null) {
            known = values.text(row); // another thread may do the same: both are equal
            ELEMENT.setRelease(first, row, known);
        }
        return known;
    }

    /** How many strings there are. Writer only; readers keep the count of their view. */
    public int size() {
        return values.size();
    }

    /** Writes the strings below a bound. Any thread whose view has them. */
    public void save(int rows, DataOutput out) throws IOException {
        values.save(rows, out);
    }

    /** Fills this empty table with what {@link #save} wrote. */
    public void load(DataInput in) throws IOException {
        values.load(in);
        slots.fill(values.size());
    }

    /** Fills this empty table with what former snapshots have. */
    public void read(DataInput in) throws IOException {
        values.read(in);
        slots.fill(values.size());
    }

    /** Whether the string in a row has these UTF-8 bytes and no others. */
    public boolean equal(int row, byte[] bytes) {
        return values.equal(row, bytes);
    }

    /** The hash of the string in a row, the same as of its UTF-8 bytes. */
    public int hash(int row) {
        return values.look(row, StringTable::hash);
    }

    /** The hash of {@code length} bytes from {@code offset}. */
    public static int hash(byte[] array, int offset, int length) {
        int hash = 1;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + array[i];
        }
        return hash;
    }

    /** Bytes of memory held. */
    public long memoryBytes() {
        return values.memoryBytes() + slots.memoryBytes();
    }
}
