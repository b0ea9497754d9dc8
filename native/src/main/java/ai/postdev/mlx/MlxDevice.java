package ai.postdev.mlx;

/** Where MLX computes. */
public enum MlxDevice {
    /** The GPU where this build of MLX sees one, else the CPU. */
    BEST,
    /** The CPU, with 32-bit floats. */
    CPU,
    /** The GPU, with bfloat16 and quantised weights; an error where there is none. */
    GPU
}
