package ai.postdev.dragon.lake.column;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Small maps of strings, packed: names once in a table, values as bytes. One writer, readers on any thread; see
 * {@link IntColumn}.
 */
public final class Attributes {
    /** The row of the empty map, which takes no memory. */
    public static final int NONE = -1;

    private final StringTable names = new StringTable();
    private final BytesColumn rows = new BytesColumn();

    /** Appends a map and returns its row. Writer only. */
    public int append(Map<String, String> attributes) {
        if (attributes.isEmpty()) {
            return NONE;
        }
        int size = 0;
        byte[][] values = new byte[attributes.size()][];
        int at = 0;
        for (String value : attributes.values()) {
            values[at] = value.getBytes(StandardCharsets.UTF_8);
            size += 2 * Integer.BYTES + values[at++].length;
        }
        ByteBuffer packed = ByteBuffer.allocate(size);
        at = 0;
        for (String name : attributes.keySet()) {
            byte[] value = values[at++];
            packed.putInt(names.intern(name)).putInt(value.length).put(value);
        }
        return rows.append(packed.array());
    }

    /** The map in a row, in order of its names. */
    public Map<String, String> map(int row) {
        if (row == NONE) {
            return Map.of();
        }
        ByteBuffer packed = ByteBuffer.wrap(rows.array(row), rows.offset(row), rows.length(row));
        TreeMap<String, String> map = new TreeMap<>();
        while (packed.hasRemaining()) {
            String name = names.text(packed.getInt());
            byte[] value = new byte[packed.getInt()];
            packed.get(value);
            map.put(name, new String(value, StandardCharsets.UTF_8));
        }
        return Collections.unmodifiableMap(map);
    }

    /** How many names and maps there are. */
    public record Bounds(int names, int rows) {}

    /** What there is now. Writer only. */
    public Bounds bounds() {
        return new Bounds(names.size(), rows.size());
    }

    /** Writes the maps within bounds. Any thread whose view has them. */
    public void save(Bounds bounds, DataOutput out) throws IOException {
        names.save(bounds.names(), out);
        rows.save(bounds.rows(), out);
    }

    /** Fills this empty column with what {@link #save} wrote. */
    public void load(DataInput in) throws IOException {
        names.load(in);
        rows.load(in);
    }

    /** Fills this empty column with what former snapshots have. */
    public void read(DataInput in) throws IOException {
        names.read(in);
        rows.read(in);
    }

    /** Bytes of memory held. */
    public long memoryBytes() {
        return names.memoryBytes() + rows.memoryBytes();
    }
}
