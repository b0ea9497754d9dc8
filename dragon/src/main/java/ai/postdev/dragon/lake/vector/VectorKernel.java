package ai.postdev.dragon.lake.vector;

import java.lang.foreign.MemorySegment;

/**
 * Inner products of floats, in the form that this machine runs fastest. Stateless; any thread. Takes arrays and
 * segments only: a vector object that crosses a call which is not inlined is allocated, and costs more than it saves.
 */
public interface VectorKernel {
    /** Rows of one tile of {@link #tile}. */
    int TILE_ROWS = 8;

    /** For logs: what runs and how wide. */
    String name();

    /**
     * The inner product of a query with the floats at a place of a segment.
     *
     * @param offset in bytes
     * @param length how many floats
     */
    float dot(MemorySegment floats, long offset, float[] query, int length);

    /**
     * The inner product of a query with bytes, which are signed numbers.
     *
     * @param length how many of each, a multiple of 16
     */
    float dotBytes(MemorySegment bytes, long offset, float[] query, int length);

    /**
     * The inner product of a query with four-bit codes less {@link RowCode#NIBBLE_MIDDLE}. The low half of byte {@code i} is
     * number {@code i}, the high half number {@code i + length / 2}.
     *
     * @param length how many codes, a multiple of 16
     */
    float dotNibbles(MemorySegment codes, long offset, float[] query, int length);

    /** The inner product of a query with {@code length} floats of an array. */
    float dot(float[] floats, int offset, float[] query, int length);

    /**
     * Inner products of a query with vectors that lie one after the other.
     *
     * @param stride bytes from one vector to the next
     * @param from first vector, counted from the segment's start
     * @param to one past the last vector
     * @param scores receives the product of vector {@code i} at {@code i - from}
     */
    default void scores(
            MemorySegment floats, long stride, int from, int to, float[] query, int length, float[] scores) {
        for (int v = from; v < to; v++) {
            scores[v - from] = dot(floats, v * stride, query, length);
        }
    }

    /** Columns of one tile of {@link #tile}. */
    int tileColumns();

    /**
     * Products of {@link #TILE_ROWS} rows with {@link #tileColumns()} columns.
     *
     * @param rows the rows, one after the other, {@code length} floats each
     * @param columns starts at {@code at}; float {@code d} of all the tile's columns lies together, then float
     *     {@code d + 1}
     * @param products receives row after row
     */
    void tile(float[] rows, float[] columns, int at, int length, float[] products);
}
