package ai.postdev.dragon.model;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * all-MiniLM-L6-v2, weights in int8, from its Maven jar: DJL's tokenizer, ONNX Runtime, mean pooling, unit length. One
 * text at a time: batches are slower on a processor and double the memory. One thread for each call; callers that want
 * more speed call on more threads.
 *
 * <p>Needs no network: model, tokenizer and native libraries come from jars.
 */
public final class MiniLmEmbedder implements Embedder {
    /** Name under which the embeddings are stored. */
    public static final String MODEL = "all-minilm-l6-v2-q";
    /** Numbers in each embedding. */
    public static final int DIMENSIONS = 384;
    /** Of its weights, as they lie in memory. */
    public static final long WEIGHT_BYTES = 22_972_370;
    /** With its engine and its tokenizer. */
    public static final long BYTES = WEIGHT_BYTES + (77L << 20);

    private final HuggingFaceTokenizer tokenizer;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final TextStart start;
    private final UntilClosed open = new UntilClosed();

    private MiniLmEmbedder(
            HuggingFaceTokenizer tokenizer, OrtEnvironment environment, OrtSession session, int tokensMax) {
        this.tokenizer = tokenizer;
        this.environment = environment;
        this.session = session;
        start = TextStart.ofTokens(tokensMax);
    }

    /**
     * Loads the model; takes about half a second and 100 MB.
     *
     * @throws IOException if a file of the model is missing or the native libraries do not load here
     */
    public static MiniLmEmbedder load(EmbedderSettings settings) throws IOException {
        return load(settings.tokensMax(), settings.cacheDir());
    }

    /**
     * The same.
     *
     * @param tokensMax tokens of a text that are looked at
     * @param cache where the tokenizer unpacks its native library
     * @throws IOException if a file of the model is missing or the native libraries do not load here
     */
    public static MiniLmEmbedder load(int tokensMax, Path cache) throws IOException {
        // DJL reads these when its classes load; the person's own settings win
        setUnlessSet("DJL_CACHE_DIR", cache.toString());
        setUnlessSet("ai.djl.offline", "true");
        setUnlessSet("OPT_OUT_TRACKING", "true");
        HuggingFaceTokenizer tokenizer = null;
        try (InputStream vocabulary = resource(MODEL + "-tokenizer.json");
                InputStream weights = resource(MODEL + ".onnx");
                OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            // the file itself says to cut and to pad at 128 tokens
            tokenizer = HuggingFaceTokenizer.newInstance(
                    vocabulary,
                    Map.of("maxLength", Integer.toString(tokensMax), "truncation", "true", "padding", "true"));
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            environment.setTelemetry(false);
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            OrtSession session = environment.createSession(weights.readAllBytes(), options);
            return new MiniLmEmbedder(tokenizer, environment, session, tokensMax);
        } catch (OrtException | LinkageError | RuntimeException e) {
            if (tokenizer != null) {
                tokenizer.close();
            }
            throw new IOException("embedding model " + MODEL + " does not load here: " + e.getMessage(), e);
        }
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getenv(property) == null && System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private static InputStream resource(String name) throws IOException {
        InputStream in = MiniLmEmbedder.class.getResourceAsStream("/" + name);
        if (in == null) {
            throw new IOException("the jar of the embedding model is not on the class path: no " + name);
        }
        return in;
    }

    @Override
    public String model() {
        return MODEL;
    }

    @Override
    public String engine() {
        return "onnx";
    }

    @Override
    public int dimensions() {
        return DIMENSIONS;
    }

    /** The estimate of its manifest: ONNX Runtime tells nothing, and measured it was about as much. */
    @Override
    public long memoryBytes() {
        return BYTES;
    }

    @Override
    public Embedded embedded(String text) {
        try {
            return open.use(() -> {
                Encoding encoding = tokens(text);
                float[] vector = run(encoding.getIds(), encoding.getAttentionMask(), encoding.getTypeIds());
                int tokens = (int) Arrays.stream(encoding.getAttentionMask()).sum();
                return new Embedded(vector, tokens, start.cuts(text) || encoding.exceedMaxLength());
            });
        } catch (OrtException e) {
            throw new EmbedFailed("ONNX Runtime could not embed a text of " + text.length() + " characters", e);
        }
    }

    private Encoding tokens(String text) {
        try {
            return tokenizer.encode(start.of(text));
        } catch (RuntimeException e) { // the native tokenizer's own, of no common type
            throw new EmbedFailed("the tokenizer could not take a text of " + text.length() + " characters", e);
        }
    }

    private float[] run(long[] ids, long[] mask, long[] types) throws OrtException {
        long[] shape = {1, ids.length};
        try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
                OnnxTensor maskTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
                OnnxTensor typeTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(types), shape);
                OrtSession.Result result = session.run(
                        Map.of("input_ids", idTensor, "attention_mask", maskTensor, "token_type_ids", typeTensor))) {
            return pooled(((OnnxTensor) result.get(0)).getFloatBuffer(), mask);
        }
    }

    /** The mean over the tokens that are text, of unit length. */
    private static float[] pooled(FloatBuffer states, long[] mask) {
        float[] sum = new float[DIMENSIONS];
        float[] state = new float[DIMENSIONS];
        for (long token : mask) {
            states.get(state);
            for (int i = 0; i < DIMENSIONS && token != 0; i++) {
                sum[i] += state[i];
            }
        }
        double squares = 0;
        for (float x : sum) {
            squares += (double) x * x;
        }
        float scale = squares > 0 ? (float) (1 / Math.sqrt(squares)) : 0;
        for (int i = 0; i < DIMENSIONS; i++) {
            sum[i] *= scale;
        }
        return sum;
    }

    @Override
    public void close() {
        try {
            open.close(() -> {
                session.close();
                tokenizer.close();
            });
        } catch (OrtException e) {
            throw new EmbedFailed("ONNX Runtime could not give the model back", e);
        }
    }
}
