package ai.postdev.dragon.lake.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Four bits for two numbers and one byte of correction; scored by look-ups in registers. */
final class PqCodec implements Codec {
    /** Entries of the look-up table: four of them fit into a byte. */
    private static final float ENTRY_MAX = 62.9f;
    /** All entries together must stay below the largest short and leave room for correction. */
    private static final float SUM_MAX = 28_000;

    private static final int BIAS_MAX = 28_000;
    private static final int FACTOR_MAX = 255;
    private static final int SHIFT_MAX = 7;

    private final CodeKernel kernel;
    private final CodeBook book;
    /** Inner product of one step of the correction byte. */
    private final float step;

    /** How far from the centre towards a vector the queries lie that it is near to. */
    private final float lean;

    private final int rows;
    private final float entryMax;

    PqCodec(CodeKernel kernel, CodeBook book, float step, float lean) {
        this.kernel = kernel;
        this.book = book;
        this.step = step;
        this.lean = lean;
        this.rows = book.parts() / 2;
        this.entryMax = Math.min(ENTRY_MAX, SUM_MAX / book.parts());
    }

    @Override
    public String name() {
        return rows + 1 + " bytes, " + kernel.name();
    }

    @Override
    public long codeBytes() {
        return (rows + 1L) * CodeKernel.ROW;
    }

    private long corrections() {
        return BlockStore.CODES + (long) rows * CodeKernel.ROW;
    }

    @Override
    public void prepare(QueryBuffers b) {
        float scale = kernel.table(book, b.turned, entryMax, b.minima, b.table);
        float base = 0;
        for (int part = 0; part < book.parts(); part++) {
            base += b.minima[part];
        }
        b.base = base;
        b.scale = scale;
        float factor = Math.min(step * scale, FACTOR_MAX);
        int shift = 0;
        while (shift < SHIFT_MAX && factor * (2 << shift) <= FACTOR_MAX) {
            shift++;
        }
        b.shift = shift;
        b.factor = Math.round(factor * (1 << shift));
    }

    @Override
    public void score(QueryBuffers b, BlockStore store, int from, int to, float bias) {
        int steps = Math.max(-BIAS_MAX, Math.min(Math.round(bias * b.scale), BIAS_MAX));
        int i = from;
        for (; i + 1 < to; i += 2) {
            int first = b.blocks[i];
            int second = b.blocks[i + 1];
            kernel.sums(
                    store.segment(first),
                    store.offset(first) + BlockStore.CODES,
                    store.segment(second),
                    store.offset(second) + BlockStore.CODES,
                    rows,
                    b.table,
                    b.scores,
                    i * CodeKernel.BLOCK);
            correct(b, store, i, steps);
            correct(b, store, i + 1, steps);
        }
        if (i < to) {
            int last = b.blocks[i];
            kernel.sums(
                    store.segment(last),
                    store.offset(last) + BlockStore.CODES,
                    rows,
                    b.table,
                    b.scores,
                    i * CodeKernel.BLOCK);
            correct(b, store, i, steps);
        }
    }

    private void correct(QueryBuffers b, BlockStore store, int i, int bias) {
        int block = b.blocks[i];
        kernel.correct(
                store.segment(block),
                store.offset(block) + corrections(),
                b.scores,
                i * CodeKernel.BLOCK,
                b.factor,
                b.shift,
                bias);
    }

    @Override
    public void encode(Encoding e, float[] near) {
        kernel.encode(book, e.columns, e.codes);
        int parts = book.parts();
        for (int part = 0; part < parts; part++) {
            correct(e, part, near[part], near[parts + part]);
        }
    }

    private void correct(Encoding e, int part, float nearX, float nearY) {
        int at = part * CodeKernel.BLOCK;
        int atY = at + book.parts() * CodeKernel.BLOCK;
        for (int v = 0; v < e.count; v++) {
            int word = part * CodeKernel.WORDS + e.codes[at + v];
            float x = e.columns[at + v];
            float y = e.columns[atY + v];
            e.corrections[v] += (nearX + lean * x) * (x - book.x[word]) + (nearY + lean * y) * (y - book.y[word]);
        }
    }

    @Override
    public void write(Encoding e, int v, MemorySegment block, long codes, int place) {
        long at = codes + byteOf(place);
        for (int row = 0; row < rows; row++) {
            int low = e.codes[2 * row * CodeKernel.BLOCK + v];
            int high = e.codes[(2 * row + 1) * CodeKernel.BLOCK + v];
            block.set(ValueLayout.JAVA_BYTE, at + (long) row * CodeKernel.ROW, (byte) (high << 4 | low));
        }
        int correction = Math.max(-127, Math.min(Math.round(e.corrections[v] / step), 127));
        block.set(ValueLayout.JAVA_BYTE, codes + (long) rows * CodeKernel.ROW + place, (byte) correction);
    }

    private static int byteOf(int place) {
        return place < 32 ? 2 * place : 2 * (place - 32) + 1;
    }

    @Override
    public void copy(MemorySegment from, long fromCodes, int fromPlace, MemorySegment to, long toCodes, int toPlace) {
        for (int row = 0; row < rows; row++) {
            byte code = from.get(ValueLayout.JAVA_BYTE, fromCodes + (long) row * CodeKernel.ROW + byteOf(fromPlace));
            to.set(ValueLayout.JAVA_BYTE, toCodes + (long) row * CodeKernel.ROW + byteOf(toPlace), code);
        }
        byte correction = from.get(ValueLayout.JAVA_BYTE, fromCodes + (long) rows * CodeKernel.ROW + fromPlace);
        to.set(ValueLayout.JAVA_BYTE, toCodes + (long) rows * CodeKernel.ROW + toPlace, correction);
    }

    @Override
    public long memoryBytes() {
        return book.memoryBytes();
    }
}
