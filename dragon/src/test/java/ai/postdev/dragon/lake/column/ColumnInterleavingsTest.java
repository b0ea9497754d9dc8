package ai.postdev.dragon.lake.column;

import ai.postdev.dragon.Interleavings;
import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** One thread appends, others read what was published to them, at the places where a column grows. */
class ColumnInterleavingsTest {
    @Test
    void intsBesideAWriter() {
        Interleavings.explore(Ints.class);
    }

    @Test
    void longsBesideAWriter() {
        Interleavings.explore(Longs.class);
    }

    @Test
    void packedBesideAWriterThatGrowsTheOpenChunk() {
        Interleavings.explore(Growing.class);
    }

    @Test
    void packedBesideAWriterThatPacksTheChunk() {
        Interleavings.stress(Packing.class);
    }

    @Test
    void bytesBesideAWriter() {
        Interleavings.explore(Bytes.class);
    }

    @Test
    void slotsBesideAWriterThatGrowsTheTable() {
        Interleavings.explore(Growth.class);
    }

    @Test
    void chainsBesideAWriter() {
        Interleavings.explore(Lists.class);
    }

    /** A column, the rows in it before anything happens, and how many readers may see. */
    @Param(name = "row", gen = IntGen.class, conf = "0:3")
    public abstract static class Column {
        private static final int UNSEEN = -1;
        private static final int RIGHT = 1;
        private static final int WRONG = 0;

        private final int before;
        private int size;
        private volatile int published;

        Column(int before) {
            this.before = before;
        }

        final void fill() {
            while (size < before) {
                put(size, value(size));
                size++;
            }
            published = size;
        }

        static long value(int row) {
            return row * 0x9E3779B97F4A7C15L >> 20;
        }

        abstract void put(int row, long value);

        abstract boolean holds(int row, long value);

        @Operation(nonParallelGroup = "writer")
        public int append() {
            put(size, value(size));
            published = ++size;
            return size;
        }

        /** Rows around the last one that was there before. */
        @Operation
        public int read(@Param(name = "row") int row) {
            int seen = published;
            int at = before - 2 + row;
            return at >= seen ? UNSEEN : holds(at, value(at)) ? RIGHT : WRONG;
        }
    }

    /** Crosses into a second chunk. */
    public static class Ints extends Column {
        private final IntColumn column = new IntColumn();

        public Ints() {
            super(4095);
            fill();
        }

        @Override
        void put(int row, long value) {
            column.append((int) value);
        }

        @Override
        boolean holds(int row, long value) {
            return column.get(row) == (int) value;
        }
    }

    /** Crosses into a second chunk. */
    public static class Longs extends Column {
        private final LongColumn column = new LongColumn();

        public Longs() {
            super(4095);
            fill();
        }

        @Override
        void put(int row, long value) {
            column.append(value);
        }

        @Override
        boolean holds(int row, long value) {
            return column.get(row) == value;
        }
    }

    /** The open chunk is replaced by a larger one. */
    public static class Growing extends Column {
        private final PackedColumn column = new PackedColumn();

        public Growing() {
            this(15);
        }

        Growing(int before) {
            super(before);
            fill();
        }

        @Override
        void put(int row, long value) {
            column.append(value);
        }

        @Override
        boolean holds(int row, long value) {
            return column.get(row) == value;
        }
    }

    /** The open chunk becomes a packed one, and the next is opened. */
    public static class Packing extends Growing {
        public Packing() {
            super(1022);
        }
    }

    /** The bytes' chunk is full, and another follows. */
    public static class Bytes extends Column {
        private static final String TAIL = "x".repeat(8_000);

        private final BytesColumn column = new BytesColumn();

        public Bytes() {
            super(1);
            fill();
        }

        private static byte[] bytes(long value) {
            return (value + TAIL).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        void put(int row, long value) {
            column.append(bytes(value));
        }

        @Override
        boolean holds(int row, long value) {
            return row < 0 || column.text(row).equals(value + TAIL);
        }
    }

    /** Keys are found by who may see their rows, while the table is replaced. */
    public static class Growth extends Column {
        private final LongColumn keys = new LongColumn();
        private final Slots slots = new Slots(row -> Long.hashCode(keys.get(row)));

        public Growth() {
            super(41);
            fill();
        }

        @Override
        void put(int row, long value) {
            keys.append(value);
            slots.add(Long.hashCode(value), row);
        }

        @Override
        boolean holds(int row, long value) {
            IntPredicate equal = other -> keys.get(other) == value;
            return slots.find(Long.hashCode(value), row + 1, equal) == row;
        }
    }

    /** Values of one key: a reader sees those of its view, newest first. */
    public static class Lists extends Column {
        private final Chains chains = new Chains();

        public Lists() {
            super(3);
            fill();
        }

        @Override
        void put(int row, long value) {
            chains.add(0, (int) value);
        }

        @Override
        boolean holds(int row, long value) {
            int[] next = {row};
            chains.each(0, row + 1, found -> {
                next[0] -= found == (int) value(next[0]) ? 1 : 0;
                return true;
            });
            return next[0] == -1;
        }
    }
}
