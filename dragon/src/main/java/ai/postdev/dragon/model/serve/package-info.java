/** The keeper of a node's language models: requests through the queue to slots, each of which owns a worker process. */
package ai.postdev.dragon.model.serve;
