package ai.postdev.dragon.lake.vector;

import java.lang.foreign.MemorySegment;

/**
 * How vectors of one list are written into blocks and scored without being read. Each code carries a correction: with
 * {@code x = c + r} and {@code r = w + e} (centre, residual, code word, error) the product of a query with {@code x} is
 * {@code q.c + q.w + q.e}. The last part is unknown, but the queries that matter lie near the centre and a little towards
 * {@code x}: {@code (c + lean * r).e} is stored, so that only the rest of {@code q.e} stays unknown. How far they lean is
 * fitted when the index is built; leaving it out doubles the error on data of few effective dimensions, because a code
 * word is on average shorter than its residual. Immutable; any thread.
 */
interface Codec {
    /** Bytes of codes in one block. */
    long codeBytes();

    /** For reports: bytes of code for one vector. */
    String name();

    /** Codecs with the same one write the same into the buffers when they prepare a query. */
    default Object preparation() {
        return this;
    }

    /** Reads the query from {@code buffers.turned}; sets its scale. */
    void prepare(QueryBuffers buffers);

    /**
     * Scores the places of blocks that are in use; what stands at the others means nothing.
     *
     * @param blocks from {@code from} to {@code to} in {@code buffers.blocks}; the scores go to the same places
     * @param bias the product of the query with the list's centre, less the reference
     */
    void score(QueryBuffers buffers, BlockStore store, int from, int to, float bias);

    /** The errors of refined estimates for those of {@link #score}; 1 if estimates cannot be refined. */
    default float refined() {
        return 1;
    }

    /** Estimates some places of the blocks scored last again, with less error: the first {@code count} of {@code b.places}. */
    default void refine(QueryBuffers b, BlockStore store, int count) {}

    /**
     * Finds the codes of the vectors in {@code encoding}.
     *
     * @param near what the query is expected to be near to: the list's centre
     */
    void encode(Encoding encoding, float[] near);

    /** Writes the code of vector {@code v} of {@code encoding} into a place. */
    void write(Encoding encoding, int v, MemorySegment block, long codes, int place);

    /** Copies a code from one place to another. */
    void copy(MemorySegment from, long fromCodes, int fromPlace, MemorySegment to, long toCodes, int toPlace);

    long memoryBytes();
}
