package ai.postdev.dragon.lake.code;

import ai.postdev.dragon.memory.Slab;
import ai.postdev.dragon.memory.Slabs;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Texts in slabs outside the heap, one after another. A text that is dropped leaves a hole; holes are closed by giving a
 * whole slab back and moving what is left of it. One thread at a time writes; readers on any thread copy, and find out
 * afterwards whether what they copied was still theirs.
 */
final class TextSlabs {
    /** A text that is not here. */
    static final long NOWHERE = -1;

    private static final long FIRST = 64 << 10;
    private static final long LARGEST = 4 << 20;
    /** A longer text has a slab of its own. */
    private static final long SHARED_MAX = LARGEST / 4;

    private static final long PAGE = 4 << 10;
    private static final int ALIGNMENT = 8;
    /** A slab is worth being tidied up when this part of it is held by nobody. */
    private static final long IDLE_PART = 4;
    /** Memory for more texts is taken only if of what is there at most this part is held by nobody. */
    private static final long IDLE_ALL_PART = 8;

    private static final class Piece {
        private final int number;
        private final Slab slab;
        private final List<Blob> blobs = new ArrayList<>();
        private int filled;
        private long idle;
        /** Written by readers without care: it only helps to choose. */
        private boolean read;

        private Piece(int number, Slab slab) {
            this.number = number;
            this.slab = slab;
        }
    }

    private final Slabs source;
    private final long bytesMax;
    private final List<Piece> pieces = new ArrayList<>();
    private long slabBytes;
    private long textBytes;
    private Piece current;
    private boolean closed;

    // Seen by readers: the pieces by number, and how often memory was let go of.
    private volatile Piece[] numbered = new Piece[16];
    private volatile long letGo;

    /** @param bytesMax of slabs taken from {@code source} at a time */
    TextSlabs(Slabs source, long bytesMax) {
        this.source = source;
        this.bytesMax = bytesMax;
    }

    /** Bytes of text that are here. */
    long textBytes() {
        return textBytes;
    }

    /** Bytes of the slabs that they lie in. */
    long slabBytes() {
        return slabBytes;
    }

    /** Copies a text that is here; false if it is not, or went while it was copied. Any thread. */
    boolean copy(Blob blob, TextBuffer into) {
        long before = letGo;
        long place = blob.place();
        if (place == NOWHERE) {
            return false;
        }
        Piece piece = numbered[(int) (place >>> Integer.SIZE)];
        if (piece == null) {
            return false;
        }
        if (!piece.read) {
            piece.read = true; // written once only, or readers would take the line from each other
        }
        int length = (int) blob.size();
        try {
            MemorySegment.copy(
                    piece.slab.memory(), ValueLayout.JAVA_BYTE, (int) place, into.reserve(length), 0, length);
        } catch (IllegalStateException _) {
            return false; // given back meanwhile
        }
        VarHandle.acquireFence();
        return letGo == before;
    }

    /** Puts a text that is not here; false if there is no memory for it. */
    boolean put(Blob blob, byte[] text) {
        int length = (text.length + ALIGNMENT - 1) & -ALIGNMENT;
        Piece piece = closed ? null : room(length);
        if (piece == null) {
            return false;
        }
        place(blob, MemorySegment.ofArray(text), text.length, piece);
        textBytes += text.length;
        return true;
    }

    private void place(Blob blob, MemorySegment from, int length, Piece piece) {
        MemorySegment.copy(from, 0, piece.slab.memory(), piece.filled, length);
        piece.blobs.add(blob);
        blob.place((long) piece.number << Integer.SIZE | piece.filled);
        piece.filled += (length + ALIGNMENT - 1) & -ALIGNMENT;
        if (blob.idle) {
            piece.idle += length;
        }
    }

    /** A piece with so many bytes left; null if there is none to be had. */
    private Piece room(int length) {
        if (length > SHARED_MAX) {
            return take((length + PAGE - 1) & -PAGE, 0);
        }
        if (fits(length)) {
            return current;
        }
        long size = Math.min(LARGEST, FIRST << Math.min(pieces.size(), Long.numberOfTrailingZeros(LARGEST / FIRST)));
        while (size < length) {
            size *= 2;
        }
        Piece taken = take(size, length);
        current = taken == null ? current : taken;
        return taken;
    }

    private boolean fits(int length) {
        return current != null && current.filled + length <= current.slab.bytes();
    }

