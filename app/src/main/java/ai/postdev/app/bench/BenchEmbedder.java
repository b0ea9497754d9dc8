package ai.postdev.app.bench;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.protocol.LakeProtocol.ChunkText;
import ai.postdev.dragon.lake.syntax.Syntax;
import ai.postdev.dragon.model.EmbedWorkers;
import ai.postdev.dragon.model.Embedder;
import ai.postdev.dragon.model.EmbedderSettings;
import ai.postdev.dragon.model.MiniLmEmbedder;
import ai.postdev.dragon.model.QueryGate;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Embeds chunks as a node's ingest does, in its batches on its threads, but on all processors: nobody waits for an answer
 * meanwhile. One thread calls.
 */
final class BenchEmbedder implements AutoCloseable {
    private final Embedder embedder;
    private final EmbedWorkers workers;
    private final int batch;
    private final Optional<KeptEmbeddings> kept;

    private BenchEmbedder(Embedder embedder, EmbedderSettings settings, Optional<KeptEmbeddings> kept) {
        this.embedder = embedder;
        this.workers = new EmbedWorkers(settings, new QueryGate());
        this.batch = settings.batch();
        this.kept = kept;
    }

    /**
     * Loads the built-in model.
     *
     * @param cache where its tokenizer unpacks its native library
     * @param file that keeps embeddings for the next run; empty: none
     * @throws IOException if it does not load here, or the file is not one of its embeddings
     */
    static BenchEmbedder load(Config config, Path cache, Optional<Path> file) throws IOException {
        Config all = ConfigFactory.parseMap(Map.of(
                        "postdevai.models.embedder.threads",
                        Runtime.getRuntime().availableProcessors()))
                .withFallback(config);
        EmbedderSettings settings = EmbedderSettings.from(all, cache);
        Embedder embedder = MiniLmEmbedder.load(settings);
        try {
            Optional<KeptEmbeddings> kept = file.isEmpty()
                    ? Optional.empty()
                    : Optional.of(KeptEmbeddings.open(file.get(), embedder.model(), embedder.dimensions()));
            return new BenchEmbedder(embedder, settings, kept);
        } catch (IOException e) {
            embedder.close();
            throw e;
        }
    }

    /** The model, for questions. */
    Embedder embedder() {
        return embedder;
    }

    /** The chunks of a text, as they are embedded. */
    static List<ChunkText> chunks(Language language, Syntax syntax, byte[] utf8) {
        List<ChunkText> chunks = new ArrayList<>();
        for (Syntax.Chunk chunk : syntax.chunks()) {
            int length = chunk.endByte() - chunk.startByte();
            chunks.add(new ChunkText(
                    ContentHash.of(utf8, chunk.startByte(), length),
                    language,
                    new String(utf8, chunk.startByte(), length, StandardCharsets.UTF_8)));
        }
        return chunks;
    }

    /**
     * Embeds each different chunk once.
     *
     * @param store is given the embeddings in the order of their chunks, on the calling thread
     * @return how many
     * @throws IOException if one cannot be embedded, or the kept ones cannot be written
     */
    int embed(List<ChunkText> chunks, Consumer<Body.PutEmbedding> store) throws IOException {
        Map<ContentHash, ChunkText> different = new LinkedHashMap<>();
        chunks.forEach(chunk -> different.putIfAbsent(chunk.hash(), chunk));
        List<ChunkText> waiting = new ArrayList<>();
        for (ChunkText chunk : different.values()) {
            Optional<float[]> known = kept.flatMap(it -> it.of(chunk.hash()));
            if (known.isPresent()) {
                store.accept(new Body.PutEmbedding(chunk.hash(), embedder.model(), known.get()));
            } else {
                waiting.add(chunk);
            }
        }
        for (int from = 0; from < waiting.size(); from += batch) {
            List<ChunkText> next = waiting.subList(from, Math.min(waiting.size(), from + batch));
            EmbedWorkers.Batch done =
                    workers.embed(embedder, next).toCompletableFuture().join();
            if (done.failed() > 0) {
                throw new IOException(done.failed() + " of " + next.size() + " chunks were not embedded: "
                        + done.failure().orElse("no reason is known"));
            }
            if (kept.isPresent()) {
                kept.get().add(done.bodies());
            }
            done.bodies().forEach(store);
        }
        return different.size();
    }

    @Override
    public void close() {
        workers.close();
        embedder.close();
        kept.ifPresent(KeptEmbeddings::close);
    }
}
