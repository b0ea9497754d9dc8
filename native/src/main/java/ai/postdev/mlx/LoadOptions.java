package ai.postdev.mlx;

import java.util.Objects;
import java.util.function.LongConsumer;

/**
 * How a model is loaded.
 *
 * @param maxContext the most tokens one session may hold, at least 1; the model's own limit where that is less
 * @param weights what becomes of quantised weights
 * @param progress called on the loading thread with the bytes of the file that were read so far
 */
public record LoadOptions(int maxContext, WeightPolicy weights, LongConsumer progress) {
    /** What becomes of quantised weights. */
    public enum WeightPolicy {
        /** Kept on a GPU; turned into 32-bit floats on a CPU, where quantised products are slow. */
        BY_DEVICE,
        /** Kept where MLX can hold them without loss. */
        KEEP_QUANTISED,
        /** Turned into floats. */
        FLOAT
    }

    /** Refuses values out of bounds. */
    public LoadOptions {
        Objects.requireNonNull(weights, "weights");
        Objects.requireNonNull(progress, "progress");
        if (maxContext < 1) {
            throw new IllegalArgumentException("maxContext must be at least 1, not " + maxContext);
        }
    }

    /** The model's own context, weights by device, silent. */
    public static LoadOptions standard() {
        return new LoadOptions(Integer.MAX_VALUE, WeightPolicy.BY_DEVICE, bytes -> {});
    }

    /** The same with another policy for weights. */
    public LoadOptions withWeights(WeightPolicy policy) {
        return new LoadOptions(maxContext, policy, progress);
    }
}
