package ai.postdev.dragon.lake;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.HybridClock;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol.Append;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides what goes into the journal next. Appends wait here while one batch is being written; the next batch takes as
 * many of them as its bounds allow. Sequences are given when a batch leaves, and taken back if the journal refuses it,
 * so that a sequence is never missing. Plain and single-threaded.
 */
final class AppendQueue {
    /**
     * One journal write.
     *
     * @param appends the requests it answers, in order
     * @param lastSequences for each request the sequence of its last operation
     */
    record Batch(List<Append> appends, List<Long> lastSequences, List<Operation> operations, List<Blob> blobs) {
        /** The sequence of the batch's last operation. */
        long lastSequence() {
            return operations.getLast().sequence();
        }
    }

    private final ProjectId project;
    private final Origin origin;
    private final HybridClock clock;
    private final LakeSettings settings;
    private final ArrayDeque<Append> waiting = new ArrayDeque<>();
    private long lastSequence;
    private boolean writing;

    AppendQueue(ProjectId project, Origin origin, long lastSequence, HybridClock clock, LakeSettings settings) {
        this.project = project;
        this.origin = origin;
        this.lastSequence = lastSequence;
        this.clock = clock;
        this.settings = settings;
    }

    /** Takes an append in; false at the bound. */
    boolean offer(Append append) {
        if (waiting.size() >= settings.appendsPendingMax()) {
            return false;
        }
        waiting.add(append);
        return true;
    }

    /** The batch to write now; empty while one is being written or nothing waits. */
    Optional<Batch> next() {
        if (writing || waiting.isEmpty()) {
            return Optional.empty();
        }
        List<Append> appends = new ArrayList<>();
        List<Long> lastSequences = new ArrayList<>();
        List<Operation> operations = new ArrayList<>();
        List<Blob> blobs = new ArrayList<>();
        long bytes = 0;
        while (!waiting.isEmpty()) {
            Append append = waiting.peek();
            long size = append.blobs().stream()
                    .mapToLong(blob -> blob.text().length)
                    .sum();
            boolean full = operations.size() + append.bodies().size() > settings.batchOperationsMax()
                    || bytes + size > settings.batchBytesMax();
            if (full && !appends.isEmpty()) {
                break;
            }
            waiting.remove();
            bytes += size;
            appends.add(append);
            for (Body body : append.bodies()) {
                operations.add(new Operation(project, origin, ++lastSequence, clock.next(), body));
            }
            lastSequences.add(lastSequence);
            blobs.addAll(append.blobs());
        }
        writing = true;
        return Optional.of(new Batch(appends, lastSequences, operations, blobs));
    }

    /** The batch is on disk. */
    void written() {
        writing = false;
    }

    /** The batch is not on disk; its sequences will be used again. */
    void refused(Batch batch) {
        lastSequence -= batch.operations().size();
        writing = false;
    }

    /** Whether nothing is being written and nothing waits. */
    boolean isIdle() {
        return !writing && waiting.isEmpty();
    }

    /** The sequence of the last operation handed to the journal. */
    long lastSequence() {
        return lastSequence;
    }

    /** Everything that still waits, for refusing it when the lake ends. */
    List<Append> drain() {
        List<Append> rest = List.copyOf(waiting);
        waiting.clear();
        return rest;
    }
}
