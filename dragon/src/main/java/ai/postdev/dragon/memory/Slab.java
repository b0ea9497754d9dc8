package ai.postdev.dragon.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A piece of memory outside the heap. Its taker closes it; a reader who still copies from it then gets an
 * {@link IllegalStateException}, never other bytes.
 */
public final class Slab implements AutoCloseable {
    private final Arena arena;
    private final MemorySegment memory;
    private final long bytes;
    private final Runnable closed;

    Slab(Arena arena, MemorySegment memory, Runnable closed) {
        this.arena = arena;
        this.memory = memory;
        this.bytes = memory.byteSize();
        this.closed = closed;
    }

    /** The memory, readable and writable on any thread. */
    public MemorySegment memory() {
        return memory;
    }

    /** Its size. */
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        arena.close();
        closed.run();
    }
}
