/** The vector store: (content hash, model) to embedding, and the nearest ones to a query. */
package ai.postdev.dragon.lake.vector;
