package ai.postdev.dragon.lake.code;

import ai.postdev.dragon.lake.BlobSource;
import ai.postdev.dragon.memory.Slabs;
import java.util.List;
import java.util.Optional;

/**
 * Keeps texts in memory as far as there is room and reads the others from where they are stored. Texts that no document
 * holds any more make room first; when there is none left, a text is read each time it is needed. Safe on any thread.
 */
final class Texts {
    private static final int COPIES_MAX = 4;

    private final BlobSource source;
    private final TextSlabs slabs;

    /** @param bytesMax memory taken from {@code memory} at most */
    Texts(BlobSource source, Slabs memory, long bytesMax) {
        this.source = source;
        this.slabs = new TextSlabs(memory, bytesMax);
    }

    /** Bytes of text in memory. */
    synchronized long bytes() {
        return slabs.textBytes();
    }

    /** The text; empty if it was never stored. */
    Optional<byte[]> read(Blob blob) {
        TextBuffer buffer = new TextBuffer(0);
        return read(blob, buffer) ? Optional.of(buffer.copy()) : Optional.empty();
    }

    /** Reads a text into a buffer; false if it was never stored. */
    boolean read(Blob blob, TextBuffer into) {
        for (int i = 0; i < COPIES_MAX && blob.place() != TextSlabs.NOWHERE; i++) {
            if (slabs.copy(blob, into)) {
                return true;
            }
        }
        synchronized (this) {
            if (slabs.copy(blob, into)) {
                return true;
            }
        }
        Optional<byte[]> stored = source.text(blob.hash());
        stored.ifPresent(text -> {
            keep(blob, text);
            into.hold(text);
        });
        return stored.isPresent();
    }

    /** As {@link CodeView#texts}. */
    boolean each(List<Document> documents, CodeTables tables, TextVisitor visitor) {
        TextBuffer buffer = new TextBuffer();
        for (int i = 0; i < documents.size(); i++) {
            Document document = documents.get(i);
            Optional<Blob> blob = tables.anyBlob(document.hash());
            if (blob.isPresent()
                    && read(blob.get(), buffer)
                    && !visitor.visit(document, buffer.array(), buffer.length())) {
                return i + 1 < documents.size();
            }
        }
        return false;
    }

    /** Keeps the text if there is room; answers whether it is in memory now. */
    synchronized boolean keep(Blob blob, byte[] text) {
        // A size that is not the text's would be read beyond its end.
        return blob.place() != TextSlabs.NOWHERE || text.length == blob.size() && slabs.put(blob, text);
    }

    /** No document holds this content any more. */
    synchronized void supersede(Blob blob) {
        slabs.idle(blob);
    }

    /** A document holds this content again. */
    synchronized void revive(Blob blob) {
        slabs.busy(blob);
    }

    /** Lets go of texts until so many bytes of memory are given back or none are left; answers how many were. */
    synchronized long evict(long bytes) {
        return slabs.evict(bytes);
    }

    /** Lets go of all texts; they are read from where they are stored from now on, and not kept. */
    synchronized void close() {
        slabs.close();
    }
}
