package ai.postdev.dragon.lake.vector;

import ai.postdev.dragon.Interleavings;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** What a reader found inside its visit stays its own until it leaves, whatever the writer takes out meanwhile. */
class ReadersInterleavingsTest {
    @Test
    void nothingIsFreedUnderAReader() {
        Interleavings.explore(Memory.class);
    }

    @Test
    void aTableBesideItsWriter() {
        Interleavings.explore(Table.class);
    }

    /** One place that holds memory, as the index's blocks and rows do. */
    public static class Memory {
        private record Retired(Block block, long epoch) {}

        private static final class Block {
            private volatile boolean freed;
        }

        private final Readers readers = new Readers(() -> null);
        private final Deque<Retired> retired = new ArrayDeque<>();
        private volatile Block block = new Block();

        /** Puts another block there, and frees what nobody can be reading any more. */
        @Operation(nonParallelGroup = "writer")
        public void replace() {
            Block old = block;
            block = new Block();
            retired.add(new Retired(old, readers.next()));
            while (!retired.isEmpty() && readers.passed(retired.peek().epoch())) {
                retired.poll().block().freed = true;
            }
        }

        /** Whether a reader's block was its own from its first look to its last. */
        @Operation
        public boolean read() {
            Readers.Visit visit = readers.enter();
            Block found = block;
            boolean before = found.freed;
            boolean after = found.freed;
            visit.leave();
            return !before && !after;
        }
    }

    /** Places within a page, and beyond the pages that are there. */
    @Param(name = "place", gen = IntGen.class, conf = "0:2")
    public static class Table {
        private static final int[] PLACES = {1, 4_096, 40_000};

        private final IntPages pages = new IntPages();

        @Operation(nonParallelGroup = "writer")
        public void set(@Param(name = "place") int place, @Param(gen = IntGen.class, conf = "-1:2") int value) {
            pages.set(PLACES[place], value);
        }

        @Operation
        public int get(@Param(name = "place") int place) {
            return pages.get(PLACES[place]);
        }
    }
}
