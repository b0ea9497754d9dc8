/**
 * MLX as an engine of the Deep Java Library, named "MLX": arrays, models, predictors and token streams. Nothing but DJL's
 * own interfaces is needed to use it; see docs/guides/mlx-from-djl.md.
 */
package ai.postdev.mlx.djl;
