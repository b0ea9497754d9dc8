package ai.postdev.mlx.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractSymbolBlock;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import ai.postdev.mlx.MlxEncoder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An encoder as a block: token numbers [texts, width] and a mask of the same shape give one vector for each text, the mean
 * of its tokens' vectors.
 */
public final class MlxEncoderBlock extends AbstractSymbolBlock {
    private final MlxEncoder encoder;

    MlxEncoderBlock(MlxEncoder encoder) {
        this.encoder = encoder;
    }

    /** The encoder, with its tokenizer. */
    public MlxEncoder encoder() {
        return encoder;
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> options) {
        NDArray ids = inputs.get(0);
        long[] numbers = ids.toType(DataType.INT64, false).toLongArray();
        long[] mask =
                inputs.size() > 1 ? inputs.get(1).toType(DataType.INT64, false).toLongArray() : new long[0];
        int width = (int) ids.getShape().get(ids.getShape().dimension() - 1);
        List<int[]> texts = new ArrayList<>();
        for (int from = 0; from < numbers.length; from += width) {
            int length = width;
            while (mask.length > 0 && length > 0 && mask[from + length - 1] == 0) {
                length--;
            }
            texts.add(Arrays.stream(numbers, from, from + length)
                    .mapToInt(Math::toIntExact)
                    .toArray());
        }
        List<float[]> vectors = encoder.embedTokens(texts, MlxEncoder.Pooling.MEAN, false);
        FloatBuffer rows = FloatBuffer.allocate(texts.size() * encoder.dimensions());
        vectors.forEach(rows::put);
        Shape shape = new Shape(texts.size(), encoder.dimensions());
        return new NDList(ids.getManager().create(rows.flip(), shape, DataType.FLOAT32));
    }

    /** The weights live on MLX's side and are not trained. */
    @Override
    public ParameterList getDirectParameters() {
        throw new UnsupportedOperationException("the engine MLX does not train; its weights are not DJL's parameters");
    }
}
