package ai.postdev.dragon.lake.code.ngram;

import java.util.Arrays;

/** Takes grams in ascending order with the units that have them. Single-threaded. */
final class SegmentWriter {
    private final int units;
    private int[] grams = new int[1 << 12];
    private int[] offsets = new int[1 << 12];
    private int count;
    private byte[] data;
    private int length;

    SegmentWriter(int units, int bytesExpected) {
        this.units = units;
        this.data = new byte[Math.max(Postings.bytesMax(units), bytesExpected)];
    }

    /** The units are {@code ascending[from, to)}, at least one. */
    void add(int gram, int[] ascending, int from, int to) {
        if (count + 1 == grams.length) {
            grams = Arrays.copyOf(grams, 2 * grams.length);
            offsets = Arrays.copyOf(offsets, 2 * offsets.length);
        }
        int room = Postings.bytesMax(units);
        if (length + room > data.length) {
            data = Arrays.copyOf(data, length + room + (data.length >> 1));
        }
        grams[count] = gram;
        offsets[count++] = length;
        length = Postings.write(ascending, from, to, units, data, length);
    }

    Segment segment(int[] blobs, int[] starts, int[] lines, long textBytes) {
        int[] ends = Arrays.copyOf(offsets, count + 1);
        ends[count] = length;
        return new Segment(
                blobs, starts, lines, Arrays.copyOf(grams, count), ends, Arrays.copyOf(data, length), textBytes);
    }
}
