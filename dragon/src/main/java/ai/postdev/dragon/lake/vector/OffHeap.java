package ai.postdev.dragon.lake.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;

/**
 * Native memory that belongs to an object and is given back when nothing can reach that object any more. Not
 * {@code Arena.ofAuto}, which counts against the limit of direct buffers and so against the size of the heap.
 */
final class OffHeap {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final long LINE = 64;

    private final Arena arena = Arena.ofShared();

    private OffHeap() {}

    /** Memory that lives as long as {@code owner}; who reads it must keep the owner reachable meanwhile. */
    static OffHeap of(Object owner) {
        OffHeap memory = new OffHeap();
        Arena arena = memory.arena;
        CLEANER.register(owner, arena::close);
        return memory;
    }

    /** So many zeros, at the start of a cache line. */
    MemorySegment allocate(long bytes) {
        return arena.allocate(bytes, LINE);
    }
}
