package ai.postdev.dragon.lake.code.ngram;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Work that makes one segment of several and leaves out texts that were removed. Reads only what never changes, so it
 * may run on any thread; {@link NgramIndex#replace} puts the outcome in place.
 *
 * @param segments in the order of the index
 * @param removed the numbers of texts to leave out; not changed any more
 */
public record SegmentMerge(List<Segment> segments, BitSet removed) {
    public SegmentMerge {
        segments = List.copyOf(segments);
    }

    /** Where the next gram of a segment is. */
    private static final class Cursor {
        private final Segment segment;
        /** The new number of each unit; -1 if it is left out. */
        private final int[] units;

        private int at;

        private Cursor(Segment segment, int[] units) {
            this.segment = segment;
            this.units = units;
        }

        private int gram() {
            return at < segment.grams.length ? segment.grams[at] : Integer.MAX_VALUE;
        }
    }

    /** Does the work. */
    public Segment run() {
        int unitsMax = segments.stream().mapToInt(Segment::units).sum();
        int[] blobs = new int[unitsMax];
        int[] starts = new int[unitsMax];
        int[] lines = new int[unitsMax];
        Cursor[] cursors = new Cursor[segments.size()];
        int units = 0;
        for (int s = 0; s < cursors.length; s++) {
            Segment segment = segments.get(s);
            int[] renumbered = new int[segment.units()];
            for (int unit = 0; unit < renumbered.length; unit++) {
                if (removed.get(segment.blobs[unit])) {
                    renumbered[unit] = -1;
                    continue;
                }
                blobs[units] = segment.blobs[unit];
                starts[units] = segment.starts[unit];
                lines[units] = segment.lines[unit];
                renumbered[unit] = units++;
            }
            cursors[s] = new Cursor(segment, renumbered);
        }
        SegmentWriter writer = new SegmentWriter(units, 0);
        long textBytes = units == 0 ? 0 : textBytes(unitsMax, units);
        int[] read = new int[unitsMax];
        int[] kept = new int[unitsMax];
        for (int gram = least(cursors); gram != Integer.MAX_VALUE; gram = least(cursors)) {
            int count = 0;
            for (Cursor cursor : cursors) {
                if (cursor.gram() == gram) {
                    count = append(cursor, read, kept, count);
                    cursor.at++;
                }
            }
            if (count > 0) {
                writer.add(gram, kept, 0, count);
            }
        }
        return writer.segment(
                Arrays.copyOf(blobs, units), Arrays.copyOf(starts, units), Arrays.copyOf(lines, units), textBytes);
    }

    private static int least(Cursor[] cursors) {
        int least = Integer.MAX_VALUE;
        for (Cursor cursor : cursors) {
            least = Math.min(least, cursor.gram());
        }
        return least;
    }

    private static int append(Cursor cursor, int[] read, int[] kept, int count) {
        Segment segment = cursor.segment;
        int n = Postings.read(
                segment.data, segment.offsets[cursor.at], segment.offsets[cursor.at + 1], segment.units(), read);
        int to = count;
        for (int i = 0; i < n; i++) {
            int unit = cursor.units[read[i]];
            kept[to] = unit;
            to += unit >= 0 ? 1 : 0;
        }
        return to;
    }

    /** The bytes of the texts kept; how long a removed text was is known by its share of units only. */
    private long textBytes(int unitsBefore, int unitsNow) {
        long before = segments.stream().mapToLong(Segment::textBytes).sum();
        return unitsNow == unitsBefore ? before : before * unitsNow / unitsBefore;
    }
}
