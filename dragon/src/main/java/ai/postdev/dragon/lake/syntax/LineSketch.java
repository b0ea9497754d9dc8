package ai.postdev.dragon.lake.syntax;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Which lines a text has, in a few numbers: the smallest hashes of its lines. Of two texts that share most of their lines
 * most of these are the same, wherever the lines stand (Broder, "On the resemblance and containment of documents", 1997).
 * Immutable.
 */
final class LineSketch {
    private static final int SIZE = 64;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long[] smallest;

    private LineSketch(long[] smallest) {
        this.smallest = smallest;
    }

    /** The sketch of a text; blank lines say nothing and are left out. */
    static LineSketch of(Lines lines) {
        byte[] utf8 = lines.utf8();
        long[] hashes = new long[lines.count()];
        int count = 0;
        for (int row = 0; row < lines.count(); row++) {
            if (!lines.isBlank(row)) {
                long hash = 0;
                int end = lines.start(row + 1);
                int i = lines.start(row);
                for (; i + Long.BYTES <= end; i += Long.BYTES) {
                    hash = (hash ^ (long) WORD.get(utf8, i)) * 0x9e3779b97f4a7c15L;
                    hash ^= hash >>> 32;
                }
                for (; i < end; i++) {
                    hash = hash * 31 + utf8[i];
                }
                // Small differences are spread over all bits (the finalizer of MurmurHash3).
                hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
                hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
                hashes[count++] = hash ^ hash >>> 33;
            }
        }
        Arrays.sort(hashes, 0, count);
        long[] sketch = new long[Math.min(SIZE, count)];
        int size = 0;
        for (int i = 0; i < count && size < SIZE; i++) {
            if (i == 0 || hashes[i] != hashes[i - 1]) {
                sketch[size++] = hashes[i];
            }
        }
        return new LineSketch(Arrays.copyOf(sketch, size));
    }

    /** About which part of the lines of both texts are in both, from 0 to 1; 0 if either has no lines. */
    double likeness(LineSketch other) {
        int taken = 0;
        int shared = 0;
        int i = 0;
        int j = 0;
        // The smallest of the union of both are a sample of all lines of both.
        while (taken < SIZE && i < smallest.length && j < other.smallest.length) {
            int order = Long.compare(smallest[i], other.smallest[j]);
            shared += order == 0 ? 1 : 0;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
            taken++;
        }
        int rest = smallest.length - i + other.smallest.length - j;
        int all = Math.min(SIZE, taken + rest);
        return all == 0 ? 0 : (double) shared / all;
    }
}
