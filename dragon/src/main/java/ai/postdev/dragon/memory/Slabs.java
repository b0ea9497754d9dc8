package ai.postdev.dragon.memory;

import java.util.Optional;

/** Hands out slabs to one holder, up to a bound. */
public interface Slabs {
    /** Never hands out any. */
    Slabs NONE = upTo(0);

    /**
     * A slab of so many bytes; empty if the bound does not allow it now. It may allow it later, when others have given back.
     */
    Optional<Slab> take(long bytes);

    /** Takes one back and closes it; nobody reads it any more, or they are content to be told that it is closed. */
    void give(Slab slab);

    /** Slabs in ordinary memory, so many bytes in all. For holders that no budget covers: benchmarks and tests. */
    static Slabs upTo(long bytesMax) {
        return new BoundedSlabs(bytesMax);
    }
}
