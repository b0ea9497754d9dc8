package ai.postdev.dragon.memory;

import java.util.Optional;

/** Slabs in ordinary memory under a bound of their own. */
final class BoundedSlabs implements Slabs {
    private final RamDisk memory = RamDisk.ordinary();
    private final long bytesMax;
    private long taken;

    BoundedSlabs(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    @Override
    public synchronized Optional<Slab> take(long bytes) {
        if (taken + bytes > bytesMax) {
            return Optional.empty();
        }
        taken += bytes;
        return Optional.of(memory.slab(bytes));
    }

    @Override
    public synchronized void give(Slab slab) {
        taken -= slab.bytes();
        slab.close();
    }
}
