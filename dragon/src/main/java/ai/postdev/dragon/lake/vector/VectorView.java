package ai.postdev.dragon.lake.vector;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Origin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * The embeddings as they were at one moment, less those that have left memory since to make room. Immutable but for that;
 * any thread.
 */
public final class VectorView {
    private final Map<String, ModelView> models;
    private final long lacking;
    private final long misfits;
    private final boolean full;
    private final long memoryBytes;
    private final Kept kept;
    private final Optional<ColdRerank> rerank;

    VectorView(Map<String, ModelView> models, long lacking, long misfits, boolean full, long memoryBytes, Kept kept) {
        this(models, lacking, misfits, full, memoryBytes, kept, Optional.empty());
    }

    private VectorView(
            Map<String, ModelView> models,
            long lacking,
            long misfits,
            boolean full,
            long memoryBytes,
            Kept kept,
            Optional<ColdRerank> rerank) {
        this.kept = kept;
        this.models = models;
        this.lacking = lacking;
        this.misfits = misfits;
        this.full = full;
        this.memoryBytes = memoryBytes;
        this.rerank = rerank;
    }

    /** The same for one request that puts the best of what it finds in their true order; its searches may read the disk. */
    public VectorView with(ColdRerank request) {
        return new VectorView(models, lacking, misfits, full, memoryBytes, kept, Optional.of(request));
    }

    /** What the request of this view has read in full; empty if it is nobody's. */
    public Optional<ColdRerank.Summary> reread() {
        return rerank.map(ColdRerank::summary);
    }

    /** One model's vectors and how many of them this view has. */
    record ModelView(ModelVectors vectors, VectorIndex.Reader reader) {}

    /**
     * How exactly embeddings are kept.
     *
     * @param counts how many in each precision; one that none has is not there
     * @param givableBytes that would be given back if all were kept in the lowest
     * @param missingBytes that keeping all of them in full would take besides
     */
    public record Kept(Map<Precision, Integer> counts, long givableBytes, long missingBytes) {
        public Kept {
            counts = Map.copyOf(counts);
        }

        /** Whether all are kept in full. */
        public boolean isExact() {
            return Set.of(Precision.FLOAT).containsAll(counts.keySet());
        }
    }

    /** Where the journal has an embedding. */
    public record Place(Origin origin, long sequence) {}

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

    /**
     * The content nearest to {@code query} of that in {@code among}, best first; what has no embedding is passed over.
     *
     * @throws IllegalArgumentException if the query has not the model's dimensions
     */
    public List<Neighbour> nearest(String model, float[] query, int k, Collection<ContentHash> among) {
        ModelView view = models.get(model);
        if (view == null || k < 1) {
            return List.of();
        }
        BitSet allowed = new BitSet(view.reader.size());
        for (ContentHash hash : among) {
            int ordinal = view.vectors.ordinal(hash, view.reader.size());
            if (ordinal >= 0) {
                allowed.set(ordinal);
            }
        }
        return nearest(view, query, k, (unit, most) -> view.reader.nearestOf(unit, most, allowed));
    }

    private List<Neighbour> nearest(ModelView view, float[] query, int k, IntPredicate accept) {
        return k < 1 ? List.of() : nearest(view, query, k, (unit, most) -> view.reader.nearest(unit, most, accept));
    }

    /** One way to search what memory keeps. */
    private interface Search {
        VectorIndex.Found nearest(float[] unitQuery, int most);
    }

    private List<Neighbour> nearest(ModelView view, float[] query, int k, Search search) {
        float[] unit = VectorEngine.unit(query);
        if (rerank.isEmpty() || kept.isExact()) {
            return neighbours(view, search.nearest(unit, k));
        }
        ColdRerank request = rerank.get();
        return neighbours(view, request.best(view, unit, search.nearest(unit, request.candidates(k)), k));
    }

    private static List<Neighbour> neighbours(ModelView view, VectorIndex.Found found) {
        List<Neighbour> neighbours = new ArrayList<>(found.ordinals().length);
        for (int i = 0; i < found.ordinals().length; i++) {
            neighbours.add(new Neighbour(view.vectors.hash(found.ordinals()[i]), found.scores()[i]));
        }
        return neighbours;
    }

    /** Whether this content has an embedding of {@code model} in memory. */
    public boolean contains(String model, ContentHash hash) {
        ModelView view = models.get(model);
        return view != null && view.vectors.ordinal(hash, view.reader.size()) >= 0;
    }

    /** Where the journal has the embedding of this content; empty if it is in memory, or not known. */
    public Optional<Place> absent(String model, ContentHash hash) {
        ModelView view = models.get(model);
        int known = view == null ? -1 : view.vectors.known(hash, view.reader.size());
        return known < 0 || view.vectors.ordinal(hash, view.reader.size()) >= 0
                ? Optional.empty()
                : Optional.of(view.vectors.place(known));
    }

    /** Whether memory holds as many embeddings as it may, and documents hold the content of every one of them. */
    public boolean isFull() {
        return full;
    }

    /** The embedding of this content, of unit length: in full for a request that reads it so, else as memory keeps it. */
    public Optional<float[]> vector(String model, ContentHash hash) {
        ModelView view = models.get(model);
        int ordinal = view == null ? -1 : view.vectors.ordinal(hash, view.reader.size());
        return ordinal < 0
                ? Optional.empty()
                : rerank.flatMap(request -> request.vector(view, ordinal))
                        .or(() -> Optional.ofNullable(view.reader.vectorOrNull(ordinal)));
    }

    /** How many embeddings of {@code model} are in memory. */
    public int count(String model) {
        ModelView view = models.get(model);
        return view == null ? 0 : view.reader.live();
    }

    /** How many embeddings of all models are in memory. */
    public int count() {
        return models.values().stream().mapToInt(view -> view.reader.live()).sum();
    }

    /** The models that have embeddings. */
    public Set<String> models() {
        return models.keySet();
    }

    /**
     * Embeddings that search lacks: content of documents that found no room in memory, as far as is known, and vectors of
     * other dimensions than their model's.
     */
    public long beyondBound() {
        return lacking + misfits;
    }

    /** Embeddings of content of documents that found no room in memory, as far as is known. */
    public long lacking() {
        return lacking;
    }

    /** What checked searches found, of all models, up to now and not to the moment of the view. */
    public SampledRecall recall() {
        return models.values().stream()
                .map(view -> view.vectors.index.recall())
                .reduce(SampledRecall.NONE, SampledRecall::plus);
    }

    /** How exactly embeddings were kept when the view was made. */
    public Kept kept() {
        return kept;
    }

    /** Where the journal has some embeddings that are not kept in full now and that lie together; empty if all are. */
    public List<Place> lowered() {
        return models.values().stream()
                .map(view -> Arrays.stream(view.vectors.index.lowered())
                        .mapToObj(view.vectors::place)
                        .toList())
                .filter(places -> !places.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    /** Bytes of memory that the engine held when the view was made. */
    public long memoryBytes() {
        return memoryBytes;
    }
}
