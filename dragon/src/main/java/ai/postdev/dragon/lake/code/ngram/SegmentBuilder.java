package ai.postdev.dragon.lake.code.ngram;

import java.util.Arrays;

/**
 * Makes one {@link Segment} of some texts. Grams are gathered unit by unit and then sorted by two counting passes of 12
 * bits each; a pass keeps the order of units. Single-threaded; several builders may work at once.
 */
public final class SegmentBuilder {
    /** A unit is cut at the first line end at which it has this many bytes. */
    public static final int UNIT_BYTES = 4096;
    /** Units of one segment, so that a unit and half a gram fit into 32 bits; also when segments are merged. */
    public static final int UNITS_MAX = 1 << 20;
    /** Bytes of text in one builder, so that its tables fit into arrays. */
    public static final long TEXT_BYTES_MAX = 256 << 20;

    private static final int HALF_BITS = 12;
    private static final int HALF = 1 << HALF_BITS;
    private static final int UNIT_BITS = 20;

    /** One bit for each gram: whether the present unit has it. */
    private final long[] seen = new long[1 << (8 * GramQuery.GRAM_BYTES - 6)];
    /** The grams of all units, one unit after the other. */
    private int[] grams = new int[1 << 16];

    private int gramCount;
    private int[] gramEnds = new int[1 << 10];
    private int[] blobs = new int[1 << 10];
    private int[] starts = new int[1 << 10];
    private int[] lines = new int[1 << 10];
    private int units;
    private long textBytes;

    /** Bytes of text taken so far. */
    public long textBytes() {
        return textBytes;
    }

    /**
     * Takes a text.
     *
     * @param blob its number, at least 0; each is taken once
     * @return whether it was taken: what is empty, not UTF-8, or too much for this builder is not
     */
    public boolean add(int blob, byte[] text) {
        if (text.length == 0
                || textBytes + text.length > TEXT_BYTES_MAX
                || units + text.length / UNIT_BYTES + 1 > UNITS_MAX
                || !Utf8Check.valid(text)) {
            return false;
        }
        textBytes += text.length;
        int at = 0;
        int line = 1;
        while (at < text.length) {
            beginUnit(blob, at, line);
            int from = at;
            int cutAt = text.length - at < UNIT_BYTES + UNIT_BYTES / 2 ? text.length : at + UNIT_BYTES;
            at = unitEnd(text, cutAt);
            line += gather(text, from, at);
            for (int i = units == 0 ? 0 : gramEnds[units - 1]; i < gramCount; i++) {
                seen[grams[i] >>> 6] = 0;
            }
            gramEnds[units++] = gramCount;
        }
        return true;
    }

    private static int unitEnd(byte[] text, int from) {
        int at = from;
        while (at < text.length && text[at - 1] != '\n') {
            at++;
        }
        return at;
    }

    private void beginUnit(int blob, int start, int line) {
        if (units == gramEnds.length) {
            gramEnds = Arrays.copyOf(gramEnds, 2 * units);
            blobs = Arrays.copyOf(blobs, 2 * units);
            starts = Arrays.copyOf(starts, 2 * units);
            lines = Arrays.copyOf(lines, 2 * units);
        }
        blobs[units] = blob;
        starts[units] = start;
        lines[units] = line;
    }

    /** Appends the distinct grams of a unit; answers its line feeds. No gram has a line feed: no match has one. */
    private int gather(byte[] text, int from, int to) {
        if (gramCount + (to - from) > grams.length) {
            grams = Arrays.copyOf(grams, Math.max(gramCount + (to - from), grams.length + (grams.length >> 1)));
        }
        int[] out = grams;
        int count = gramCount;
        int feeds = 0;
        int gram = 0;
        int length = 0;
        for (int i = from; i < to; i++) {
            int b = text[i];
            if (b == '\n') {
                feeds++;
                length = 0;
                continue;
            }
            gram = (gram << 8 | b & 0xFF) & 0xFFFFFF;
            if (++length >= GramQuery.GRAM_BYTES) {
                long bit = 1L << gram;
                if ((seen[gram >>> 6] & bit) == 0) {
                    seen[gram >>> 6] |= bit;
                    out[count++] = gram;
                }
            }
        }
        gramCount = count;
        return feeds;
    }

    /** The segment; the builder is of no use afterwards. */
    public Segment build() {
        int[] offsets = new int[HALF + 1];
        for (int i = 0; i < gramCount; i++) {
            offsets[(grams[i] >>> HALF_BITS) + 1]++;
        }
        int largest = 0;
        for (int i = 1; i <= HALF; i++) {
            largest = Math.max(largest, offsets[i]);
            offsets[i] += offsets[i - 1];
        }
        int[] byUpper = new int[gramCount];
        int[] next = Arrays.copyOf(offsets, HALF);
        for (int unit = 0, i = 0; unit < units; unit++) {
            for (; i < gramEnds[unit]; i++) {
                byUpper[next[grams[i] >>> HALF_BITS]++] = (grams[i] & (HALF - 1)) << UNIT_BITS | unit;
            }
        }
        SegmentWriter writer = new SegmentWriter(units, gramCount);
        int[] sorted = new int[largest];
        int[] lower = new int[HALF + 1];
        for (int upper = 0; upper < HALF; upper++) {
            if (offsets[upper] < offsets[upper + 1]) {
                writeBucket(byUpper, offsets[upper], offsets[upper + 1], upper, lower, sorted, writer);
            }
        }
        return writer.segment(
                Arrays.copyOf(blobs, units), Arrays.copyOf(starts, units), Arrays.copyOf(lines, units), textBytes);
    }

    private static void writeBucket(
            int[] entries, int start, int end, int upper, int[] lower, int[] sorted, SegmentWriter writer) {
        Arrays.fill(lower, 0);
        for (int i = start; i < end; i++) {
            lower[(entries[i] >>> UNIT_BITS) + 1]++;
        }
        for (int i = 1; i <= HALF; i++) {
            lower[i] += lower[i - 1];
        }
        for (int i = start; i < end; i++) {
            sorted[lower[entries[i] >>> UNIT_BITS]++] = entries[i] & (UNITS_MAX - 1);
        }
        // Each slot now holds where its gram ends.
        int from = 0;
        for (int low = 0; low < HALF; low++) {
            if (lower[low] > from) {
                writer.add(upper << HALF_BITS | low, sorted, from, lower[low]);
                from = lower[low];
            }
        }
    }
}
