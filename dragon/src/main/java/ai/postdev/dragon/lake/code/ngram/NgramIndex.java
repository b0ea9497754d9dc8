package ai.postdev.dragon.lake.code.ngram;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * The index as its one writer sees it: which segments there are, which texts in them were removed, and what to merge
 * next. Adding, replacing and removing cost little; building and merging segments is for other threads.
 */
public final class NgramIndex {
    /** So many segments of about one size become one. */
    static final int MERGED_AT_ONCE = 4;
    /** Segments with this many units or fewer count as one size. */
    private static final int SMALLEST_UNITS = 256;
    /** A segment is merged with itself when a removed text's units are more than this part of it. */
    private static final double REMOVED_MAX = 0.25;

    private static final class Entry {
        private final Segment segment;
        private int removedUnits;

        private Entry(Segment segment) {
            this.segment = segment;
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private final BitSet removed = new BitSet();
    /** The highest number of a text, plus 1. */
    private int numbers;

    private NgramView view = NgramView.EMPTY;

    /** What is indexed now. */
    public NgramView view() {
        return view;
    }

    /** Adds texts; none of them is in the index. */
    public void add(Segment segment) {
        if (segment.units() > 0) {
            entries.add(new Entry(segment));
            publish();
        }
    }

    /** A text is not searched any more. Its units go when its segment is merged. */
    public void remove(int blob) {
        if (view.holds(blob) && !removed.get(blob)) {
            removed.set(blob);
            count(blob, 1);
        }
    }

    /** A removed text is searched again; does nothing for others. */
    public void revive(int blob) {
        if (view.holds(blob) && removed.get(blob)) {
            removed.clear(blob);
            count(blob, -1);
        }
    }

    private void count(int blob, int sign) {
        int place = view.place(blob);
        int at = view.segmentOf(place);
        Entry entry = entries.get(at);
        int unit = place - view.base(at);
        entry.removedUnits += sign * (entry.segment.textEnd(unit) - unit);
    }

    /** Segments that should be merged next, if any; the caller has one merge under way at most. */
    public Optional<SegmentMerge> merge() {
        for (int size = 0; size < Integer.SIZE; size++) {
            List<Segment> alike = new ArrayList<>();
            long units = 0;
            for (Entry entry : entries) {
                if (size(entry.segment) == size && alike.size() < MERGED_AT_ONCE) {
                    alike.add(entry.segment);
                    units += entry.segment.units();
                }
            }
            if (alike.size() == MERGED_AT_ONCE && units <= SegmentBuilder.UNITS_MAX) {
                return Optional.of(merge(alike));
            }
        }
        for (Entry entry : entries) {
            if (entry.removedUnits > entry.segment.units() * REMOVED_MAX) {
                return Optional.of(merge(List.of(entry.segment)));
            }
        }
        return Optional.empty();
    }

    private SegmentMerge merge(List<Segment> segments) {
        return new SegmentMerge(segments, (BitSet) removed.clone());
    }

    /** Segments of one size differ by a factor of less than {@link #MERGED_AT_ONCE}. */
    private static int size(Segment segment) {
        int size = 0;
        for (int units = segment.units(); units > SMALLEST_UNITS; units /= MERGED_AT_ONCE) {
            size++;
        }
        return size;
    }

    /**
     * Puts the outcome of a merge where its segments were.
     *
     * @return texts that the merge left out and that were revived meanwhile: they are not indexed now
     */
    public int[] replace(SegmentMerge merge, Segment merged) {
        int first = -1;
        for (int i = 0; i < entries.size(); i++) {
            if (merge.segments().contains(entries.get(i).segment)) {
                first = first < 0 ? i : first;
            }
        }
        if (first < 0) {
            throw new IllegalArgumentException("none of the merged segments is in the index");
        }
        List<Integer> missed = new ArrayList<>();
        for (Segment segment : merge.segments()) {
            for (int unit = 0; unit < segment.units(); unit = segment.textEnd(unit)) {
                int blob = segment.blobs[unit];
                if (merge.removed().get(blob)) {
                    if (removed.get(blob)) {
                        removed.clear(blob);
                    } else {
                        missed.add(blob);
                    }
                }
            }
        }
        entries.removeIf(entry -> merge.segments().contains(entry.segment));
        Entry entry = new Entry(merged);
        if (merged.units() > 0) {
            for (int unit = 0; unit < merged.units(); unit = merged.textEnd(unit)) {
                entry.removedUnits += removed.get(merged.blobs[unit]) ? merged.textEnd(unit) - unit : 0;
            }
            entries.add(Math.min(first, entries.size()), entry);
        }
        publish();
        return missed.stream().mapToInt(Integer::intValue).toArray();
    }

    private void publish() {
        int base = 0;
        for (Entry entry : entries) {
            for (int blob : entry.segment.blobs) {
                numbers = Math.max(numbers, blob + 1);
            }
        }
        int[] places = new int[numbers];
        for (Entry entry : entries) {
            int[] blobs = entry.segment.blobs;
            for (int unit = 0; unit < blobs.length; unit++) {
                if (unit == 0 || blobs[unit] != blobs[unit - 1]) {
                    places[blobs[unit]] = base + unit + 1;
                }
            }
            base += blobs.length;
        }
        view = new NgramView(entries.stream().map(entry -> entry.segment).toList(), places);
    }

    /** Bytes of memory. */
    public long bytes() {
        return view.bytes() + removed.size() / 8;
    }
}
