/** The metadata store: typed nodes and edges with validity intervals, and settings. */
package ai.postdev.dragon.lake.metadata;
