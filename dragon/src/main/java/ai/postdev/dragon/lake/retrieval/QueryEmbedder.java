package ai.postdev.dragon.lake.retrieval;

import java.util.Optional;

/** Gives a query its place in the space of an embedding model. Safe on any thread; takes about a millisecond. */
public interface QueryEmbedder {
    /** The name under which the model's embeddings are stored. */
    String model();

    /** The embedding of {@code text}; empty while the model is not ready. */
    Optional<float[]> embed(String text);

    /** For nodes without a model: search works without meaning. */
    QueryEmbedder NONE = new QueryEmbedder() {
        @Override
        public String model() {
            return "none";
        }

        @Override
        public Optional<float[]> embed(String text) {
            return Optional.empty();
        }
    };
}
