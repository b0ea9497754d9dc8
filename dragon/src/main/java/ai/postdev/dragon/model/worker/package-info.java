/** The process that runs one model for a node, and the node's end of it. Knows no actors. */
package ai.postdev.dragon.model.worker;
