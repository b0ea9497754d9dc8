/**
 * The portable form of a project's operations and texts: lines of JSON, compressed. An export is one such stream, a
 * backup is several. docs/reference/export.md describes it for other readers.
 */
package ai.postdev.dragon.lake.portable;
