/**
 * Which request for a model goes next, and which model is loaded for it: a pure state machine. Nothing here knows actors,
 * clocks, threads or engines.
 */
package ai.postdev.dragon.model.queue;
