package ai.postdev.dragon.lake.code.ngram;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Some texts cut into units, and for each gram the units that have it. Immutable, safe on any thread. Units of one text
 * follow each other.
 */
public final class Segment {
    /** Without texts. */
    public static final Segment EMPTY =
            new Segment(new int[0], new int[0], new int[0], new int[0], new int[1], new byte[0], 0);

    /** For each unit the number of its text, the offset of its first byte and the 1-based number of its first line. */
    final int[] blobs;

    final int[] starts;
    final int[] lines;

    /** Ascending. */
    final int[] grams;

    final int[] offsets;
    final byte[] data;
    private final long textBytes;

    Segment(int[] blobs, int[] starts, int[] lines, int[] grams, int[] offsets, byte[] data, long textBytes) {
        this.blobs = blobs;
        this.starts = starts;
        this.lines = lines;
        this.grams = grams;
        this.offsets = offsets;
        this.data = data;
        this.textBytes = textBytes;
    }

    /** How many units there are. */
    public int units() {
        return blobs.length;
    }

    /** Shows the number of each text. */
    public void eachText(IntConsumer each) {
        for (int unit = 0; unit < blobs.length; unit = textEnd(unit)) {
            each.accept(blobs[unit]);
        }
    }

    /** Bytes of the texts in it. */
    public long textBytes() {
        return textBytes;
    }

    /** Bytes of memory. */
    public long bytes() {
        return 4L * (blobs.length + starts.length + lines.length + grams.length + offsets.length) + data.length;
    }

    /** Where the gram is; negative if no unit has it. */
    int find(int gram) {
        return Arrays.binarySearch(grams, gram);
    }

    /** After the last unit of the text whose unit this is. */
    int textEnd(int unit) {
        int end = unit + 1;
        while (end < blobs.length && blobs[end] == blobs[unit]) {
            end++;
        }
        return end;
    }
}
