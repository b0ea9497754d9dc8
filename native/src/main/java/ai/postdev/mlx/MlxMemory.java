package ai.postdev.mlx;

/**
 * What MLX holds in this process, in bytes.
 *
 * @param active in use by models, sessions and arrays
 * @param peak the most that was active since the last {@link MlxEngine#trimMemory()}
 * @param cached freed, but kept for reuse
 */
public record MlxMemory(long active, long peak, long cached) {}
