package ai.postdev.dragon.lake.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Off-heap blocks of 64 places: a mask of the places in use, the ordinal of each, then codes. One writer; any
 * thread reads. A block that was given back is handed out again once no reader can still be looking at it.
 */
final class BlockStore {
    private static final long SLAB_BYTES = 1 << 18;
    private static final int LINE = 64;
    private static final long MASK = 0;
    private static final long ORDINALS = LINE;
    /** Where the codes begin in a block. */
    static final long CODES = ORDINALS + CodeKernel.BLOCK * Integer.BYTES;

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private record Retired(int block, long epoch) {}

    private final long blockBytes;
    private final int bits;
    private final Readers readers;
    private final OffHeap memory = OffHeap.of(this);
    private final ArrayDeque<Retired> retired = new ArrayDeque<>();
    private volatile MemorySegment[] slabs = {};
    private int blocks;
    private int[] free = new int[16];
    private int freed;

    BlockStore(long codeBytes, Readers readers) {
        this.blockBytes = (CODES + codeBytes + LINE - 1) / LINE * LINE;
        this.bits = Integer.numberOfTrailingZeros(Integer.highestOneBit((int) Math.max(16, SLAB_BYTES / blockBytes)));
        this.readers = readers;
    }

    /** An empty block. Writer only. */
    int allocate() {
        while (!retired.isEmpty() && readers.passed(retired.peek().epoch())) {
            push(retired.poll().block());
        }
        if (freed > 0) {
            return free[--freed];
        }
        int block = blocks++;
        if (block >>> bits == slabs.length) {
            MemorySegment[] more = Arrays.copyOf(slabs, slabs.length + 1);
            more[slabs.length] = memory.allocate(blockBytes << bits);
            slabs = more;
        }
        return block;
    }

    private void push(int block) {
        LONG.setRelease(segment(block), offset(block) + MASK, 0L);
        if (freed == free.length) {
            free = Arrays.copyOf(free, 2 * freed);
        }
        free[freed++] = block;
    }

    /** Gives blocks back that no new reader can reach any more. Writer only. */
    void retire(int... gone) {
        long epoch = readers.next();
        for (int block : gone) {
            retired.add(new Retired(block, epoch));
        }
    }

    MemorySegment segment(int block) {
        return slabs[block >>> bits];
    }

    long offset(int block) {
        return (block & ((1 << bits) - 1)) * blockBytes;
    }

    /** Bit {@code i} is set if place {@code i} is in use; everything written before is visible. */
    long mask(int block) {
        return (long) LONG.getAcquire(segment(block), offset(block) + MASK);
    }

    /** The ordinal in a place. */
    int ordinal(int block, int place) {
        return (int) INT.getAcquire(segment(block), offset(block) + ORDINALS + 4L * place);
    }

    /** Puts a vector's ordinal into a free place whose codes are written. Writer only. */
    void occupy(int block, int place, int ordinal) {
        MemorySegment segment = segment(block);
        long offset = offset(block);
        INT.setRelease(segment, offset + ORDINALS + 4L * place, ordinal);
        LONG.setRelease(segment, offset + MASK, mask(block) | 1L << place);
    }

    /** Frees a place. Writer only. */
    void vacate(int block, int place) {
        LONG.setRelease(segment(block), offset(block) + MASK, mask(block) & ~(1L << place));
        INT.setRelease(segment(block), offset(block) + ORDINALS + 4L * place, -1);
    }

    /** A copy of a whole block. Writer only. */
    int copy(int block) {
        int copy = allocate();
        MemorySegment.copy(segment(block), offset(block), segment(copy), offset(copy), blockBytes);
        return copy;
    }

    /** Bytes that hold blocks in use, which a fresh store of the same content would hold too. */
    long usedBytes() {
        return (blocks - freed - retired.size()) * blockBytes;
    }

    long memoryBytes() {
        return slabs.length * (blockBytes << bits) + (long) free.length * Integer.BYTES;
    }
}
