package ai.postdev.dragon.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Embeds what a person asks, on the asking thread, with the session that also works in the background: about a
 * millisecond. Keeps the last answers, because a person who types asks the same again. Any thread.
 */
public final class QueryEmbedder {
    private static final Logger log = LoggerFactory.getLogger(QueryEmbedder.class);

    private final EmbedderCell cell;
    private final Runnable load;
    private final Map<String, float[]> recent;

    /**
     * A query embedder.
     *
     * @param load asks the slot to load the model; called when a query finds it not loaded, must not block
     */
    public QueryEmbedder(EmbedderCell cell, Runnable load, EmbedderSettings settings) {
        this.cell = cell;
        this.load = load;
        int max = settings.queryCacheMax();
        recent = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, float[]> eldest) {
                return size() > max;
            }
        };
    }

    /** The model whose embeddings a query is compared with. */
    public String model() {
        return MiniLmEmbedder.MODEL;
    }

    /** The embedding of a query, not to be changed; empty while the model is not loaded, see {@link #whyNot}. */
    public Optional<float[]> embed(String query) {
        String text = query.strip();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        EmbedderCell.State state = cell.state();
        if (state.embedder().isEmpty()) {
            if (state.phase() == EmbedderCell.Phase.EMPTY) {
                load.run();
            }
            return Optional.empty();
        }
        synchronized (recent) {
            float[] known = recent.get(text);
            if (known != null) {
                return Optional.of(known);
            }
        }
        try {
            float[] vector = state.embedder().get().embed(text);
            synchronized (recent) {
                recent.put(text, vector);
            }
            return Optional.of(vector);
        } catch (Embedder.EmbedFailed e) {
            log.warn("a query of {} characters was not embedded: {}", text.length(), e.getMessage(), e);
            return Optional.empty();
        }
    }

    /** Why queries are not embedded now, for {@code missing} in an answer; empty when they are. */
    public Optional<String> whyNot() {
        EmbedderCell.State state = cell.state();
        return switch (state.phase()) {
            case READY -> Optional.empty();
            case EMPTY -> Optional.of("the embedding model is not loaded yet");
            case LOADING -> Optional.of("the embedding model is being loaded");
            case DRAINING -> Optional.of("the embedding model is being unloaded");
            case FAILED -> Optional.of("no embedding model: " + state.reason());
        };
    }
}
