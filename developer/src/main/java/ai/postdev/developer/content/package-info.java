/**
 * What may be remembered of a file and in which form: {@link ai.postdev.developer.content.Decoder} makes text of bytes,
 * {@link ai.postdev.developer.content.SecretFiles} names the files that are never read, and
 * {@link ai.postdev.developer.content.Redactor} cuts credentials out of everything else. Plain classes, safe on any
 * thread.
 */
package ai.postdev.developer.content;
