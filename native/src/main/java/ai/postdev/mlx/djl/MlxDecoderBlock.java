package ai.postdev.mlx.djl;

import ai.djl.inference.streaming.StreamingBlock;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractSymbolBlock;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import ai.postdev.mlx.MlxEngine;
import ai.postdev.mlx.MlxModel;
import ai.postdev.mlx.MlxSession;
import ai.postdev.mlx.Sampling;
import ai.postdev.mlx.Step;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * A decoder as a block. {@code forward}: token numbers [length] or [1, length] give logits [1, length, vocabulary];
 * with a second array [most tokens, temperature, seed] the numbers of the tokens that the model says next.
 * {@code forwardStream}: the same numbers, and optionally [most tokens, temperature, seed] as the second array, give one
 * array with one number for every token that the model says, until it ends.
 */
public final class MlxDecoderBlock extends AbstractSymbolBlock implements StreamingBlock {
    private static final int DEFAULT_TOKENS = 256;

    private final MlxEngine engine;
    private final MlxModel model;

    MlxDecoderBlock(MlxEngine engine, MlxModel model) {
        this.engine = engine;
        this.model = model;
    }

    /** The model, with its tokenizer and chat template. */
    public MlxModel model() {
        return model;
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> options) {
        int[] tokens = tokens(inputs);
        if (inputs.size() > 1) {
            return new NDList(drawn(inputs));
        }
        try (MlxSession session = model.session(tokens.length)) {
            float[] logits =
                    engine.step(Step.logits(session, Step.Logits.ALL, tokens)).logits();
            Shape shape = new Shape(1, tokens.length, model.spec().vocab());
            NDManager arrays = inputs.get(0).getManager();
            return new NDList(arrays.create(FloatBuffer.wrap(logits), shape, DataType.FLOAT32));
        }
    }

    private NDArray drawn(NDList inputs) {
        List<Long> tokens = new ArrayList<>();
        forwardStreamIter(null, inputs, false, null).forEachRemaining(token -> {
            try (token) {
                tokens.add(token.head().toLongArray()[0]);
            }
        });
        return inputs.get(0)
                .getManager()
                .create(tokens.stream().mapToLong(Long::longValue).toArray());
    }

    @Override
    public Iterator<NDList> forwardStreamIter(
            ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> options) {
        int[] prompt = tokens(inputs);
        float[] how = inputs.size() > 1
                ? inputs.get(1).toType(DataType.FLOAT32, false).toFloatArray()
                : new float[] {DEFAULT_TOKENS, 0, 0};
        Sampling sampling = how[1] > 0 ? new Sampling(how[1], 0, 0.95, 0, 1, 0) : Sampling.GREEDY;
        int most = (int) Math.min(how[0], model.maxContext() - prompt.length);
        return new Tokens(inputs.get(0).getManager(), prompt, most, sampling, (long) how[2]);
    }

    private static int[] tokens(NDList inputs) {
        return Arrays.stream(inputs.get(0).toType(DataType.INT64, false).toLongArray())
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    /** The weights live on MLX's side and are not trained. */
    @Override
    public ParameterList getDirectParameters() {
        throw new UnsupportedOperationException("the engine MLX does not train; its weights are not DJL's parameters");
    }

    /** Draws a token each time it is asked for one; whoever stops asking has cancelled. */
    private final class Tokens implements Iterator<NDList> {
        private final NDManager arrays;
        private final MlxSession session;
        private final Sampling sampling;
        private int left;
        private int[] feed;
        private int next = -1;

        private Tokens(NDManager arrays, int[] prompt, int most, Sampling sampling, long seed) {
            this.arrays = arrays;
            this.sampling = sampling;
            left = most;
            feed = prompt;
            session = model.session(prompt.length + Math.max(1, most));
            session.seed(seed);
            // Closed with the caller's arrays when it stops early.
            arrays.attachInternal(NDManager.nextUid(), session);
        }

        @Override
        public boolean hasNext() {
            if (next < 0 && left > 0) {
                next = engine.step(Step.draw(session, sampling, feed)).token();
                feed = new int[] {next};
                left = model.tokenizer().ends().contains(next) ? 0 : left - 1;
                if (left == 0 && model.tokenizer().ends().contains(next)) {
                    next = -1;
                }
                if (left == 0) {
                    session.close();
                }
            }
            return next >= 0;
        }

        @Override
        public NDList next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the model has ended");
            }
            NDArray token = arrays.create(new long[] {next});
            next = -1;
            return new NDList(token);
        }
    }
}
