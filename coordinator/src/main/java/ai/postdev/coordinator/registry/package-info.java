/** What the nodes of the cluster are, hold and can do, as every node knows it. */
package ai.postdev.coordinator.registry;
