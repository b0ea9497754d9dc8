package ai.postdev.developer.watch;

import java.time.Duration;

/**
 * Makes sure, after a first comparison, that all was read for certain, and remembers that in the lake, so that the next
 * start need not read it. A file read within the clock tick in which it was written may have changed after that; it is
 * read once more. Single-threaded.
 */
final class Settling {
    /** Files read within their tick are read once more after this time. */
    static final Duration DELAY = Duration.ofNanos(2 * Ledger.COARSE_TICK_NANOS);

    private final WorkspaceSync sync;
    private final LakeWriting writing;
    /** At the next quiet moment {@link LakeInventory#SETTLED} is due. */
    private boolean wanted;

    Settling(WorkspaceSync sync, LakeWriting writing) {
        this.sync = sync;
        this.writing = writing;
    }

    /** A first comparison is done. */
    void begin() {
        wanted = true;
    }

    /** Disk and lake agree; the answer is whether {@link #readAgain} is due after {@link #DELAY}. */
    boolean quiet() {
        if (!wanted) {
            return false;
        }
        wanted = false;
        boolean sure = sync.ledger().unsure(WorkspaceDisk.nowNanos()).isEmpty();
        if (sure) {
            writing.due(LakeInventory.SETTLED, Long.toString(System.currentTimeMillis()));
        }
        return !sure;
    }

    /** The files that were read too soon have come of age: they are to be looked at. */
    void readAgain() {
        wanted = sync.touched(sync.ledger().unsure(WorkspaceDisk.nowNanos()));
    }
}
