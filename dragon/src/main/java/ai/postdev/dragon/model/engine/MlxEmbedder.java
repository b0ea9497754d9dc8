package ai.postdev.dragon.model.engine;

import ai.postdev.dragon.model.Embedder;
import ai.postdev.dragon.model.TextStart;
import ai.postdev.dragon.model.UntilClosed;
import ai.postdev.mlx.MlxEncoder;
import ai.postdev.mlx.MlxEngine;
import ai.postdev.mlx.MlxException;
import java.util.Arrays;
import java.util.List;

/** An encoder of the family of BERT on MLX: mean pooling, unit length. MLX computes one call after another. */
final class MlxEmbedder implements Embedder {
    private final MlxEngine engine;
    private final MlxEncoder encoder;
    private final String key;
    private final int tokensMax;
    private final TextStart start;
    private final long bytes;
    private final UntilClosed open = new UntilClosed();

    /** Owns both from now on. @param bytes that MLX took for it */
    MlxEmbedder(MlxEngine engine, MlxEncoder encoder, String key, int tokensMax, long bytes) {
        this.engine = engine;
        this.encoder = encoder;
        this.key = key;
        this.tokensMax = Math.min(tokensMax, encoder.maxTokens());
        this.start = TextStart.ofTokens(this.tokensMax);
        this.bytes = bytes;
    }

    @Override
    public String model() {
        return key;
    }

    @Override
    public String engine() {
        return MlxInference.NAME;
    }

    @Override
    public int dimensions() {
        return encoder.dimensions();
    }

    @Override
    public long memoryBytes() {
        return bytes;
    }

    @Override
    public Embedded embedded(String text) {
        try {
            return open.use(() -> {
                int[] whole = encoder.tokenizer().encode(start.of(text), true);
                int[] tokens = whole.length > tokensMax ? cut(whole) : whole;
                float[] vector = encoder.embedTokens(List.of(tokens), MlxEncoder.Pooling.MEAN, true)
                        .getFirst();
                return new Embedded(vector, tokens.length, start.cuts(text) || tokens.length < whole.length);
            });
        } catch (MlxException e) {
            throw new EmbedFailed("MLX could not embed a text of " + text.length() + " characters", e);
        }
    }

    /** The end that the model knows stays at the end. */
    private int[] cut(int[] tokens) {
        int[] shorter = Arrays.copyOf(tokens, tokensMax);
        shorter[tokensMax - 1] = tokens[tokens.length - 1];
        return shorter;
    }

    @Override
    public void close() {
        open.close(() -> {
            encoder.close();
            engine.close();
        });
    }
}
