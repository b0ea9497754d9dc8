package ai.postdev.dragon.lake.vector;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Who is reading, in the manner of epoch-based reclamation (Fraser, "Practical lock-freedom", 2004): a reader enters
 * with the present epoch; memory that was taken out of reach in an epoch is free once every reader inside entered later.
 * Also lends the buffers of a query, so that a query allocates nothing.
 */
final class Readers {
    private static final int SEATS =
            Integer.highestOneBit(Math.max(8, 4 * Runtime.getRuntime().availableProcessors()));
    private static final long OUTSIDE = Long.MAX_VALUE;

    /** One reader inside. */
    static final class Visit {
        private final Readers readers;
        private final int seat;
        private final AtomicLong since = new AtomicLong(OUTSIDE);
        final QueryBuffers buffers;

        private Visit(Readers readers, int seat, QueryBuffers buffers) {
            this.readers = readers;
            this.seat = seat;
            this.buffers = buffers;
        }

        void leave() {
            since.set(OUTSIDE);
            if (seat < 0) {
                readers.standing.decrementAndGet();
            } else {
                readers.taken.set(seat, 0);
            }
        }
    }

    private final AtomicLong epoch = new AtomicLong(1);
    private final AtomicIntegerArray taken = new AtomicIntegerArray(SEATS);
    private final AtomicReferenceArray<Visit> visits = new AtomicReferenceArray<>(SEATS);
    /** Readers that found every seat taken; nothing is freed while there are some. */
    private final AtomicInteger standing = new AtomicInteger();

    private final Supplier<QueryBuffers> make;

    Readers(Supplier<QueryBuffers> make) {
        this.make = make;
    }

    /** Must be followed by {@link Visit#leave}. What is to be read must be looked up after this call. */
    Visit enter() {
        int first = (int) Thread.currentThread().threadId();
        for (int i = 0; i < SEATS; i++) {
            int seat = (first + i) & (SEATS - 1);
            if (taken.get(seat) == 0 && taken.compareAndSet(seat, 0, 1)) {
                Visit visit = visits.get(seat);
                if (visit == null) {
                    visit = new Visit(this, seat, make.get());
                    visits.set(seat, visit);
                }
                visit.since.set(epoch.get());
                return visit;
            }
        }
        standing.incrementAndGet();
        return new Visit(this, -1, make.get());
    }

    /** Begins a new epoch: readers that enter from now on do not find what was taken out of reach before. */
    long next() {
        return epoch.incrementAndGet();
    }

    /** Whether every reader inside entered in {@code since} or later. */
    boolean passed(long since) {
        if (standing.get() > 0) {
            return false;
        }
        for (int seat = 0; seat < SEATS; seat++) {
            Visit visit = visits.get(seat);
            if (visit != null && visit.since.get() < since) {
                return false;
            }
        }
        return true;
    }
}
