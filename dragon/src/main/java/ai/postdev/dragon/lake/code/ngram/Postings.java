package ai.postdev.dragon.lake.code.ngram;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Sets of units as bytes: gaps of variable length, or one bit for each unit where that is no longer. Which of the two
 * follows from the length, as gaps are written only when they are shorter than the bits.
 */
final class Postings {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Postings() {}

    /** Words of a bit set over so many units. */
    static int words(int units) {
        return (units + 63) >>> 6;
    }

    /** Writes the ascending units {@code from[start, end)} at {@code at}; answers where they end. */
    static int write(int[] from, int start, int end, int units, byte[] to, int at) {
        int bitBytes = words(units) << 3;
        if (end - start < bitBytes) {
            int limit = at + bitBytes;
            int out = at;
            int last = -1;
            int i = start;
            while (i < end && out < limit) {
                int gap = from[i] - last - 1;
                last = from[i++];
                while (gap >= 0x80) {
                    to[out++] = (byte) (gap | 0x80);
                    gap >>>= 7;
                }
                to[out++] = (byte) gap;
            }
            if (i == end && out < limit) {
                return out;
            }
        }
        Arrays.fill(to, at, at + bitBytes, (byte) 0);
        for (int i = start; i < end; i++) {
            to[at + (from[i] >>> 3)] |= (byte) (1 << (from[i] & 7));
        }
        return at + bitBytes;
    }

    /** The most bytes that {@link #write} touches. */
    static int bytesMax(int units) {
        return (words(units) << 3) + Integer.BYTES;
    }

    /** Reads units into {@code into}; answers how many there are. */
    static int read(byte[] data, int start, int end, int units, int[] into) {
        int count = 0;
        if (end - start == words(units) << 3) {
            for (int w = start; w < end; w += Long.BYTES) {
                int base = (w - start) << 3;
                for (long bits = (long) WORDS.get(data, w); bits != 0; bits &= bits - 1) {
                    into[count++] = base + Long.numberOfTrailingZeros(bits);
                }
            }
            return count;
        }
        int unit = -1;
        int at = start;
        while (at < end) {
            int gap = data[at++];
            if (gap < 0) {
                gap &= 0x7F;
                int shift = 7;
                int b;
                do {
                    b = data[at++];
                    gap |= (b & 0x7F) << shift;
                    shift += 7;
                } while (b < 0);
            }
            unit += gap + 1;
            into[count++] = unit;
        }
        return count;
    }

    /** Adds the units to {@code set}. */
    static void union(byte[] data, int start, int end, int units, long[] set) {
        if (end - start == words(units) << 3) {
            for (int i = 0, at = start; at < end; i++, at += Long.BYTES) {
                set[i] |= (long) WORDS.get(data, at);
            }
            return;
        }
        int unit = -1;
        int at = start;
        while (at < end) {
            int gap = data[at++];
            if (gap < 0) {
                gap &= 0x7F;
                int shift = 7;
                int b;
                do {
                    b = data[at++];
                    gap |= (b & 0x7F) << shift;
                    shift += 7;
                } while (b < 0);
            }
            unit += gap + 1;
            set[unit >>> 6] |= 1L << unit;
        }
    }

    /** Removes every other unit from {@code set}. */
    static void intersect(byte[] data, int start, int end, int units, long[] set) {
        if (end - start == words(units) << 3) {
            for (int i = 0, at = start; at < end; i++, at += Long.BYTES) {
                set[i] &= (long) WORDS.get(data, at);
            }
            return;
        }
        int word = 0;
        long kept = 0;
        int unit = -1;
        int at = start;
        while (at < end) {
            int gap = data[at++];
            if (gap < 0) {
                gap &= 0x7F;
                int shift = 7;
                int b;
                do {
                    b = data[at++];
                    gap |= (b & 0x7F) << shift;
                    shift += 7;
                } while (b < 0);
            }
            unit += gap + 1;
            if (unit >>> 6 != word) {
                set[word++] &= kept;
                kept = 0;
                while (word < unit >>> 6) {
                    set[word++] = 0;
                }
            }
            kept |= 1L << unit;
        }
        set[word++] &= kept;
        Arrays.fill(set, word, set.length, 0);
    }
}
