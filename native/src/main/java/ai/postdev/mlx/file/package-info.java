/** Readers of model files, which are hostile until they were checked. */
package ai.postdev.mlx.file;
