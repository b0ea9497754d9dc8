package ai.postdev.dragon.lake.code.ngram;

import java.util.List;

/** The index at one moment. Immutable, safe on any thread. */
public final class NgramView {
    /** Nothing is indexed. */
    public static final NgramView EMPTY = new NgramView(List.of(), new int[0]);

    private final Segment[] segments;
    /** For each segment how many units are in those before it. */
    private final int[] bases;
    /** For each text its first unit, counted through all segments, plus 1; 0 if the text is not indexed. */
    private final int[] places;

    /** @param places is not copied */
    NgramView(List<Segment> segments, int[] places) {
        this.segments = segments.toArray(Segment[]::new);
        this.places = places;
        this.bases = new int[this.segments.length];
        for (int i = 1; i < bases.length; i++) {
            bases[i] = bases[i - 1] + this.segments[i - 1].units();
        }
    }

    /** Whether a search can rely on the index for this text. */
    public boolean holds(int blob) {
        return blob < places.length && places[blob] > 0;
    }

    /** Bytes of the texts that are indexed. */
    public long textBytes() {
        long bytes = 0;
        for (Segment segment : segments) {
            bytes += segment.textBytes();
        }
        return bytes;
    }

    /** Bytes of memory. */
    public long bytes() {
        long bytes = 4L * places.length;
        for (Segment segment : segments) {
            bytes += segment.bytes();
        }
        return bytes;
    }

    /** How many segments a query goes through. */
    public int segments() {
        return segments.length;
    }

    int place(int blob) {
        return blob < places.length ? places[blob] - 1 : -1;
    }

    Segment segment(int index) {
        return segments[index];
    }

    int base(int index) {
        return bases[index];
    }

    /** The segment of a unit counted through all of them. */
    int segmentOf(int place) {
        int at = bases.length - 1;
        while (bases[at] > place) {
            at--;
        }
        return at;
    }

    /** The units that a query allows. */
    public Candidates candidates(GramQuery query) {
        long[][] sets = new long[segments.length][];
        for (int i = 0; i < sets.length; i++) {
            sets[i] = new Evaluation(segments[i]).answer(query);
        }
        return new Candidates(this, sets);
    }
}
