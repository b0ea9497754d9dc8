package ai.postdev.dragon.lake.history;

import ai.postdev.dragon.lake.column.IntColumn;
import ai.postdev.dragon.lake.column.PackedColumn;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * The events with a fingerprint, in about ten bytes for each pair of the two: almost every fingerprint occurs once, so
 * none is kept in full. Pairs are chained by some bits of the fingerprint, and each keeps 32 other bits; a look meets a
 * pair of another fingerprint with the same bits less than once in a hundred million times. Pairs come in generations,
 * each with chains of its own, so that no table ever has to grow: the first is small, each next is twice as large up to a
 * bound. One writer, readers on any thread below the bound of their view.
 */
final class FingerprintIndex {
    private static final int FIRST_BITS = 7;
    private static final int LARGEST_BITS = 17;
    /** Generations that are twice as large as the one before, the first among them. */
    private static final int GROWING = LARGEST_BITS - FIRST_BITS + 1;
    /** Pairs of all these. */
    private static final int GROWN = start(GROWING);

    private static final int TAG_SHIFT = 32;
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(int[].class);

    private final PackedColumn events = new PackedColumn();
    /** How many pairs back the next of the chain is; 0: there is none. */
    private final PackedColumn back = new PackedColumn();

    private final IntColumn tags = new IntColumn();
    /** For each generation and chain the newest pair, plus 1. */
    private volatile int[][] heads = new int[0][];

    private static int start(int generation) {
        return (1 << FIRST_BITS) * ((1 << generation) - 1);
    }

    private static int generation(int pair) {
        return pair < GROWN
                ? Integer.SIZE - 1 - Integer.numberOfLeadingZeros((pair >>> FIRST_BITS) + 1)
                : GROWING + (pair - GROWN >>> LARGEST_BITS);
    }

    /** Two pairs to a chain, when all are there. */
    private static int chains(int generation) {
        return 1 << Math.min(LARGEST_BITS, FIRST_BITS + generation) - 1;
    }

    /** Adds a pair. Writer only. */
    void add(long fingerprint, int event) {
        int pair = events.append(event);
        tags.append((int) (fingerprint >>> TAG_SHIFT));
        int generation = generation(pair);
        if (generation == heads.length) {
            int[][] more = Arrays.copyOf(heads, generation + 1);
            more[generation] = new int[chains(generation)];
            heads = more;
        }
        int[] chains = heads[generation];
        int chain = (int) fingerprint & chains.length - 1;
        back.append(chains[chain] == 0 ? 0 : pair - (chains[chain] - 1));
        ELEMENT.setRelease(chains, chain, pair + 1);
    }

    /** How many pairs there are. Writer only; readers keep the count of their view. */
    int pairs() {
        return events.size();
    }

    /** Shows the events with a fingerprint, the last added first, until {@code more} says no. */
    void each(long fingerprint, int bound, IntPredicate more) {
        int[][] generations = heads;
        int tag = (int) (fingerprint >>> TAG_SHIFT);
        for (int at = bound == 0 ? -1 : generation(bound - 1); at >= 0; at--) {
            int[] chains = generations[at];
            int pair = (int) ELEMENT.getAcquire(chains, (int) fingerprint & chains.length - 1) - 1;
            while (pair >= 0) {
                if (pair < bound && tags.get(pair) == tag && !more.test(events.getInt(pair))) {
                    return;
                }
                int step = back.getInt(pair);
                pair = step == 0 ? -1 : pair - step;
            }
        }
    }

    void write(DataOutput out) throws IOException {
        events.writeInts(out);
        back.writeInts(out);
        tags.write(out);
        for (int[] chains : heads) {
            for (int head : chains) {
                out.writeInt(head);
            }
        }
    }

    void read(DataInput in) throws IOException {
        events.readInts(in);
        back.readInts(in);
        tags.read(in);
        int[][] read = new int[events.size() == 0 ? 0 : generation(events.size() - 1) + 1][];
        for (int generation = 0; generation < read.length; generation++) {
            read[generation] = new int[chains(generation)];
            for (int chain = 0; chain < read[generation].length; chain++) {
                read[generation][chain] = in.readInt();
            }
        }
        heads = read;
    }

    long memoryBytes() {
        long chains = 0;
        for (int[] generation : heads) {
            chains += (long) generation.length * Integer.BYTES;
        }
        return events.memoryBytes() + back.memoryBytes() + tags.memoryBytes() + chains;
    }
}
