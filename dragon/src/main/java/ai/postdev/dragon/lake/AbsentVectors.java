package ai.postdev.dragon.lake;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.LakeProtocol.ChunkText;
import ai.postdev.actors.protocol.LakeProtocol.Chunks;
import ai.postdev.actors.protocol.LakeProtocol.Unembedded;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.code.ChunkHit;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.JournalRefused;
import ai.postdev.dragon.lake.vector.VectorView;
import ai.postdev.dragon.model.MiniLmEmbedder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the chunks of the present documents that have no embedding in memory. What was never embedded is handed to the
 * embedder; what left memory, because no document held it, and is held again, is read back from the journal. Reads the
 * disk, so it runs on the pool for reads.
 */
final class AbsentVectors {
    /** While everything in memory is held by documents, one is tried, to learn whether that is still so. */
    private static final int TRIED_WHEN_FULL = 1;

    private final ProjectId project;
    private final Journal journal;
    private final int restoredMax;
    private final Restorer restorer;

    /** Takes embeddings back into memory. Called on the pool for reads. */
    interface Restorer {
        /** @param wanted how many embeddings documents lack in memory, these among them */
        void restore(List<Operation> operations, long wanted);
    }

    private record Absent(ChunkHit hit, VectorView.Place place) {}

    /** @param restoredMax embeddings read back at once */
    AbsentVectors(ProjectId project, Journal journal, int restoredMax, Restorer restorer) {
        this.project = project;
        this.journal = journal;
        this.restoredMax = restoredMax;
        this.restorer = restorer;
    }

    /** @param unembeddedMax chunks handed to the embedder at once, whatever it asks for */
    Reply<Chunks> unembedded(Views views, Unembedded ask, int unembeddedMax) {
        VectorView vectors = views.vector();
        int limit = Math.max(1, Math.min(ask.limit(), unembeddedMax));
        int restored = vectors.isFull() ? TRIED_WHEN_FULL : restoredMax;
        Set<ContentHash> missing = new HashSet<>();
        Set<ContentHash> absent = new HashSet<>();
        List<ChunkText> chunks = new ArrayList<>();
        List<Absent> places = new ArrayList<>();
        views.code().chunks(hit -> {
            if (vectors.contains(ask.model(), hit.hash())) {
                return true;
            }
            Optional<VectorView.Place> place = vectors.absent(ask.model(), hit.hash());
            if (place.isPresent()) {
                if (absent.add(hit.hash()) && places.size() < restored) {
                    places.add(new Absent(hit, place.get()));
                }
            } else if (missing.add(hit.hash()) && chunks.size() < limit) {
                text(views, hit).ifPresent(chunks::add);
            }
            return true;
        });
        if (!absent.isEmpty() || vectors.lacking() > 0) {
            List<Operation> operations = new ArrayList<>();
            try {
                for (Absent one : places) {
                    Optional<Operation> operation = journal.operation(
                            project, one.place().origin(), one.place().sequence());
                    operation.ifPresent(operations::add);
                    if (operation.isEmpty() && missing.add(one.hit().hash()) && chunks.size() < limit) {
                        text(views, one.hit()).ifPresent(chunks::add); // lost to damage: to be embedded again
                    }
                }
            } catch (JournalRefused e) {
                return new Reply.Refused<>(e.reason(), e.getMessage());
            }
            restorer.restore(operations, absent.size());
        }
        return new Reply.Answered<>(new Chunks(chunks, missing.size(), replaces(views, ask.model())));
    }

    private static boolean replaces(Views views, String model) {
        String set = views.metadata()
                .setting(LakeProtocol.EMBEDDING_MODEL)
                .filter(key -> !key.isBlank())
                .orElse(MiniLmEmbedder.MODEL);
        return !set.equals(model)
                || views.vector().models().stream()
                        .anyMatch(
                                other -> !other.equals(model) && views.vector().count(other) > 0);
    }

    private static Optional<ChunkText> text(Views views, ChunkHit hit) {
        return views.code()
                .text(hit.document().hash())
                .map(utf8 -> new ChunkText(
                        hit.hash(),
                        hit.document().language(),
                        new String(
                                utf8,
                                hit.chunk().startByte(),
                                hit.chunk().endByte() - hit.chunk().startByte(),
                                StandardCharsets.UTF_8)));
    }
}
