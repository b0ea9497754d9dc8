package ai.postdev.dragon.lake.syntax;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * The trees of the texts parsed last, so that the next version of one is parsed only where it differs. A version is known
 * by its lines, not by a name: most of them are those of a text kept here. Bounded by the bytes of the texts. Safe on any
 * thread; {@link #close} frees the trees.
 */
final class RecentTrees implements AutoCloseable {
    /** Texts with fewer lines in common are not taken for versions of one another: little of a tree would be of use. */
    private static final double LIKENESS_MIN = 0.5;

    private final long bytesMax;
    private final Deque<Kept> newestFirst = new ArrayDeque<>();
    private long bytes;
    private long versions;
    private boolean closed;

    /**
     * A text and its tree, which whoever has this must give to {@link #keep} or to {@link TreeSitter#deleteTree}.
     *
     * @param tree without errors: what a parser makes of an error depends on what it read before
     */
    record Kept(Grammar grammar, Lines lines, LineSketch sketch, MemorySegment tree) {
        int bytes() {
            return lines.utf8().length;
        }
    }

    RecentTrees(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** The text that is most like one, with a copy of its tree for the caller alone; null if none is like it. */
    synchronized Kept like(Grammar grammar, LineSketch sketch) {
        Kept best = null;
        double most = LIKENESS_MIN;
        for (Kept kept : newestFirst) {
            double likeness = kept.grammar() == grammar ? kept.sketch().likeness(sketch) : 0;
            if (likeness > most || likeness == most && best == null) {
                most = likeness;
                best = kept;
            }
        }
        if (best == null) {
            return null;
        }
        versions++;
        return new Kept(best.grammar(), best.lines(), best.sketch(), TreeSitter.copyTree(best.tree()));
    }

    /** How many texts were like one that was kept. */
    synchronized long versions() {
        return versions;
    }

    /** Keeps a tree in the place of those of texts like its own; frees the oldest beyond the bound. */
    synchronized void keep(Kept fresh) {
        if (closed || fresh.bytes() > bytesMax) {
            TreeSitter.deleteTree(fresh.tree());
            return;
        }
        for (Iterator<Kept> each = newestFirst.iterator(); each.hasNext(); ) {
            Kept kept = each.next();
            if (kept.grammar() == fresh.grammar() && kept.sketch().likeness(fresh.sketch()) >= LIKENESS_MIN) {
                each.remove();
                free(kept);
            }
        }
        newestFirst.addFirst(fresh);
        bytes += fresh.bytes();
        while (bytes > bytesMax) {
            free(newestFirst.removeLast());
        }
    }

    /** Bytes of the texts whose trees are kept. */
    synchronized long bytes() {
        return bytes;
    }

    @Override
    public synchronized void close() {
        closed = true;
        newestFirst.forEach(this::free);
        newestFirst.clear();
    }

    private void free(Kept kept) {
        bytes -= kept.bytes();
        TreeSitter.deleteTree(kept.tree());
    }
}
