package ai.postdev.dragon.lake.vector;

import ai.postdev.actors.op.ContentHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/** The embeddings as they were at one moment. Immutable; any thread. */
public final class VectorView {
    private final Map<String, ModelView> models;
    private final long beyondBound;
    private final long memoryBytes;

    VectorView(Map<String, ModelView> models, long beyondBound, long memoryBytes) {
        this.models = models;
        this.beyondBound = beyondBound;
        this.memoryBytes = memoryBytes;
    }

    /** One model's vectors and how many of them this view has. */
    record ModelView(ModelVectors vectors, VectorIndex.Reader reader) {}

    /**
     * Content near to a query.
     *
     * @param cosine from -1 to 1
     */
    public record Neighbour(ContentHash hash, float cosine) {}

    /**
     * The content nearest to {@code query} by cosine, best first. Empty if the model is unknown.
     *
     * @param query need not be of unit length
     * @param accept asked for content that may make it into the answer, and more
     * @throws IllegalArgumentException if the query has not the model's dimensions
     */
    public List<Neighbour> nearest(String model, float[] query, int k, Predicate<ContentHash> accept) {
        ModelView view = models.get(model);
        return view == null ? List.of() : nearest(view, query, k, ordinal -> accept.test(view.vectors.hash(ordinal)));
    }

    /** The same without a filter, which is faster than a filter that accepts everything. */
    public List<Neighbour> nearest(String model, float[] query, int k) {
        ModelView view = models.get(model);
        return view == null ? List.of() : nearest(view, query, k, VectorIndex.ALL);
    }

    private static List<Neighbour> nearest(ModelView view, float[] query, int k, IntPredicate accept) {
        if (k < 1) {
            return List.of();
        }
        VectorIndex.Found found = view.reader.nearest(VectorEngine.unit(query), k, accept);
        List<Neighbour> neighbours = new ArrayList<>(found.ordinals().length);
        for (int i = 0; i < found.ordinals().length; i++) {
            neighbours.add(new Neighbour(view.vectors.hash(found.ordinals()[i]), found.scores()[i]));
        }
        return neighbours;
    }

    /** Whether this content has an embedding of {@code model}. */
    public boolean contains(String model, ContentHash hash) {
        ModelView view = models.get(model);
        return view != null && view.vectors.ordinal(hash, view.reader.size()) >= 0;
    }

    /** The embedding of this content, of unit length. */
    public Optional<float[]> vector(String model, ContentHash hash) {
        ModelView view = models.get(model);
        int ordinal = view == null ? -1 : view.vectors.ordinal(hash, view.reader.size());
        return ordinal < 0 ? Optional.empty() : Optional.of(view.reader.vector(ordinal));
    }

    /** How many embeddings {@code model} has. */
    public int count(String model) {
        ModelView view = models.get(model);
        return view == null ? 0 : view.reader.size();
    }

    /** How many embeddings all models have. */
    public int count() {
        return models.values().stream().mapToInt(view -> view.reader.size()).sum();
    }

    /** The models that have embeddings. */
    public Set<String> models() {
        return models.keySet();
    }

    /** Embeddings that were not taken into memory: beyond the bound, or of other dimensions than their model's. */
    public long beyondBound() {
        return beyondBound;
    }

    /** Bytes of memory that the engine held when the view was made. */
    public long memoryBytes() {
        return memoryBytes;
    }
}
