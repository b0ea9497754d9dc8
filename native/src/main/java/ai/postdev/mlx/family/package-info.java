/** What the families of models have in common, and how their files say it. */
package ai.postdev.mlx.family;
