package ai.postdev.dragon.lake.history;

import ai.postdev.dragon.lake.column.Chains;
import ai.postdev.dragon.lake.column.LongTable;
import java.io.DataInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads the fingerprints of events as former formats of the history's snapshot have them. */
final class FormerFingerprints {
    /** Generations of the chains: the first of so many pairs, each next twice as large up to the largest. */
    private static final int FIRST_BITS = 7;

    private static final int LARGEST_BITS = 17;

    private FormerFingerprints() {}

    /** Each fingerprint in full, with a chain of its events. */
    static void readChains(DataInput in, FingerprintIndex to) throws IOException {
        LongTable values = new LongTable();
        Chains chains = new Chains();
        values.read(in);
        chains.read(in);
        List<long[]> pairs = new ArrayList<>();
        for (int value = 0; value < values.size(); value++) {
            long fingerprint = values.value(value);
            chains.each(value, chains.links(), event -> pairs.add(new long[] {event, fingerprint}));
        }
        pairs.sort(Comparator.comparingLong(pair -> pair[0]));
        pairs.forEach(pair -> to.add(pair[1], (int) pair[0]));
    }

    /**
     * Pairs of an event and the high half of a fingerprint, chained by at least six of its lowest bits in generations: how
     * far back the next of the chain is, and for each chain the newest pair.
     */
    static void readGenerations(DataInput in, FingerprintIndex to) throws IOException {
        int[] events = ints(in);
        int[] back = ints(in);
        int[] tags = ints(in);
        long[] fingerprints = new long[events.length];
        int bits = FIRST_BITS;
        for (int start = 0; start < events.length; start += 1 << bits, bits = Math.min(LARGEST_BITS, bits + 1)) {
            for (int chain = 0; chain < 1 << bits - 1; chain++) {
                int pair = in.readInt() - 1;
                while (pair >= 0) {
                    fingerprints[pair] = (long) tags[pair] << Integer.SIZE | chain;
                    pair = back[pair] == 0 ? -1 : pair - back[pair];
                }
            }
        }
        for (int pair = 0; pair < events.length; pair++) {
            to.add(fingerprints[pair], events[pair]);
        }
    }

    private static int[] ints(DataInput in) throws IOException {
        int[] read = new int[in.readInt()];
        for (int i = 0; i < read.length; i++) {
            read[i] = in.readInt();
        }
        return read;
    }
}
