package ai.postdev.dragon.lake.syntax;

import java.util.Arrays;

/** The rows of a text at which a chunk may begin, in order, with how deep in the text's structure each lies. */
final class Cuts {
    private int[] rows = new int[64];
    private int[] depths = new int[64];
    private boolean[] leads = new boolean[64];
    private int size;

    /**
     * Adds a place to cut. Rows before the last one are passed over; of several at one row the first counts.
     *
     * @param lead whether what begins here (comment, annotation) belongs to what follows it
     */
    void add(int row, int depth, boolean lead) {
        if (size > 0 && row <= rows[size - 1]) {
            if (row == rows[size - 1]) {
                leads[size - 1] &= lead;
            }
            return;
        }
        if (size == rows.length) {
            rows = Arrays.copyOf(rows, size * 2);
            depths = Arrays.copyOf(depths, size * 2);
            leads = Arrays.copyOf(leads, size * 2);
        }
        rows[size] = row;
        depths[size] = depth;
        leads[size++] = lead;
    }

    int size() {
        return size;
    }

    int row(int index) {
        return rows[index];
    }

    int depth(int index) {
        return depths[index];
    }

    boolean lead(int index) {
        return leads[index];
    }
}
