package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.dragon.lake.code.ChunkHit;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.code.Document;
import ai.postdev.dragon.lake.vector.VectorView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The chunks of a view of code, as far as a request wants them, by nearness in meaning. The filter works inside the
 * search, not after it: of a hundred neighbours in a whole project none may lie in the folder asked for. One request; one
 * thread.
 */
final class NearChunks {
    /** So many chunks of wanted documents are worth listing; of more, most neighbours are wanted ones. */
    private static final int LISTED_MAX = 20_000;

    private final CodeView code;
    private final Scope scope;
    private final VectorView vectors;
    private final String model;
    /** The chunks of a view that has no index of them, found in one pass. */
    private final Optional<Map<ContentHash, List<ChunkHit>>> listed;

    NearChunks(CodeView code, Scope scope, VectorView vectors, String model) {
        this.code = code;
        this.scope = scope;
        this.vectors = vectors;
        this.model = model;
        this.listed = code.isIndexed() ? Optional.empty() : Optional.of(pass());
    }

    private Map<ContentHash, List<ChunkHit>> pass() {
        Map<ContentHash, List<ChunkHit>> all = new HashMap<>();
        code.chunks(hit -> {
            if (scope.holds(hit.document())) {
                all.computeIfAbsent(hit.hash(), _ -> new ArrayList<>()).add(hit);
            }
            return true;
        });
        return all;
    }

    /** Where a chunk stands in wanted documents. */
    List<ChunkHit> places(ContentHash chunk) {
        return listed.isPresent()
                ? listed.get().getOrDefault(chunk, List.of())
                : code.chunks(chunk).stream()
                        .filter(hit -> scope.holds(hit.document()))
                        .toList();
    }

    /** The chunks nearest to an embedding that stand in wanted documents, best first: {@code k} of them or some more. */
    List<VectorView.Neighbour> nearest(float[] embedding, int k) {
        if (listed.isPresent()) {
            return vectors.nearest(model, embedding, k, listed.get().keySet());
        }
        if (scope.isEverything()) {
            // Most chunks that are near stand in some document; asking for each in the search would cost more.
            List<VectorView.Neighbour> near = vectors.nearest(model, embedding, 2 * k);
            List<VectorView.Neighbour> stand = near.stream()
                    .filter(neighbour -> !code.chunks(neighbour.hash()).isEmpty())
                    .toList();
            return near.size() < 2 * k || stand.size() >= k ? stand : asking(embedding, k);
        }
        Optional<Set<ContentHash>> few = fewChunks();
        return few.isPresent() ? vectors.nearest(model, embedding, k, few.get()) : asking(embedding, k);
    }

    private List<VectorView.Neighbour> asking(float[] embedding, int k) {
        return vectors.nearest(model, embedding, k, chunk -> !places(chunk).isEmpty());
    }

    /** The chunks of the wanted documents; empty if there are too many. */
    private Optional<Set<ContentHash>> fewChunks() {
        Set<ContentHash> chunks = new HashSet<>();
        for (Document document : code.documents()) {
            if (scope.holds(document)) {
                chunks.addAll(code.chunkHashes(document.hash()));
                if (chunks.size() > LISTED_MAX) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(chunks);
    }
}