    /**
     * A new piece of so many bytes, or, if {@code length} is not 0, one with as much room as that which tidying up has left;
     * null if there is neither.
     */
    private Piece take(long bytes, int length) {
        // Many versions of a tree must not take much more than one: what a version let go of is in the journal.
        while (idleBytes() * IDLE_ALL_PART > slabBytes && tidyUp()) {
            if (length > 0 && fits(length)) {
                return current;
            }
        }
        Optional<Slab> slab = bounded(bytes);
        while (slab.isEmpty()) {
            if (!tidyUp()) {
                return null;
            }
            if (length > 0 && fits(length)) {
                return current;
            }
            slab = bounded(bytes);
        }
        slabBytes += bytes;
        Piece piece = new Piece(free(), slab.get());
        pieces.add(piece);
        show(piece.number, piece);
        return piece;
    }

    private long idleBytes() {
        long bytes = 0;
        for (Piece piece : pieces) {
            bytes += piece.idle;
        }
        return bytes;
    }

    /** By a volatile write, so that a reader who meets a new place finds its piece. */
    private void show(int number, Piece piece) {
        Piece[] all = numbered;
        all[number] = piece;
        numbered = all;
    }

    private Optional<Slab> bounded(long bytes) {
        return slabBytes + bytes > bytesMax ? Optional.empty() : source.take(bytes);
    }

    private int free() {
        Piece[] all = numbered;
        for (int number = 0; number < all.length; number++) {
            if (all[number] == null) {
                return number;
            }
        }
        numbered = Arrays.copyOf(all, 2 * all.length);
        return all.length;
    }

    /** Nobody holds the text any more: it goes first. */
    void idle(Blob blob) {
        if (!blob.idle) {
            blob.idle = true;
            count(blob, blob.size());
        }
    }

    /** The text is held again. */
    void busy(Blob blob) {
        if (blob.idle) {
            blob.idle = false;
            count(blob, -blob.size());
        }
    }

    private void count(Blob blob, long bytes) {
        long place = blob.place();
        if (place != NOWHERE) {
            numbered[(int) (place >>> Integer.SIZE)].idle += bytes;
        }
    }

    /** Drops texts that nobody holds from the slab that has most of them; false if there is too little to gain. */
    private boolean tidyUp() {
        Optional<Piece> most = pieces.stream()
                .filter(piece -> piece.idle * IDLE_PART >= piece.slab.bytes())
                .max(Comparator.comparingLong(piece -> piece.idle));
        most.ifPresent(piece -> {
            if (piece.blobs.stream().allMatch(blob -> blob.idle)) {
                drop(piece);
            } else {
                compact(piece);
            }
        });
        return most.isPresent();
    }

    /** Moves what is held in a slab to its start; the next texts are put behind it. */
    private void compact(Piece piece) {
        List<Blob> held = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (Blob blob : piece.blobs) {
            if (!blob.idle) {
                held.add(blob);
                places.add((int) blob.place());
            }
        }
        forget(piece, blob -> blob.idle);
        piece.filled = 0;
        for (int i = 0; i < held.size(); i++) {
            Blob blob = held.get(i);
            // To the left, so what is still to be moved is not written over; copying allows the two to overlap.
            place(blob, piece.slab.memory().asSlice(places.get(i), blob.size()), (int) blob.size(), piece);
        }
        current = piece;
    }

    /** Takes the texts of a slab out of the readers' sight; those that go for good are no longer counted. */
    private void forget(Piece piece, Predicate<Blob> goes) {
        for (Blob blob : piece.blobs) {
            blob.place(NOWHERE);
            textBytes -= goes.test(blob) ? blob.size() : 0;
        }
        piece.blobs.clear();
        piece.idle = 0;
        // One thread writes it: after the places and before the memory changes, so that a reader who copies by an old
        // place notices.
        letGo = letGo + 1;
        // A volatile write does not keep back the plain writes that follow it.
        VarHandle.storeStoreFence();
    }

    /** Gives one slab back. */
    private void drop(Piece piece) {
        pieces.remove(piece);
        current = current == piece ? null : current;
        forget(piece, _ -> true);
        show(piece.number, null);
        slabBytes -= piece.slab.bytes();
        source.give(piece.slab);
    }

    /**
     * Gives slabs back until it was so many bytes or none are left: those with most texts that nobody holds first, then
     * those not read since the last time.
     *
     * @return bytes given back
     */
    long evict(long bytes) {
        long before = slabBytes;
        List<Piece> order = new ArrayList<>(pieces);
        order.sort(Comparator.comparing((Piece piece) -> piece.idle * IDLE_PART < piece.slab.bytes())
                .thenComparing(piece -> piece.read)); // stable: the oldest first
        for (Piece piece : order) {
            if (before - slabBytes >= bytes) {
                break;
            }
            drop(piece);
        }
        pieces.forEach(piece -> piece.read = false);
        return before - slabBytes;
    }

    /** Gives everything back, and takes nothing any more. */
    void close() {
        closed = true;
        for (Piece piece : List.copyOf(pieces)) {
            drop(piece);
        }
    }
}
