package ai.postdev.dragon.lake.history;

import ai.postdev.dragon.lake.column.SnapshotFrames;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Pairs of a fingerprint's bits and an event, in the order of the highest of these bits, which therefore need not be kept:
 * five bytes for each pair, and two for each four. Never changed; any thread.
 *
 * @param bits the run has two to the power of these pairs, so that its events, each of which has one, lie as close together
 * @param first its first event; the others are told by how much later they are
 * @param starts for each value of the highest bits where its pairs start, and one more
 * @param rows for each pair the rest of its bits, and above them its event
 */
record FingerprintRun(int bits, int first, char[] starts, byte[] rows) {
    private static final int ROW = 5;
    /** Pairs to a value of the highest bits: two to the power of these. */
    private static final int SHARED_BITS = 2;

    /** Pairs in the order in which they came. */
    static FingerprintRun of(int bits, long[] keys, int[] events) {
        return of(bits, events[0], keys, events);
    }

    private static FingerprintRun of(int bits, int first, long[] keys, int[] events) {
        int rest = rest(bits);
        char[] starts = new char[(1 << bits - SHARED_BITS) + 1];
        for (long key : keys) {
            starts[(int) (key >>> rest) + 1]++;
        }
        for (int i = 1; i < starts.length; i++) {
            starts[i] += starts[i - 1];
        }
        FingerprintRun run = new FingerprintRun(bits, first, starts, new byte[ROW * keys.length]);
        char[] next = starts.clone();
        for (int pair = 0; pair < keys.length; pair++) {
            int row = next[(int) (keys[pair] >>> rest)]++;
            run.put(row, (long) (events[pair] - first) << rest | keys[pair] & (1L << rest) - 1);
        }
        return run;
    }

    /** All pairs of runs that follow each other. */
    static FingerprintRun merged(int bits, List<FingerprintRun> runs) {
        int pairs = runs.stream().mapToInt(FingerprintRun::size).sum();
        long[] keys = new long[pairs];
        int[] events = new int[pairs];
        int at = 0;
        for (FingerprintRun run : runs) {
            int rest = rest(run.bits);
            for (int high = 0; high + 1 < run.starts.length; high++) {
                for (int row = run.starts[high]; row < run.starts[high + 1]; row++) {
                    keys[at] = (long) high << rest | run.row(row) & (1L << rest) - 1;
                    events[at++] = run.event(row);
                }
            }
        }
        return of(bits, runs.getFirst().first, keys, events);
    }

    private static int rest(int bits) {
        return FingerprintIndex.KEY_BITS - (bits - SHARED_BITS);
    }

    int size() {
        return rows.length / ROW;
    }

    private long row(int row) {
        int at = row * ROW;
        return (rows[at] & 0xFFL) << 32
                | (rows[at + 1] & 0xFFL) << 24
                | (rows[at + 2] & 0xFF) << 16
                | (rows[at + 3] & 0xFF) << 8
                | rows[at + 4] & 0xFF;
    }

    private void put(int row, long value) {
        for (int i = 0; i < ROW; i++) {
            rows[row * ROW + i] = (byte) (value >>> Byte.SIZE * (ROW - 1 - i));
        }
    }

    private int event(int row) {
        return first + (int) (row(row) >>> rest(bits));
    }

    /** Shows the events with these bits, the last added first; false as soon as {@code more} says no. */
    boolean each(long key, int bound, IntPredicate more) {
        int rest = rest(bits);
        long wanted = key & (1L << rest) - 1;
        int high = (int) (key >>> rest);
        for (int row = starts[high + 1] - 1; row >= starts[high]; row--) {
            long found = row(row);
            if ((found & (1L << rest) - 1) == wanted) {
                int event = first + (int) (found >>> rest);
                if (event < bound && !more.test(event)) {
                    return false;
                }
            }
        }
        return true;
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(first);
        out.writeInt(size());
        out.write(rows);
        for (char start : starts) {
            out.writeChar(start);
        }
    }

    static FingerprintRun read(int bits, DataInput in) throws IOException {
        int first = in.readInt();
        byte[] rows = new byte[in.readInt() * ROW];
        in.readFully(rows);
        char[] starts = new char[(1 << bits - SHARED_BITS) + 1];
        SnapshotFrames.chars(in, starts, starts.length);
        return new FingerprintRun(bits, first, starts, rows);
    }

    long memoryBytes() {
        return rows.length + (long) starts.length * Character.BYTES;
    }
}
