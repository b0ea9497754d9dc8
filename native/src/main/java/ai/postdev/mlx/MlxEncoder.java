package ai.postdev.mlx;

import ai.postdev.mlx.family.EncoderPlan;
import ai.postdev.mlx.token.Tokenizer;
import java.util.Arrays;
import java.util.List;

/** A loaded model that turns texts into vectors. Any thread. */
public final class MlxEncoder implements AutoCloseable {
    private final MlxEngine engine;
    private final int dimensions;
    private final int maxTokens;
    private final Tokenizer tokenizer;
    private final Handle handle;

    /** How the vectors of a text's tokens become one. */
    public enum Pooling {
        /** Their mean; what sentence-transformers such as MiniLM are trained for. */
        MEAN,
        /** The first one's. */
        FIRST,
        /** The last one's. */
        LAST
    }

    MlxEncoder(MlxEngine engine, EncoderPlan plan, Tokenizer tokenizer, long id) {
        this.engine = engine;
        this.dimensions = plan.hidden();
        this.maxTokens = plan.maxTokens();
        this.tokenizer = tokenizer;
        this.handle = new Handle(this, "encoder", engine.runtime().thread(), id, Native::encoderFree);
    }

    /** Numbers of a vector. */
    public int dimensions() {
        return dimensions;
    }

    /** The longest text, in tokens. */
    public int maxTokens() {
        return maxTokens;
    }

    /** How texts become tokens of this model. */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /**
     * The vectors of texts, in their order; longer texts are cut at {@link #maxTokens()}.
     *
     * @param normalise whether each vector is made one unit long
     * @throws MlxException when the encoder is closed
     */
    public List<float[]> embed(List<String> texts, Pooling pooling, boolean normalise) {
        return embedTokens(
                texts.stream()
                        .map(text -> tokenizer.encode(text, true))
                        .map(tokens -> tokens.length > maxTokens ? cut(tokens) : tokens)
                        .toList(),
                pooling,
                normalise);
    }

    /** The end that the model knows stays at the end. */
    private int[] cut(int[] tokens) {
        int[] shorter = Arrays.copyOf(tokens, maxTokens);
        shorter[maxTokens - 1] = tokens[tokens.length - 1];
        return shorter;
    }

    /**
     * The vectors of texts that are tokens already.
     *
     * @throws MlxException when a text is empty or too long, a token unknown, or the encoder closed
     */
    public List<float[]> embedTokens(List<int[]> texts, Pooling pooling, boolean normalise) {
        if (texts.isEmpty()) {
            return List.of();
        }
        int[] lengths = texts.stream().mapToInt(text -> text.length).toArray();
        int[] tokens = texts.stream().flatMapToInt(Arrays::stream).toArray();
        float[] all =
                engine.thread().call(() -> Native.embed(handle.id(), tokens, lengths, pooling.ordinal(), normalise));
        return java.util.stream.IntStream.range(0, lengths.length)
                .mapToObj(i -> Arrays.copyOfRange(all, i * dimensions, (i + 1) * dimensions))
                .toList();
    }

    /** Frees the weights; more calls do nothing. */
    @Override
    public void close() {
        handle.close();
        engine.forget(this);
    }
}
