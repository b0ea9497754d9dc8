package ai.postdev.dragon.model;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.protocol.LakeProtocol;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** Threads of low priority that embed one batch at a time and step aside for queries before each chunk. */
public final class EmbedWorkers implements AutoCloseable {
    private final EmbedderSettings settings;
    private final QueryGate gate;
    private final ExecutorService threads;

    /** @param gate of the queries before which they step aside */
    public EmbedWorkers(EmbedderSettings settings, QueryGate gate) {
        this.settings = settings;
        this.gate = gate;
        threads = Executors.newFixedThreadPool(
                settings.threads(),
                Thread.ofPlatform()
                        .daemon()
                        .name("embed-", 1)
                        .priority(Thread.MIN_PRIORITY)
                        .factory());
    }

    /**
     * What became of a batch.
     *
     * @param bodies the embeddings, in the order of the chunks
     * @param hashes of all its chunks
     * @param failed how many chunks have no embedding
     * @param failure why, of the first
     * @param seconds that it took
     */
    public record Batch(
            List<Body.PutEmbedding> bodies,
            Set<ContentHash> hashes,
            int failed,
            Optional<String> failure,
            double seconds) {
        int size() {
            return bodies.size() + failed;
        }

        static Batch failed(List<LakeProtocol.ChunkText> chunks, Throwable failure) {
            return new Batch(List.of(), hashesOf(chunks), chunks.size(), Optional.of(failure.toString()), 0);
        }

        private static Set<ContentHash> hashesOf(List<LakeProtocol.ChunkText> chunks) {
            return chunks.stream().map(LakeProtocol.ChunkText::hash).collect(Collectors.toUnmodifiableSet());
        }
    }

    private record One(Optional<Body.PutEmbedding> body, Optional<String> failure) {}

    /** Embeds chunks; does not block. Those that cannot be embedded are counted in what becomes of the batch. */
    public CompletionStage<Batch> embed(Embedder embedder, List<LakeProtocol.ChunkText> chunks) {
        long started = System.nanoTime();
        List<CompletableFuture<One>> running = chunks.stream()
                .map(chunk -> CompletableFuture.supplyAsync(() -> one(embedder, chunk), threads))
                .toList();
        return CompletableFuture.allOf(running.toArray(CompletableFuture[]::new))
                .thenApply(_ -> {
                    List<One> done =
                            running.stream().map(CompletableFuture::join).toList();
                    return new Batch(
                            done.stream().flatMap(one -> one.body().stream()).toList(),
                            Batch.hashesOf(chunks),
                            (int) done.stream()
                                    .filter(one -> one.body().isEmpty())
                                    .count(),
                            done.stream().flatMap(one -> one.failure().stream()).findFirst(),
                            Math.max(1e-6, (System.nanoTime() - started) / 1e9));
                });
    }

    private One one(Embedder embedder, LakeProtocol.ChunkText chunk) {
        try {
            gate.awaitIdle(settings.yieldMax());
            float[] vector = embedder.embed(chunk.text());
            return new One(
                    Optional.of(new Body.PutEmbedding(chunk.hash(), embedder.model(), vector)), Optional.empty());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new One(Optional.empty(), Optional.of("the node is stopping"));
        } catch (Embedder.EmbedFailed e) {
            return new One(Optional.empty(), Optional.of(e.getMessage()));
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
