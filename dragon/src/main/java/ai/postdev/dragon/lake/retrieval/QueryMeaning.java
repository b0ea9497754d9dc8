package ai.postdev.dragon.lake.retrieval;

import ai.postdev.dragon.model.Embedder;
import ai.postdev.dragon.model.QueryEmbedder;
import java.util.Optional;

/** Gives a query its place in the space of an embedding model. Safe on any thread; takes about a millisecond. */
public interface QueryMeaning {
    /** For nodes without a model: search works without meaning. */
    QueryMeaning NONE = new QueryMeaning() {
        @Override
        public String model() {
            return "none";
        }

        @Override
        public Optional<float[]> of(String query) {
            return Optional.empty();
        }

        @Override
        public Optional<String> whyNot() {
            return Optional.of("this node has no embedding model");
        }
    };

    /** The name under which the model's embeddings are stored. */
    String model();

    /** The embedding of {@code query}; empty while the model is not ready. */
    Optional<float[]> of(String query);

    /** Why queries have no embedding now; empty when they have. */
    Optional<String> whyNot();

    /** By the node's embedder, which loads its model when it is first needed. */
    static QueryMeaning by(QueryEmbedder embedder) {
        return new QueryMeaning() {
            @Override
            public String model() {
                return embedder.model();
            }

            @Override
            public Optional<float[]> of(String query) {
                return embedder.embed(query);
            }

            @Override
            public Optional<String> whyNot() {
                return embedder.whyNot();
            }
        };
    }

    /** By a model that is loaded. */
    static QueryMeaning by(Embedder embedder) {
        return new QueryMeaning() {
            @Override
            public String model() {
                return embedder.model();
            }

            @Override
            public Optional<float[]> of(String query) {
                return Optional.of(embedder.embed(query));
            }

            @Override
            public Optional<String> whyNot() {
                return Optional.empty();
            }
        };
    }
}
