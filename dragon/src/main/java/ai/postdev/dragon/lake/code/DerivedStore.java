package ai.postdev.dragon.lake.code;

import ai.postdev.actors.op.ContentHash;
import java.util.Optional;

/**
 * Keeps what was derived from a text, by the text's hash, so that a restart need not derive it again. Losing an entry
 * costs time only, so a put need not be synced. Safe on any thread; may touch the disk.
 */
public interface DerivedStore {
    /** What was last put for this text; empty if nothing was. */
    Optional<byte[]> get(ContentHash hash);

    /** Remembers {@code derived} for this text. */
    void put(ContentHash hash, byte[] derived);
}
