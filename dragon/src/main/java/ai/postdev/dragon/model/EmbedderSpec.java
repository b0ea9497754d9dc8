package ai.postdev.dragon.model;

import ai.postdev.dragon.model.catalogue.InstalledModel;
import ai.postdev.dragon.model.catalogue.Manifest;
import ai.postdev.dragon.model.engine.EmbedderRequest;
import ai.postdev.dragon.model.engine.EngineFault;
import ai.postdev.dragon.model.engine.EngineSetting;
import ai.postdev.dragon.model.engine.OnnxInference;
import ai.postdev.dragon.model.worker.Engines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An embedder that this node can load.
 *
 * @param name by which people know the model
 * @param key under which its embeddings are stored: of another file or engine it is another
 * @param dimensions of its vectors; 0: not known before it is loaded
 * @param engine that runs it
 */
public record EmbedderSpec(String name, String key, int dimensions, String engine, EmbedderRequest request) {
    /** The name of the embedder that comes with PostDevAI. */
    public static final String BUILT_IN = "minilm";

    private static final int HASH_DIGITS = 8;

    /** The embedder that comes with PostDevAI. */
    public static EmbedderSpec builtIn(EmbedderSettings settings) {
        return new EmbedderSpec(
                BUILT_IN,
                MiniLmEmbedder.MODEL,
                MiniLmEmbedder.DIMENSIONS,
                OnnxInference.NAME,
                request(MiniLmEmbedder.MODEL, Optional.empty(), settings));
    }

    /**
     * A model that lies here.
     *
     * @throws EngineFault with the reason if no engine here embeds with it
     */
    public static EmbedderSpec of(InstalledModel model, EmbedderSettings settings) throws EngineFault {
        Manifest manifest = model.manifest();
        if (manifest.builtIn()) {
            return builtIn(settings);
        }
        if (manifest.kind() != Manifest.Kind.EMBEDDING) {
            throw new EngineFault(EngineFault.Kind.BAD_MODEL, model.name() + " writes text and embeds nothing");
        }
        String engine = Engines.of(manifest, EngineSetting.AUTO).orFault();
        String hash = manifest.files().getFirst().sha256().toString();
        String key = model.name() + "-" + engine + "-" + hash.substring(0, Math.min(HASH_DIGITS, hash.length()));
        return new EmbedderSpec(
                model.name().value(),
                key,
                (int) manifest.facts().dimensions(),
                engine,
                request(key, Optional.of(model.file()), settings));
    }

    /** One that is named and is not here, or that no engine runs: it has no embeddings, and does not load. */
    static EmbedderSpec missing(String name, EmbedderSettings settings) {
        return new EmbedderSpec(name, name + "-missing", 0, "", request(name, Optional.empty(), settings));
    }

    private static EmbedderRequest request(String key, Optional<Path> weights, EmbedderSettings settings) {
        return new EmbedderRequest(key, weights, settings.tokensMax(), settings.threads(), settings.cacheDir());
    }

    /**
     * Loads it; takes up to some seconds.
     *
     * @throws IOException with the engine's reason if that cannot be
     */
    public Embedder load() throws IOException {
        if (engine.isEmpty()) {
            throw new IOException("postdevai.models.embedder.model names " + name
                    + ", which is no embedder that lies here and that an engine runs; see: postdevai models list,"
                    + " postdevai models why " + name);
        }
        try {
            return Engines.named(engine).embedder(request);
        } catch (EngineFault e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
