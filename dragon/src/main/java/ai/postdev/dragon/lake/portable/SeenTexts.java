package ai.postdev.dragon.lake.portable;

import ai.postdev.actors.op.ContentHash;

/**
 * The texts that a stream holds already, in 32 bytes each at most: the first half of each hash, which no two texts
 * share unless SHA-256 is broken. Not for use by several threads.
 */
final class SeenTexts {
    private static final int FIRST = 1 << 10;

    private long[] slots = new long[2 * FIRST];
    private int size;
    private boolean zero;

    /** Whether the hash was not there before. */
    boolean add(ContentHash hash) {
        if (hash.a() == 0 && hash.b() == 0) {
            boolean added = !zero;
            zero = true;
            return added;
        }
        if (4 * size > slots.length) {
            grow();
        }
        if (!put(slots, hash.a(), hash.b())) {
            return false;
        }
        size++;
        return true;
    }

    private static boolean put(long[] slots, long a, long b) {
        int mask = slots.length / 2 - 1;
        int at = (int) (a >>> 32) & mask;
        while (slots[2 * at] != 0 || slots[2 * at + 1] != 0) {
            if (slots[2 * at] == a && slots[2 * at + 1] == b) {
                return false;
            }
            at = (at + 1) & mask;
        }
        slots[2 * at] = a;
        slots[2 * at + 1] = b;
        return true;
    }

    private void grow() {
        long[] larger = new long[2 * slots.length];
        for (int i = 0; i < slots.length; i += 2) {
            if (slots[i] != 0 || slots[i + 1] != 0) {
                put(larger, slots[i], slots[i + 1]);
            }
        }
        slots = larger;
    }
}
