package ai.postdev.dragon.lake.column;

import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/**
 * An open-addressing hash index from a key to its row; the keys themselves lie in columns. The writer adds while
 * readers look up: a slot is written once, from free to a row, and a row beyond the reader's bound counts as a stranger.
 * A table that grows is replaced, never changed in place.
 */
public final class Slots {
    private static final int FIRST = 64;

    private final IntUnaryOperator hashOf;
    private volatile int[] table = new int[FIRST];
    private int used;

    /**
     * An empty index.
     *
     * @param hashOf the hash of the key in a row, asked again when the table grows
     */
    public Slots(IntUnaryOperator hashOf) {
        this.hashOf = hashOf;
    }

    /**
     * The row of a key, or -1.
     *
     * @param bound only rows below it exist for this reader
     * @param equal whether the key in a row is the wanted one
     */
    public int find(int hash, int bound, IntPredicate equal) {
        return find(table, hash, bound, equal);
    }

    /** The index as it is now: what it answers does not change when it grows. Any thread. */
    public Fixed fixed() {
        int[] slots = table;
        return (hash, bound, equal) -> find(slots, hash, bound, equal);
    }

    /** An index at a moment. */
    @FunctionalInterface
    public interface Fixed {
        /** As {@link Slots#find}, for bounds of no later than that moment. */
        int find(int hash, int bound, IntPredicate equal);
    }

    private static int find(int[] slots, int hash, int bound, IntPredicate equal) {
        int mask = slots.length - 1;
        for (int at = spread(hash) & mask; ; at = (at + 1) & mask) {
            int row = slots[at] - 1;
            if (row < 0) {
                return -1;
            }
            if (row < bound && equal.test(row)) {
                return row;
            }
        }
    }

    /** Adds so many rows, from the first, to this empty index; faster than one after another. Writer only. */
    public void fill(int rows) {
        fill(rows, hashOf);
    }

    /** As {@link #fill(int)}, with another way to the same hashes. */
    public void fill(int rows, IntUnaryOperator hashes) {
        if (used > 0) {
            throw new IllegalStateException("an index of " + used + " keys is filled once more");
        }
        int places = FIRST;
        while (rows * 3L > places * 2L) {
            places *= 2;
        }
        int[] filled = new int[places];
        for (int row = 0; row < rows; row++) {
            place(filled, hashes.applyAsInt(row), row + 1);
        }
        table = filled;
        used = rows;
    }

    /** Adds a row whose key is not here yet. Writer only. */
    public void add(int hash, int row) {
        if ((used + 1) * 3L > table.length * 2L) {
            int[] larger = new int[table.length * 2];
            for (int slot : table) {
                if (slot != 0) {
                    place(larger, hashOf.applyAsInt(slot - 1), slot);
                }
            }
            table = larger;
        }
        place(table, hash, row + 1);
        used++;
    }

    private static void place(int[] slots, int hash, int value) {
        int mask = slots.length - 1;
        int at = spread(hash) & mask;
        while (slots[at] != 0) {
            at = (at + 1) & mask;
        }
        slots[at] = value;
    }

    /** Multiplicative mixing, so that keys that differ in few bits do not cluster (Knuth, TAOCP 3, 6.4). */
    private static int spread(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ mixed >>> 15;
    }

    /** Bytes of memory held. */
    public long memoryBytes() {
        return (long) table.length * Integer.BYTES;
    }
}
