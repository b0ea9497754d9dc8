package ai.postdev.dragon.model;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.RecipientRef;

/** What the queue that embeds knows of a project. Lives on its thread. */
final class EmbedProject {
    private static final int FAILED_MAX = 10_000;

    final ProjectId id;
    RecipientRef<LakeProtocol.Command> lake;
    long waiting;
    int refusals;
    boolean nudged;
    /** Chunks of the last batch: a lake that asks for them again does not take their embeddings. */
    Set<ContentHash> done = Set.of();
    /** Chunks that the model cannot embed: not tried again before a restart. */
    private final Set<ContentHash> failed = new HashSet<>();

    EmbedProject(ProjectId id, RecipientRef<LakeProtocol.Command> lake) {
        this.id = id;
        this.lake = lake;
    }

    /** Those that are worth embedding. */
    List<LakeProtocol.ChunkText> toEmbed(List<LakeProtocol.ChunkText> chunks) {
        return chunks.stream()
                .filter(chunk -> !done.contains(chunk.hash()) && !failed.contains(chunk.hash()))
                .toList();
    }

    /** How many chunks have no embedding because the model cannot make one. */
    int failed() {
        return failed.size();
    }

    void took(EmbedWorkers.Batch batch) {
        if (failed.size() < FAILED_MAX) {
            failed.addAll(batch.hashes());
            batch.bodies().forEach(body -> failed.remove(body.hash()));
        }
    }
}
