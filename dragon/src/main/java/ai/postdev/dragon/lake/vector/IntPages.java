package ai.postdev.dragon.lake.vector;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/** A growing table of ints that change. One writer, readers on any thread; a value that was never set is -1. */
final class IntPages {
    private static final int BITS = 12;
    private static final int PAGE = 1 << BITS;
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(int[].class);

    private volatile int[][] pages = new int[4][];

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
            pages = all;
        }
        ELEMENT.setRelease(all[page], index & (PAGE - 1), value);
    }

    long memoryBytes() {
        long held = 0;
        for (int[] page : pages) {
            held += Integer.BYTES + (page == null ? 0 : (long) PAGE * Integer.BYTES);
        }
        return held;
    }
}
