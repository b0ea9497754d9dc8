/** Texts to tokens and back. */
package ai.postdev.mlx.token;
