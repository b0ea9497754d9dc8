/**
 * The language that all nodes speak: operations and their durable bytes, ids and clocks, the protocols of actors that
 * several modules talk to, and the wire formats. It depends on nothing else of ours.
 */
package ai.postdev.actors;
