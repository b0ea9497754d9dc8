package ai.postdev.dragon.lake.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Plain Java: the definition that the wide kernels are tested against, and what runs where there are none. */
final class ScalarCodeKernel implements CodeKernel {
    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public boolean wide() {
        return false;
    }

    @Override
    public void sums(MemorySegment codes, long offset, int rows, byte[] table, short[] sums, int at) {
        for (int v = 0; v < BLOCK; v++) {
            long from = offset + (v < 32 ? 2L * v : 2L * (v - 32) + 1);
            int sum = 0;
            for (int row = 0; row < rows; row++) {
                int code = codes.get(ValueLayout.JAVA_BYTE, from + (long) row * ROW);
                sum += table[row * 2 * WORDS + (code & 15)] + table[row * 2 * WORDS + WORDS + (code >> 4 & 15)];
            }
            sums[at + v] = (short) sum;
        }
    }

    @Override
    public void correct(MemorySegment corrections, long offset, short[] sums, int at, int factor, int shift, int bias) {
        for (int v = 0; v < BLOCK; v++) {
            sums[at + v] += (short) ((corrections.get(ValueLayout.JAVA_BYTE, offset + v) * factor >> shift) + bias);
        }
    }

    @Override
    public float table(CodeBook book, float[] query, float most, float[] minima, byte[] table) {
        int parts = book.parts();
        float range = 0;
        for (int part = 0; part < parts; part++) {
            float least = Float.MAX_VALUE;
            float greatest = -Float.MAX_VALUE;
            for (int word = 0; word < WORDS; word++) {
                float product = book.product(part, word, query);
                least = Math.min(least, product);
                greatest = Math.max(greatest, product);
            }
            minima[part] = least;
            range = Math.max(range, greatest - least);
        }
        float scale = range > 0 ? most / range : 1;
        for (int part = 0; part < parts; part++) {
            for (int word = 0; word < WORDS; word++) {
                table[part * WORDS + word] = (byte) Math.rint((book.product(part, word, query) - minima[part]) * scale);
            }
        }
        return scale;
    }

    @Override
    public int atLeast(short[] scores, int count, int threshold) {
        int reached = 0;
        for (int i = 0; i < count; i++) {
            reached += scores[i] >= threshold ? 1 : 0;
        }
        return reached;
    }

    @Override
    public int collect(short[] scores, int count, int threshold, int[] places) {
        int found = 0;
        for (int i = 0; i < count; i++) {
            if (scores[i] >= threshold) {
                places[found++] = i;
            }
        }
        return found;
    }

    @Override
    public void encode(CodeBook book, float[] columns, int[] codes) {
        int parts = book.parts();
        for (int part = 0; part < parts; part++) {
            for (int v = 0; v < BLOCK; v++) {
                codes[part * BLOCK + v] =
                        book.nearest(part, columns[part * BLOCK + v], columns[(parts + part) * BLOCK + v]);
            }
        }
    }
}
