package ai.postdev.dragon.lake.code;

import ai.postdev.dragon.lake.BlobSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps texts in memory up to a bound and reads the others from where they are stored. Texts that no document holds any
 * more make room first; when there is none left, a text is read each time it is needed. Safe on any thread.
 */
final class Texts {
    private final BlobSource source;
    private final long bytesMax;
    private final AtomicLong bytes = new AtomicLong();
    private final Deque<Blob> superseded = new ArrayDeque<>();

    Texts(BlobSource source, long bytesMax) {
        this.source = source;
        this.bytesMax = bytesMax;
    }

    /** Bytes of text in memory. */
    long bytes() {
        return bytes.get();
    }

    /** The text; empty if it was never stored. */
    Optional<byte[]> read(Blob blob) {
        byte[] known = blob.text();
        if (known != null) {
            return Optional.of(known);
        }
        Optional<byte[]> stored = source.text(blob.hash());
        stored.ifPresent(text -> keep(blob, text));
        return stored;
    }

    /** Keeps the text if there is room; answers whether it is in memory now. */
    synchronized boolean keep(Blob blob, byte[] text) {
        if (blob.text() != null) {
            return true;
        }
        while (bytes.get() + text.length > bytesMax && !superseded.isEmpty()) {
            drop(superseded.removeFirst());
        }
        if (bytes.get() + text.length > bytesMax) {
            return false;
        }
        blob.text(text);
        bytes.addAndGet(text.length);
        return true;
    }

    /** No document holds this content any more. */
    synchronized void supersede(Blob blob) {
        if (blob.text() != null) {
            superseded.addLast(blob);
        }
    }

    /** A document holds this content again. */
    synchronized void revive(Blob blob) {
        superseded.remove(blob);
    }

    private void drop(Blob blob) {
        byte[] text = blob.text();
        if (text != null) {
            blob.text(null);
            bytes.addAndGet(-text.length);
        }
    }
}
