package ai.postdev.mlx;

/**
 * How the engine of a process is set up.
 *
 * @param device where it computes
 * @param threads threads of OpenBLAS on a CPU, 1 to 256; more than one only pays on a machine that is otherwise idle
 * @param cacheBytes how much freed memory MLX keeps for reuse, 0 to keep none
 * @param prefillChunk how many tokens of a prompt are fed between two looks at other work and at cancellation, 16 to
 *     4,096; more is a little faster, less answers sooner
 * @param selfCheck whether to measure a product of matrices when it opens and to warn when it is far too slow
 */
public record MlxSettings(MlxDevice device, int threads, long cacheBytes, int prefillChunk, boolean selfCheck) {
    /** Refuses values out of bounds. */
    public MlxSettings {
        if (threads < 1 || threads > 256) {
            throw new IllegalArgumentException("threads must be 1 to 256, not " + threads);
        }
        if (cacheBytes < 0) {
            throw new IllegalArgumentException("cacheBytes must not be negative: " + cacheBytes);
        }
        if (prefillChunk < 16 || prefillChunk > 4096) {
            throw new IllegalArgumentException("prefillChunk must be 16 to 4096, not " + prefillChunk);
        }
    }

    /** The best device, one thread, 256 MiB of reuse, chunks of 128 tokens, with the self-check. */
    public static MlxSettings standard() {
        return new MlxSettings(MlxDevice.BEST, 1, 256L << 20, 128, true);
    }
}
