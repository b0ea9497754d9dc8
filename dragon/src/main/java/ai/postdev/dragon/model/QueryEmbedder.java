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

    private record Asked(String key, String text) {}

    private final Embedders embedders;
    private final Map<Asked, float[]> recent;

    /** A query embedder that has a slot load its model when a query finds it not loaded. */
    public QueryEmbedder(Embedders embedders, EmbedderSettings settings) {
        this.embedders = embedders;
        int max = settings.queryCacheMax();
        recent = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Asked, float[]> eldest) {
                return size() > max;
            }
        };
    }

    /** The key of the embedder that embeds what is new. */
    public String target() {
        return embedders.target().spec().key();
    }

    /** Whether queries can be embedded for this key, now or as soon as its model is loaded. */
    public boolean serves(String key) {
        return embedders
                .of(key)
                .filter(place -> place.cell().state().phase() != EmbedderCell.Phase.FAILED)
                .isPresent();
    }

    /**
     * The embedding of a query, not to be changed; empty while the model is not loaded, see {@link #whyNot}.
     *
     * @param key under which the embeddings are stored that it is to be compared with
     */
    public Optional<float[]> embed(String query, String key) {
        String text = query.strip();
        Optional<Embedders.Place> place = embedders.of(key);
        if (text.isEmpty() || place.isEmpty()) {
            return Optional.empty();
        }
        EmbedderCell.State state = place.get().cell().state();
        if (state.embedder().isEmpty()) {
            if (state.phase() == EmbedderCell.Phase.EMPTY) {
                place.get().slot().tell(EmbedderSlot.Load.INSTANCE);
            }
            return Optional.empty();
        }
        Asked asked = new Asked(key, text);
        synchronized (recent) {
            float[] known = recent.get(asked);
            if (known != null) {
                return Optional.of(known);
            }
        }
        try {
            float[] vector = state.embedder().get().embed(text);
            synchronized (recent) {
                recent.put(asked, vector);
            }
            return Optional.of(vector);
        } catch (Embedder.EmbedFailed e) {
            log.warn("a query of {} characters was not embedded: {}", text.length(), e.getMessage(), e);
            return Optional.empty();
        }
    }

    /** Why queries are not embedded now, for {@code missing} in an answer; empty when they are. */
    public Optional<String> whyNot(String key) {
        Optional<Embedders.Place> place = embedders.of(key);
        if (place.isEmpty()) {
            return Optional.of("the embeddings are of " + key + ", an embedder that is not here");
        }
        EmbedderCell.State state = place.get().cell().state();
        return switch (state.phase()) {
            case READY -> Optional.empty();
            case EMPTY -> Optional.of("the embedding model is not loaded yet");
            case LOADING -> Optional.of("the embedding model is being loaded");
            case DRAINING -> Optional.of("the embedding model is being unloaded");
            case FAILED -> Optional.of("no embedding model: " + state.reason());
        };
    }
}
