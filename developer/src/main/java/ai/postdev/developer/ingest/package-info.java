/**
 * From the disk to what the lake stores, without actors: which files belong to a project, what is in them, who the
 * project is, and what git remembers of it. Everything here blocks and belongs on the watch dispatcher.
 */
package ai.postdev.developer.ingest;
