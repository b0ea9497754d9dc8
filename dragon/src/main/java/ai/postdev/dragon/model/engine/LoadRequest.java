package ai.postdev.dragon.model.engine;

import java.nio.file.Path;

/**
 * How a model is to be loaded.
 *
 * @param file of the weights, the first one of several
 * @param context tokens of one generation, prompt and answer together; at least 1
 * @param sequences generations at the same time; at least 1
 * @param threads that compute; at least 1
 * @param tuning how the engine goes about its work
 */
public record LoadRequest(Path file, int context, int sequences, int threads, StepSettings tuning) {
    public LoadRequest {
        if (context < 1 || sequences < 1 || threads < 1) {
            throw new IllegalArgumentException("context, sequences and threads must be at least 1, found " + context
                    + ", " + sequences + ", " + threads);
        }
    }

    /** With the tuning that is shipped. */
    public LoadRequest(Path file, int context, int sequences, int threads) {
        this(file, context, sequences, threads, StepSettings.shipped());
    }
}
