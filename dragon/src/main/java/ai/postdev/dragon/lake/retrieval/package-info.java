/**
 * Answers from captured views: search, recall and related. Nothing here changes anything, knows an actor or keeps state
 * between two requests, except small caches.
 */
package ai.postdev.dragon.lake.retrieval;
