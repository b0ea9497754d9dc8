/**
 * The room of the native engine: MLX in C++ behind a small JNI face, and the DJL engine "MLX" on top of it. It knows
 * no actors and nothing else of ours; it is empty until the models move in.
 */
package ai.postdev.mlx;
