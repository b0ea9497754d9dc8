package ai.postdev.dragon.lake.vector;

import java.lang.foreign.MemorySegment;

/**
 * The inner loops over codes: sums of table entries for 64 vectors at once (the "fast scan" of André, Kermarrec and Le
 * Scouarnec, "Cache locality is not enough", VLDB 2015), choosing among scores, and finding code words. Stateless; any
 * thread. Takes arrays and segments only, never vector objects (see {@link VectorKernel}).
 *
 * <p>Codes of one block: for each pair of parts a row of 64 bytes, the first part's code in the low four bits and the
 * second's in the high ones. Byte {@code 2v} is vector {@code v}'s, byte {@code 2v + 1} vector {@code 32 + v}'s, so that
 * the sums of even and of odd bytes come out in order.
 */
public interface CodeKernel {
    /** Vectors of one block. */
    int BLOCK = 64;
    /** Code words of one part: four bits. */
    int WORDS = 16;
    /** Bytes of a row of codes: two parts of 64 vectors. */
    int ROW = 64;
    /** Bytes that a table must have after its last entry, because a whole register is loaded from any entry. */
    int TABLE_SLACK = 64;

    /** For logs. */
    String name();

    /** Whether {@link #sums} runs in registers; otherwise another code should be scanned. */
    boolean wide();

    /**
     * Sums of table entries for one block.
     *
     * @param rows of codes, a multiple of 2
     * @param table 16 entries for each part, each at most 63
     * @param sums receives 64 sums from {@code at} on
     */
    void sums(MemorySegment codes, long offset, int rows, byte[] table, short[] sums, int at);

    /** The same for two blocks: 128 sums. */
    default void sums(
            MemorySegment first,
            long firstOffset,
            MemorySegment second,
            long secondOffset,
            int rows,
            byte[] table,
            short[] sums,
            int at) {
        sums(first, firstOffset, rows, table, sums, at);
        sums(second, secondOffset, rows, table, sums, at + BLOCK);
    }

    /** Adds {@code bias} and each vector's correction byte times {@code factor / 2^shift} to the 64 sums of a block. */
    void correct(MemorySegment corrections, long offset, short[] sums, int at, int factor, int shift, int bias);

    /**
     * The table of a query: the products of its parts with the code words, in steps of {@code 1 / scale} above the
     * smallest of each part.
     *
     * @param query in the order of the code book, and zeros for one more register
     * @param most highest entry of the table
     * @param minima receives each part's smallest product; as long as the code book's padded parts
     * @return the scale
     */
    float table(CodeBook book, float[] query, float most, float[] minima, byte[] table);

    /** How many of the first {@code count} scores, a multiple of 64, reach a threshold. */
    int atLeast(short[] scores, int count, int threshold);

    /** Writes down where the scores are that reach a threshold, in order; returns how many. */
    int collect(short[] scores, int count, int threshold, int[] places);

    /**
     * The nearest code word of each part for 64 vectors.
     *
     * @param columns number {@code d} of all 64 vectors lies together
     * @param codes receives part after part, 64 codes each
     */
    void encode(CodeBook book, float[] columns, int[] codes);

    /**
     * A threshold that at least {@code wanted} scores reach and at most a quarter more, unless equal scores are more; or the
     * lowest of all scores that count, if there are fewer.
     */
    default int threshold(short[] scores, int count, int wanted) {
        int low = Short.MIN_VALUE + 1; // the lowest value of all marks a place without a vector
        int high = Short.MAX_VALUE;
        while (low < high) {
            int middle = (low + high + 1) >> 1;
            int reached = atLeast(scores, count, middle);
            if (reached < wanted) {
                high = middle - 1;
            } else if (reached <= wanted + wanted / 4) {
                return middle;
            } else {
                low = middle;
            }
        }
        return low;
    }
}
