package ai.postdev.dragon.model.constrain;

import ai.postdev.dragon.model.constrain.Grammar.Range;
import java.util.ArrayList;
import java.util.List;

/** Ranges of code points as sequences of ranges of bytes (after Russ Cox, utf8-ranges). */
final class Utf8 {
    private static final int[] LAST_OF_LENGTH = {0x7F, 0x7FF, 0xFFFF, 0x10FFFF};
    private static final int MORE_BITS = 6;

    private Utf8() {}

    /** Sequences of pairs of first and last byte, which together are the encodings of the range. */
    static List<int[]> sequences(Range range) {
        List<int[]> all = new ArrayList<>();
        int first = range.first();
        for (int last : LAST_OF_LENGTH) {
            if (first <= last && first <= range.last()) {
                split(first, Math.min(last, range.last()), all);
                first = last + 1;
            }
        }
        return all;
    }

    /** Both have encodings of the same length. */
    private static void split(int first, int last, List<int[]> all) {
        for (int i = 1; i < length(first); i++) {
            int mask = (1 << MORE_BITS * i) - 1;
            if ((first & ~mask) != (last & ~mask)) {
                if ((first & mask) != 0) {
                    split(first, first | mask, all);
                    split((first | mask) + 1, last, all);
                    return;
                }
                if ((last & mask) != mask) {
                    split(first, (last & ~mask) - 1, all);
                    split(last & ~mask, last, all);
                    return;
                }
            }
        }
        byte[] from = Character.toString(first).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] to = Character.toString(last).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        int[] pairs = new int[2 * from.length];
        for (int i = 0; i < from.length; i++) {
            pairs[2 * i] = from[i] & 0xFF;
            pairs[2 * i + 1] = to[i] & 0xFF;
        }
        all.add(pairs);
    }

    private static int length(int codePoint) {
        int length = 1;
        while (codePoint > LAST_OF_LENGTH[length - 1]) {
            length++;
        }
        return length;
    }
}
