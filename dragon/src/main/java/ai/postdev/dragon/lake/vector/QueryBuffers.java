package ai.postdev.dragon.lake.vector;

import java.util.Arrays;

/** What one query writes into; lent by {@link Readers} and used again. One thread at a time. */
final class QueryBuffers {
    private static final int REGISTER = 16;

    /** The query, zeros up to a whole row. */
    final float[] query;
    /** The query in the space of the codes: rotated if need be, zeros up to the code's length and one register more. */
    final float[] turned;

    final byte[] table;
    final float[] minima;
    final long[] planes;
    final TopK best = new TopK();
    /** The best by estimate, of a search with a filter. */
    final TopK estimated = new TopK();
    /** Scores of the places of {@link #blocks}, 64 each. */
    short[] scores = new short[64 * CodeKernel.BLOCK];

    /** Of one-bit codes: products of the query with the signs, in its levels. */
    float[] raw = new float[64 * CodeKernel.BLOCK];
    /** And what was added to the products of each block. */
    float[] biases = new float[64];

    int[] blocks = new int[64];
    long[] masks = new long[64];
    int[] places = new int[64 * CodeKernel.BLOCK];
    /** Ordinals and rows of vectors that are read in full, some at a time. */
    final int[] candidates = new int[PartitionSearch.AT_ONCE];

    final int[] rows = new int[PartitionSearch.AT_ONCE];
    /** Lists to look into, best first, and the products of their centres with the query. */
    int[] lists = new int[64];

    float[] products = new float[64];
    long[] order = new long[64];
    /** Searches asked with these buffers. */
    int asked;
    /** A sum that keeps the reads ahead of the products from being removed as useless. */
    int touched;
    /** Score steps for one unit of inner product, and the inner product of score 0; set by the codec. */
    float scale;

    float base;
    int factor;
    int shift;
    /** What the query is prepared for, see {@link Codec#preparation}; null for nothing. */
    Object prepared;
    /** Sum of the query's levels, for one-bit codes. */
    int levels;

    QueryBuffers(int rowLength, int codeLength) {
        query = new float[rowLength];
        turned = new float[codeLength + REGISTER];
        int parts = codeLength / 2;
        table = new byte[parts * CodeKernel.WORDS + CodeKernel.TABLE_SLACK];
        minima = new float[parts + REGISTER];
        planes = new long[BitCodec.PLANES * BitCodec.words(codeLength)];
    }

    /** Makes room for the scores of so many blocks; what is there stays. */
    void blocks(int count) {
        if (count > blocks.length) {
            int room = Math.max(count, 2 * blocks.length);
            blocks = Arrays.copyOf(blocks, room);
            scores = Arrays.copyOf(scores, room * CodeKernel.BLOCK);
            raw = Arrays.copyOf(raw, room * CodeKernel.BLOCK);
            biases = Arrays.copyOf(biases, room);
            places = new int[room * CodeKernel.BLOCK];
        }
    }

    /** Makes room for the masks of so many blocks; what is there stays. */
    void masks(int count) {
        if (count > masks.length) {
            masks = Arrays.copyOf(masks, Math.max(count, 2 * masks.length));
        }
    }

    /** Makes room for so many lists. */
    void lists(int count) {
        if (count > lists.length) {
            int room = Math.max(count, 2 * lists.length);
            lists = new int[room];
            products = new float[room];
            order = new long[room];
        }
    }
}
