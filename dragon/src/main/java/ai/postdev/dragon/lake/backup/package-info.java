/**
 * Backups of projects in a folder: parts, which are portable streams named by their SHA-256, and for each moment a
 * manifest that names the parts that hold it. The format stands in docs/reference/export.md.
 */
package ai.postdev.dragon.lake.backup;
