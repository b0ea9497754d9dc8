package ai.postdev.dragon.model.engine;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How an embedder is to be loaded.
 *
 * @param key under which its embeddings are stored
 * @param weights the first file of its weights; empty: the model that is built in
 * @param tokensMax tokens of a text that are looked at; at least 8
 * @param threads that an engine with threads of its own may compute with; at least 1
 * @param cache folder in which native libraries may be unpacked
 */
public record EmbedderRequest(String key, Optional<Path> weights, int tokensMax, int threads, Path cache) {
    public EmbedderRequest {
        if (tokensMax < 8 || threads < 1) {
            throw new IllegalArgumentException(
                    "tokens and threads must be at least 8 and 1, found " + tokensMax + " and " + threads);
        }
    }
}
