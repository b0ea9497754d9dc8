/**
 * How a node starts, finds, trusts and reaches others: the home directory, keys, configuration, the actor system with its
 * cluster membership, and the management port.
 */
package ai.postdev.cluster;
