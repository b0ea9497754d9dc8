package ai.postdev.dragon.lake;

import ai.postdev.actors.op.ContentHash;
import java.util.Optional;

/** Reads stored texts by hash. Safe on any thread; may read the disk, so never on an actor's default thread. */
@FunctionalInterface
public interface BlobSource {
    /** The UTF-8 text with this hash; empty if it was never stored. */
    Optional<byte[]> text(ContentHash hash);
}
