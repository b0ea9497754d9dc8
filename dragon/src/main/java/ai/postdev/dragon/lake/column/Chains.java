package ai.postdev.dragon.lake.column;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.IntPredicate;

/**
 * For each key row a list of values, newest first. One writer, readers on any thread: a reader skips the links made
 * after its view, which lie at the front.
 */
public final class Chains {
    private final IntColumn heads = new IntColumn();
    private final PackedColumn next = new PackedColumn();
    private final PackedColumn values = new PackedColumn();

    /** Makes room for keys up to and with {@code key}. Writer only. */
    public void ensure(int key) {
        while (heads.size() <= key) {
            heads.append(0);
        }
    }

    /** Puts a value at the front of the list of {@code key}. Writer only. */
    public void add(int key, int value) {
        ensure(key);
        int link = values.append(value);
        next.append(heads.get(key));
        heads.setRelease(key, link + 1);
    }

    /**
     * Shows the values of {@code key}, newest first, until {@code more} says no.
     *
     * @param key a key that the reader's view knows
     * @param bound only links below it exist for this reader: {@link #links} when the view was made
     */
    public void each(int key, int bound, IntPredicate more) {
        for (int link = heads.getAcquire(key) - 1; link >= 0; link = next.getInt(link) - 1) {
            if (link < bound && !more.test(values.getInt(link))) {
                return;
            }
        }
    }

    /** The value of a link; links are numbered in the order in which they were added, over all keys. */
    public int value(int link) {
        return values.getInt(link);
    }

    /** How many keys have a list. Writer only. */
    public int keys() {
        return heads.size();
    }

    /** How many values there are in all. Writer only; readers keep the count of their view. */
    public int links() {
        return values.size();
    }

    /** How many keys and links there are. */
    public record Bounds(int keys, int links) {}

    /** What there is now. Writer only. */
    public Bounds bounds() {
        return new Bounds(keys(), links());
    }

    /** Writes the lists within bounds. Any thread whose view has them. */
    public void save(Bounds bounds, DataOutput out) throws IOException {
        out.writeInt(bounds.keys());
        for (int key = 0; key < bounds.keys(); key++) {
            int head = heads.getAcquire(key);
            while (head > bounds.links()) { // a link that was made since
                head = next.getInt(head - 1);
            }
            out.writeInt(head);
        }
        next.save(bounds.links(), out);
        values.save(bounds.links(), out);
    }

    /** Fills these empty lists with what {@link #save} wrote. */
    public void load(DataInput in) throws IOException {
        heads.read(in);
        next.load(in);
        values.load(in);
    }

    /** Fills these empty lists with what former snapshots have. */
    public void read(DataInput in) throws IOException {
        heads.read(in);
        next.readInts(in);
        values.readInts(in);
    }

    /** Bytes of memory held. */
    public long memoryBytes() {
        return heads.memoryBytes() + next.memoryBytes() + values.memoryBytes();
    }
}
