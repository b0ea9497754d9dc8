package ai.postdev.dragon.lake.history;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * The events with a fingerprint, in about five and a half bytes for each pair of the two: almost every fingerprint occurs
 * once, so none is kept in full, but {@value #KEY_BITS} bits of it. A look meets a pair of another fingerprint with the same
 * bits about four times in a million at a million pairs. The newest pairs lie open; each {@value #OPEN} are put in order into
 * a {@link FingerprintRun}, and each {@value #MERGED} of these into a large one. One writer, readers on any thread below
 * the bound of their view.
 */
final class FingerprintIndex {
    /** Bits of a fingerprint that are kept: the high half, and so many of the lowest as every former format has. */
    static final int KEY_BITS = Integer.SIZE + 6;

    private static final int OPEN_BITS = 10;
    private static final int OPEN = 1 << OPEN_BITS;
    private static final int MERGED_BITS = 5;
    private static final int MERGED = 1 << MERGED_BITS;
    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(int[].class);

    /** Large runs first, then small ones, each in the order of their pairs. */
    private volatile State state = new State(new FingerprintRun[0], 0, new Open(0));

    private int last = -1;

    /** @param large how many of the runs are large */
    private record State(FingerprintRun[] runs, int large, Open open) {}

    /** Pairs as they come; the arrays grow by being replaced. */
    private record Open(long[] keys, int[] events, int[] count) {
        Open(int places) {
            this(new long[places], new int[places], new int[1]);
        }

        Open larger() {
            int places = Math.min(OPEN, Math.max(16, 2 * keys.length));
            return new Open(Arrays.copyOf(keys, places), Arrays.copyOf(events, places), count.clone());
        }
    }

    /** The bits of a fingerprint that are kept. */
    static long key(long fingerprint) {
        return fingerprint >>> Integer.SIZE << 6 | fingerprint & 63;
    }

    /**
     * Adds a pair. Writer only.
     *
     * @param event that of the pair added before, or the next
     */
    void add(long fingerprint, int event) {
        addKey(key(fingerprint), event);
    }

    private void addKey(long key, int event) {
        if (event != last && event != last + 1) {
            throw new IllegalArgumentException("a fingerprint of event " + event + " after one of event " + last
                    + ": each event has one, and they come in order");
        }
        last = event;
        Open open = state.open();
        int count = open.count()[0];
        if (count == open.keys().length) {
            open = open.larger();
            state = new State(state.runs(), state.large(), open);
        }
        open.keys()[count] = key;
        open.events()[count] = event;
        COUNT.setRelease(open.count(), 0, count + 1);
        if (count + 1 == OPEN) {
            close();
        }
    }

    private void close() {
        Open open = state.open();
        FingerprintRun[] runs = Arrays.copyOf(state.runs(), state.runs().length + 1);
        runs[runs.length - 1] = FingerprintRun.of(OPEN_BITS, open.keys(), open.events());
        int large = state.large();
        if (runs.length - large == MERGED) {
            FingerprintRun merged = FingerprintRun.merged(
                    OPEN_BITS + MERGED_BITS, Arrays.asList(runs).subList(large, runs.length));
            runs = Arrays.copyOf(runs, large + 1);
            runs[large++] = merged;
        }
        state = new State(runs, large, new Open(0));
    }

    /**
     * Shows the events with a fingerprint, the last added first, until {@code more} says no.
     *
     * @param bound only events below it exist for this reader
     */
    void each(long fingerprint, int bound, IntPredicate more) {
        State now = state;
        long key = key(fingerprint);
        long[] keys = now.open().keys();
        for (int pair = (int) COUNT.getAcquire(now.open().count(), 0) - 1; pair >= 0; pair--) {
            if (keys[pair] == key) {
                int event = now.open().events()[pair];
                if (event < bound && !more.test(event)) {
                    return;
                }
            }
        }
        for (int run = now.runs().length - 1; run >= 0; run--) {
            if (!now.runs()[run].each(key, bound, more)) {
                return;
            }
        }
    }

    /** What there is now, to be written on any thread. Writer only. */
    Frozen freeze() {
        return new Frozen(state, state.open().count()[0], last);
    }

    /** The pairs of a moment: runs never change, and of the open ones the first so many do not. */
    record Frozen(State state, int count, int last) {
        void write(DataOutput out) throws IOException {
            out.writeInt(state.large());
            out.writeInt(state.runs().length);
            for (FingerprintRun run : state.runs()) {
                run.write(out);
            }
            out.writeInt(count == 0 ? last : state.open().events()[0]);
            out.writeInt(count);
            for (int pair = 0; pair < count; pair++) {
                out.writeLong(state.open().keys()[pair]);
                out.writeInt(state.open().events()[pair]);
            }
        }
    }

    void read(DataInput in) throws IOException {
        int large = in.readInt();
        FingerprintRun[] runs = new FingerprintRun[in.readInt()];
        for (int run = 0; run < runs.length; run++) {
            runs[run] = FingerprintRun.read(run < large ? OPEN_BITS + MERGED_BITS : OPEN_BITS, in);
        }
        last = in.readInt();
        state = new State(runs, large, new Open(0));
        for (int left = in.readInt(); left > 0; left--) {
            addKey(in.readLong(), in.readInt());
        }
    }

    long memoryBytes() {
        State now = state;
        return Arrays.stream(now.runs()).mapToLong(FingerprintRun::memoryBytes).sum()
                + (long) now.open().keys().length * (Long.BYTES + Integer.BYTES);
    }
}
