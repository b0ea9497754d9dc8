package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.dragon.model.Embedder;
import ai.postdev.dragon.model.MiniLmEmbedder;
import ai.postdev.dragon.model.QueryEmbedder;
import java.util.Optional;

/** Gives a query its place in the space of an embedding model. Safe on any thread; takes about a millisecond. */
public interface QueryMeaning {
    /** For nodes without a model: search works without meaning. */
    QueryMeaning NONE = new QueryMeaning() {
        @Override
        public String model(LakeViews views) {
            return "none";
        }

        @Override
        public Optional<float[]> of(String query, String model) {
            return Optional.empty();
        }

        @Override
        public Optional<String> whyNot(String model) {
            return Optional.of("this node has no embedding model");
        }
    };

    /** The name under which the embeddings are stored by which this lake is searched now. */
    String model(LakeViews views);

    /** The embedding of {@code query} by this model; empty while the model is not ready. */
    Optional<float[]> of(String query, String model);

    /** Why queries have no embedding by this model now; empty when they have. */
    Optional<String> whyNot(String model);

    /**
     * By the node's embedders, which load their models when they are first needed. A lake is searched by the model that its
     * setting names, until another one has embedded all of it.
     */
    static QueryMeaning by(QueryEmbedder embedder) {
        return new QueryMeaning() {
            @Override
            public String model(LakeViews views) {
                String set = views.metadata()
                        .setting(LakeProtocol.EMBEDDING_MODEL)
                        .filter(key -> !key.isBlank())
                        .orElse(MiniLmEmbedder.MODEL);
                return views.vectors().count(set) > 0 && embedder.serves(set) ? set : embedder.target();
            }

            @Override
            public Optional<float[]> of(String query, String model) {
                return embedder.embed(query, model);
            }

            @Override
            public Optional<String> whyNot(String model) {
                return embedder.whyNot(model);
            }
        };
    }

    /** By a model that is loaded. */
    static QueryMeaning by(Embedder embedder) {
        return new QueryMeaning() {
            @Override
            public String model(LakeViews views) {
                return embedder.model();
            }

            @Override
            public Optional<float[]> of(String query, String model) {
                return Optional.of(embedder.embed(query));
            }

            @Override
            public Optional<String> whyNot(String model) {
                return Optional.empty();
            }
        };
    }
}
