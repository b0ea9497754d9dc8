/**
 * MLX for Java: whole models in C++ behind a small face. It knows no actors and nothing else of ours. Start at
 * {@link ai.postdev.mlx.MlxEngine}.
 */
package ai.postdev.mlx;
