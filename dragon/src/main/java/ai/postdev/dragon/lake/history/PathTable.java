package ai.postdev.dragon.lake.history;

import ai.postdev.dragon.lake.column.BytesColumn;
import ai.postdev.dragon.lake.column.PackedColumn;
import ai.postdev.dragon.lake.column.Slots;
import ai.postdev.dragon.lake.column.StringTable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.function.IntConsumer;

/**
 * Paths of files, each kept once and named by a row: its folder, which many share, and its name. One writer, readers on any
 * thread.
 */
final class PathTable {
    private final StringTable folders = new StringTable();
    private final PackedColumn folderRows = new PackedColumn();
    private final BytesColumn names = new BytesColumn();
    private final Slots slots = new Slots(this::hash);

    /** A path as two strings of UTF-8 bytes. */
    private record Parts(String folder, byte[] folderBytes, byte[] name) {
        static Parts of(String path) {
            int cut = path.lastIndexOf('/') + 1;
            String folder = path.substring(0, cut);
            return new Parts(
                    folder,
                    folder.getBytes(StandardCharsets.UTF_8),
                    path.substring(cut).getBytes(StandardCharsets.UTF_8));
        }

        int hash() {
            return mixed(StringTable.hash(folderBytes, 0, folderBytes.length), StringTable.hash(name, 0, name.length));
        }
    }

    private static int mixed(int folder, int name) {
        return 31 * folder + name;
    }

    private int hash(int row) {
        return mixed(folders.hash(folderRows.getInt(row)), names.look(row, StringTable::hash));
    }

    /** The row of a path, made if it is new. Writer only. */
    int intern(String path) {
        Parts parts = Parts.of(path);
        int found = find(parts, size());
        if (found >= 0) {
            return found;
        }
        folderRows.append(folders.intern(parts.folder()));
        int row = names.append(parts.name());
        slots.add(parts.hash(), row);
        return row;
    }

    /**
     * The row of a path, or -1.
     *
     * @param bound only rows below it exist for this reader
     */
    int find(String path, int bound) {
        return find(Parts.of(path), bound);
    }

    private int find(Parts parts, int bound) {
        return slots.find(
                parts.hash(),
                bound,
                row -> names.equal(row, parts.name()) && folders.equal(folderRows.getInt(row), parts.folderBytes()));
    }

    /** The path in a row. */
    String text(int row) {
        return folders.text(folderRows.getInt(row)).concat(names.text(row));
    }

    /** Whether the path in a row has this name, in whatever folder. */
    boolean isNamed(int row, byte[] name) {
        return names.equal(row, name);
    }

    /**
     * Hands out the rows of the paths below a folder, however deep.
     *
     * @param folder ends with a slash
     * @param bound only rows below it exist for this reader
     */
    void eachBelow(String folder, int bound, IntConsumer to) {
        byte[] prefix = folder.getBytes(StandardCharsets.UTF_8);
        BitSet asked = new BitSet();
        BitSet below = new BitSet();
        for (int row = 0; row < bound; row++) {
            int at = folderRows.getInt(row);
            if (!asked.get(at)) {
                asked.set(at);
                below.set(at, folders.startsWith(at, prefix));
            }
            if (below.get(at)) {
                to.accept(row);
            }
        }
    }

    /** How many paths there are. Writer only; readers keep the count of their view. */
    int size() {
        return names.size();
    }

    /** Writes the paths below a bound. Any thread whose view has them. */
    void save(int rows, DataOutput out) throws IOException {
        int folder = -1; // folders are numbered as the first path in them comes
        for (int row = 0; row < rows; row++) {
            folder = Math.max(folder, folderRows.getInt(row));
        }
        folders.save(folder + 1, out);
        folderRows.save(rows, out);
        names.save(rows, out);
    }

    /** Fills this empty table with what {@link #save} wrote. */
    void load(DataInput in) throws IOException {
        folders.load(in);
        folderRows.load(in);
        names.load(in);
        int[] folderHashes = new int[folders.size()];
        for (int folder = 0; folder < folderHashes.length; folder++) {
            folderHashes[folder] = folders.hash(folder);
        }
        slots.fill(size(), row -> mixed(folderHashes[folderRows.getInt(row)], names.look(row, StringTable::hash)));
    }

    /** Fills this empty table with the paths that former snapshots have in full. */
    void read(DataInput in) throws IOException {
        int rows = in.readInt();
        for (int row = 0; row < rows; row++) {
            byte[] path = new byte[in.readInt()];
            in.readFully(path);
            intern(new String(path, StandardCharsets.UTF_8));
        }
    }

    long memoryBytes() {
        return folders.memoryBytes() + folderRows.memoryBytes() + names.memoryBytes() + slots.memoryBytes();
    }
}
