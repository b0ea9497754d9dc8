package ai.postdev.dragon.lake.code;

import ai.postdev.actors.op.HybridTime;
import java.util.Optional;

/**
 * One step in the life of a file.
 *
 * @param sequence of the operation, in the sequence of the workspace's node
 * @param document what the file held from then on; empty if it was removed
 */
public record DocumentVersion(long sequence, HybridTime time, Optional<Document> document) {}
