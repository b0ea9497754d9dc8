package ai.postdev.dragon.lake.code;

import ai.postdev.dragon.lake.code.ngram.NgramIndex;
import ai.postdev.dragon.lake.code.ngram.NgramView;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Which of the present contents the index of grams knows and which still wait for it. Contents that wait are listed, so
 * that a search looks through them: it is exact at every moment. One thread, the engine's owner, calls this; the work
 * it hands out runs elsewhere.
 */
final class BlobIndex {
    private static final Blob[] NONE = new Blob[0];
    /** Texts are indexed when so many bytes or contents wait; fewer are looked through faster than they are indexed. */
    private static final long BUILD_BYTES_MIN = 64 << 10;

    private static final int BUILD_BLOBS_MIN = 32;
    /** Bytes of text in one piece of work; the work needs about twice as much memory. */
    private static final long BUILD_BYTES_MAX = 8 << 20;

    /**
     * What a reader sees. Contents may be both indexed and listed; each that is present at the position is in one.
     *
     * @param waiting how many are listed, from the start of the array
     * @param position the engine's, when this was so
     */
    record Snapshot(NgramView indexed, Blob[] listed, int waiting, long position) {}

    private final CodeTables tables;
    private final Texts texts;
    private final long bytesMax;
    private final NgramIndex index = new NgramIndex();
    private Optional<GramFiles> files = Optional.empty();
    /** Files to be read before anything is built. */
    private final Deque<Path> unread = new ArrayDeque<>();

    private final Deque<Blob> queue = new ArrayDeque<>();
    private long queuedBytes;
    /** Only ever added to beyond the count, or replaced: readers hold it. */
    private Blob[] listed = NONE;

    private int waiting;
    private boolean merging;
    private volatile Snapshot installed = new Snapshot(NgramView.EMPTY, NONE, 0, 0);

    /** @param bytesMax memory of the index; beyond it texts are looked through. 0 for no index at all */
    BlobIndex(CodeTables tables, Texts texts, long bytesMax) {
        this.tables = tables;
        this.texts = texts;
        this.bytesMax = bytesMax;
    }

    /** Keeps the index in files, and begins with what is in them. */
    void keepIn(GramFiles newFiles) {
        if (bytesMax > 0) {
            files = Optional.of(newFiles);
            unread.addAll(newFiles.found());
        }
    }

    /** What is so at the engine's position. */
    Snapshot snapshot(long position) {
        return new Snapshot(index.view(), listed, waiting, position);
    }

    /**
     * What is best for a reader who was given {@code own}: what was indexed since, unless operations came meanwhile. Then
     * contents that its view shows may be gone from what is known now. Safe on any thread.
     */
    Snapshot newest(Snapshot own) {
        Snapshot latest = installed;
        return latest.position() == own.position() ? latest : own;
    }

    /** A content became present. */
    void hold(Blob blob) {
        if (bytesMax == 0) {
            return;
        }
        if (index.view().holds(blob.number())) {
            index.revive(blob.number());
            return;
        }
        if (!blob.listed) {
            blob.listed = true;
            if (waiting == listed.length) {
                listed = Arrays.copyOf(listed, Math.max(16, 2 * waiting));
            }
            listed[waiting++] = blob;
        }
        if (!blob.unindexed && !blob.indexing) {
            blob.indexing = true;
            queue.addLast(blob);
            queuedBytes += blob.size();
        }
    }

    /** A content is no longer present. */
    void release(Blob blob) {
        index.remove(blob.number());
    }

    /** Whether texts wait that are worth a piece of work; merging goes with building. */
    boolean hasWork() {
        return !unread.isEmpty() || hasTexts();
    }

    private boolean hasTexts() {
        return (queuedBytes >= BUILD_BYTES_MIN || queue.size() >= BUILD_BLOBS_MIN) && index.bytes() < bytesMax;
    }

    /** The next piece of work. Each is answered by {@link #install} or {@link #abandon}. */
    Optional<IndexWork> take() {
        if (!unread.isEmpty()) {
            return Optional.of(new IndexWork.Load(files.orElseThrow(), unread.remove(), tables, index.view()));
        }
        if (!merging) {
            Optional<IndexWork> merge = index.merge().map(it -> new IndexWork.Merge(it, files, tables));
            merging = merge.isPresent();
            if (merging) {
                return merge;
            }
        }
        if (!hasTexts()) {
            return Optional.empty();
        }
        List<Blob> batch = new ArrayList<>();
        long bytes = 0;
        while (bytes < BUILD_BYTES_MAX && !queue.isEmpty()) {
            Blob blob = queue.removeFirst();
            queuedBytes -= blob.size();
            if (blob.current > 0 && !index.view().holds(blob.number())) {
                batch.add(blob);
                bytes += blob.size();
            } else {
                blob.indexing = false;
            }
        }
        return batch.isEmpty() ? Optional.empty() : Optional.of(new IndexWork.Build(batch, texts, files, tables));
    }

    /** Takes the outcome of a piece of work in; readers of views at this position see it at once. */
    void install(IndexWork.Done done, long position) {
        switch (done.work()) {
            case IndexWork.Build build -> {
                done.refused().forEach(blob -> blob.unindexed = true);
                index.add(done.segment());
                build.blobs().forEach(blob -> {
                    blob.indexing = false;
                    if (blob.current == 0) {
                        index.remove(blob.number());
                    }
                });
                trim();
            }
            case IndexWork.Load _ -> {
                index.add(done.segment());
                done.segment().eachText(number -> {
                    if (tables.numbered(number).current == 0) {
                        index.remove(number);
                    }
                });
                trim();
            }
            case IndexWork.Merge merge -> {
                merging = false;
                for (int number : index.replace(merge.merge(), done.segment())) {
                    hold(tables.numbered(number));
                }
            }
        }
        installed = snapshot(position);
    }

    /** A piece of work failed: its texts are looked through until they are held anew. */
    void abandon(IndexWork work) {
        switch (work) {
            case IndexWork.Build build -> build.blobs().forEach(blob -> blob.indexing = false);
            case IndexWork.Load _ -> {}
            case IndexWork.Merge _ -> merging = false;
        }
    }

    private void trim() {
        Blob[] left = new Blob[Math.max(16, waiting)];
        int count = 0;
        for (int i = 0; i < waiting; i++) {
            Blob blob = listed[i];
            if (blob.current > 0 && !index.view().holds(blob.number())) {
                left[count++] = blob;
            } else {
                blob.listed = false;
            }
        }
        listed = Arrays.copyOf(left, Math.max(16, count));
        waiting = count;
    }
}
