package ai.postdev.dragon.lake.vector;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * A growing table of ints that change. One writer, readers on any thread; a value that was never set is -1. A page that holds
 * nothing but -1 is given back, except the last: numbers that are never used twice leave nothing behind.
 */
final class IntPages {
    private static final int BITS = 12;
    private static final int PAGE = 1 << BITS;
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(int[].class);

    private volatile int[][] pages = new int[4][];
    /** Values of each page that are not -1. Writer only. */
    private int[] held = new int[4];
    /** The last page that was ever begun. Writer only. */
    private int last;

    /** The value at an index; what the writer wrote before setting it is visible to the caller too. */
    int get(int index) {
        int[][] all = pages;
        int page = index >>> BITS;
        return page >= all.length || all[page] == null ? -1 : (int) ELEMENT.getAcquire(all[page], index & (PAGE - 1));
    }

    /** Writer only. */
    void set(int index, int value) {
        int page = index >>> BITS;
        int[][] all = pages;
        if (page >= all.length || all[page] == null) {
            if (value < 0) {
                return;
            }
            all = Arrays.copyOf(all, page < all.length ? all.length : Math.max(page + 1, 2 * all.length));
            all[page] = new int[PAGE];
            Arrays.fill(all[page], -1);
            held = Arrays.copyOf(held, all.length);
            last = Math.max(last, page);
            pages = all;
        }
        int before = all[page][index & (PAGE - 1)];
        held[page] += (value < 0 ? 0 : 1) - (before < 0 ? 0 : 1);
        ELEMENT.setRelease(all[page], index & (PAGE - 1), value);
        if (held[page] == 0 && page < last) {
            all = all.clone(); // who still has the old ones finds -1 there too
            all[page] = null;
            pages = all;
        }
    }

    long memoryBytes() {
        long bytes = 0;
        for (int[] page : pages) {
            bytes += 2L * Integer.BYTES + (page == null ? 0 : (long) PAGE * Integer.BYTES);
        }
        return bytes;
    }
}
