package ai.postdev.dragon.lake.code.ngram;

import java.util.BitSet;

/** What a query leaves to be read. Immutable, safe on any thread. */
public final class Candidates {
    private final NgramView view;
    private final long[][] sets;

    Candidates(NgramView view, long[][] sets) {
        this.view = view;
        this.sets = sets;
    }

    /** Takes parts of a text in ascending order; none touches the next. */
    public interface RangeVisitor {
        /**
         * A part from one line's start to another's.
         *
         * @param line the 1-based number of its first line
         * @return whether to go on
         */
        boolean visit(int start, int end, int line);
    }

    /** Goes through the parts left of an indexed text of {@code length} bytes. */
    public void ranges(int blob, int length, RangeVisitor visitor) {
        int place = view.place(blob);
        int at = view.segmentOf(place);
        Segment segment = view.segment(at);
        long[] set = sets[at];
        int end = segment.textEnd(place - view.base(at));
        int unit = next(set, place - view.base(at));
        while (unit >= 0 && unit < end) {
            int last = unit + 1;
            while (last < end && (set[last >>> 6] & 1L << last) != 0) {
                last++;
            }
            int stop = last < end ? segment.starts[last] : length;
            if (!visitor.visit(segment.starts[unit], stop, segment.lines[unit])) {
                return;
            }
            unit = next(set, last);
        }
    }

    /** The numbers of the texts of which a part is left. */
    public BitSet blobs() {
        BitSet blobs = new BitSet();
        for (int s = 0; s < sets.length; s++) {
            Segment segment = view.segment(s);
            for (int unit = next(sets[s], 0); unit >= 0; unit = next(sets[s], unit + 1)) {
                blobs.set(segment.blobs[unit]);
            }
        }
        return blobs;
    }

    /** The first unit of the set at or after {@code from}; -1 if there is none. */
    private static int next(long[] set, int from) {
        int word = from >>> 6;
        if (word >= set.length) {
            return -1;
        }
        long bits = set[word] & -1L << from;
        while (bits == 0) {
            if (++word == set.length) {
                return -1;
            }
            bits = set[word];
        }
        return (word << 6) + Long.numberOfTrailingZeros(bits);
    }
}
